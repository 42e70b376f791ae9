// bites: config-stands-alone
import { sale } from './edges/sale.ts';

export const config = sale;
