// bites: stories-are-black-boxes
import { invoices } from '../../services/billing/src/store/invoices.ts';

console.log(invoices);
