import { status } from '@grpc/grpc-js';
import { notFound } from '../../../../packages/contracts/src/index.ts';
import { issueInvoice } from '../usecases/issue-invoice.ts';

export const rpc = { status, notFound, issueInvoice };
