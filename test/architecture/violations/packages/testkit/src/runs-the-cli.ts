// bites: testkit-sees-what-starts-things
import '../../../infra/cli/main.ts';
