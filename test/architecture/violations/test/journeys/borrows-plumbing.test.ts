// bites: journeys-hold-no-plumbing
import { plumbing } from '../../packages/service-kit/src/index.ts';

console.log(plumbing);
