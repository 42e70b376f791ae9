// bites: domain-is-pure
import { invoices } from '../store/invoices.ts';

export const known = invoices;
