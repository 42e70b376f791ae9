import { notFound } from '../../../packages/contracts/src/index.ts';
import { invoice } from './domain/invoice.ts';

export const invoiceIssued = { notFound, invoice };
