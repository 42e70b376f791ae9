import { Client } from '@grpc/grpc-js';
import { notFound } from '../../packages/contracts/src/index.ts';

console.log(Client, notFound);
