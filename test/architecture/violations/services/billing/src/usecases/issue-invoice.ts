import { ok } from '../../../../packages/kernel/src/index.ts';
import { invoice } from '../domain/invoice.ts';
import { invoiceIssued } from '../events.ts';
import { tx } from '../tx.ts';

export const issueInvoice = { ok, invoice, invoiceIssued, tx };
