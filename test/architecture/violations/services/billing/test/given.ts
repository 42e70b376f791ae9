import { given } from '../../../packages/testkit/src/index.ts';
import { issueInvoice } from '../src/usecases/issue-invoice.ts';

export const givenInvoice = { given, issueInvoice };
