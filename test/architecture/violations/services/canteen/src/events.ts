// bites: events-speak-contracts
import { randomUUID } from 'node:crypto';

export const saleRecorded = randomUUID;
