// bites: usecases-see-tx-and-domain
import type { invoices } from '../store/invoices.ts';

export type Invoices = typeof invoices;
