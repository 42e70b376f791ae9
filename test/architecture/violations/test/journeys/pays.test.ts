import { notFound } from '../../packages/contracts/src/index.ts';
import { given } from '../../packages/testkit/src/index.ts';

console.log(notFound, given);
