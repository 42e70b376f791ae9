// bites: production-never-imports-tests
import { given } from '../../../../packages/testkit/src/index.ts';

export const pretended = given;
