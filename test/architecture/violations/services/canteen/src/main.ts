// bites: proto-at-edges-and-events
import { notFound } from '../../../packages/contracts/src/index.ts';

export const main = notFound;
