import { plumbing } from '../../../packages/service-kit/src/index.ts';
import { invoices } from './store/invoices.ts';

export const tx = { plumbing, invoices };
