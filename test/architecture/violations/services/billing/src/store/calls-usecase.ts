// bites: store-speaks-domain-and-mongo
import { issueInvoice } from '../usecases/issue-invoice.ts';

export const called = issueInvoice;
