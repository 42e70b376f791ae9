import { isPositive, minus, zero } from '@schoolbell/kernel';
import type { Cause } from '../ledger/booking.ts';
import { credit, credited, debited, type LedgerTxn, ledgerTxn, meals, subsidy } from '../ledger/ledger.ts';
import type { CreditChange } from './portion.ts';

/** What one change of a pupil's meal credit books. Its reference counts the entries about the portion, so none can be stored twice. */
export function creditEntry(
  studentId: string,
  change: CreditChange,
  { now, entryId, causationId, effectiveAt = now }: EntryCause,
): LedgerTxn {
  const { bookingId, meal, amount, source, entry } = change;
  const from = source === undefined ? meals(meal) : subsidy(source);
  const account = credit(studentId);
  const postings = isPositive(amount)
    ? [debited(from, amount), credited(account, amount)]
    : [debited(account, minus(zero, amount)), credited(from, minus(zero, amount))];
  return ledgerTxn({
    id: entryId,
    reference: `meal:${bookingId}:${entry}`,
    kind: isPositive(amount) ? 'MEAL_CREDITED' : 'MEAL_CREDIT_REVERSED',
    effectiveAt,
    postedAt: now,
    causationId,
    postings,
  });
}

type EntryCause = Cause & { readonly effectiveAt?: Date };
