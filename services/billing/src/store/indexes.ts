import { feeCodes, feeItems } from './invoices/fee-items.ts';
import { invoiceRuns } from './invoices/invoice-runs.ts';
import { invoices } from './invoices/invoices.ts';
import { balances, ledger } from './ledger/ledger.ts';
import { seals } from './ledger/seals.ts';
import { mealMonths } from './meals/meal-months.ts';
import { supportedPupils, supports } from './meals/supports.ts';
import { attempts } from './payments/attempts.ts';
import { notices } from './payments/notices.ts';
import { receipts } from './payments/receipts.ts';
import { refunds } from './payments/refunds.ts';
import { suspenseItems } from './payments/suspense.ts';
import { students } from './roster/students.ts';

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
