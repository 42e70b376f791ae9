import { plumbing } from '../../../packages/service-kit/src/index.ts';
import { config } from './config.ts';
import { rpc } from './edges/rpc.ts';
import { invoices } from './store/invoices.ts';
import { tx } from './tx.ts';

console.log(plumbing, config, rpc, invoices, tx);
