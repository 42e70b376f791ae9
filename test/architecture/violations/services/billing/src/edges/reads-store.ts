// bites: edges-never-touch-store
import { invoices } from '../store/invoices.ts';

export const read = invoices;
