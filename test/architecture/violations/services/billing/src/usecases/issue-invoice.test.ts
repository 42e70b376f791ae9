import { given } from '../../../../packages/testkit/src/index.ts';
import { givenInvoice } from '../../test/given.ts';
import { issueInvoice } from './issue-invoice.ts';

console.log(given, givenInvoice, issueInvoice);
