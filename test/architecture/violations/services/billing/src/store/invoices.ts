import { plumbing } from '../../../../packages/service-kit/src/index.ts';
import { invoice } from '../domain/invoice.ts';

export const invoices = { plumbing, invoice };
