// bites: domain-is-pure
import type { notFound } from '../../../../packages/contracts/src/index.ts';

export type Answer = typeof notFound;
