// bites: store-speaks-domain-and-mongo
import { notFound } from '../../../../packages/contracts/src/index.ts';

export const spoken = notFound;
