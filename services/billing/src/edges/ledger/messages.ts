import type { AccountBalance } from '@schoolbell/contracts/school/billing/v1/billing';
import type { Movement } from '../../domain/ledger/ledger.ts';
import { moneyMessage } from '../../events.ts';

export function balanceMessage({ account, debit, credit }: Movement): AccountBalance {
  return { account, debits: moneyMessage(debit), credits: moneyMessage(credit) };
}
