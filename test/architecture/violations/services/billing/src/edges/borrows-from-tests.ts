// bites: production-never-imports-tests
import { givenInvoice } from '../../test/given.ts';

export const borrowed = givenInvoice;
