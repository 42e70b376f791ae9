// bites: testkit-sees-engines-only
import '../../../infra/cli/main.ts';
