// bites: tx-holds-stores
import { sale } from './edges/sale.ts';

export const tx = sale;
