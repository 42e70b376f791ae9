import { attempts } from './attempts.ts';
import { feeCodes, feeItems } from './fee-items.ts';
import { invoiceRuns } from './invoice-runs.ts';
import { invoices } from './invoices.ts';
import { balances, ledger } from './ledger.ts';
import { mealMonths } from './meal-months.ts';
import { notices } from './notices.ts';
import { receipts } from './receipts.ts';
import { refunds } from './refunds.ts';
import { seals } from './seals.ts';
import { students } from './students.ts';
import { supportedPupils, supports } from './supports.ts';
import { suspenseItems } from './suspense.ts';

/** Every collection of billing with its indexes, which are made before traffic and asserted at start. */
export const collections = [
  students,
  feeItems,
  feeCodes,
  invoices,
  invoiceRuns,
  mealMonths,
  supports,
  supportedPupils,
  refunds,
  attempts,
  notices,
  receipts,
  suspenseItems,
  ledger,
  balances,
  seals,
];
