// bites: usecases-see-tx-and-domain
import { issueInvoice } from './issue-invoice.ts';

export const called = issueInvoice;
