import { equal, isPositive, isZero, type Money, plus, zero } from '@schoolbell/kernel';

/** Money on one side of one account; exactly one of the two sides is not zero, and none is negative. */
export type Posting = { readonly account: Account; readonly debit: Money; readonly credit: Money };

/**
 * An account is a path: `clearing:vnpay`, `receivable:<student>`, `credit:<student>`, `wallet:<student>`, `revenue:<FEE_CODE>`,
 * `meals:<MEAL>`, `subsidy:<SOURCE>`, `suspense:unapplied`.
 */
export type Account = string & { readonly __account: never };

export const ledgerKinds = [
  'INVOICE_ISSUED',
  'INVOICE_VOIDED',
  'MONEY_RECEIVED',
  'MONEY_SUSPENDED',
  'SUSPENSE_RESOLVED',
  'MEAL_CREDITED',
  'MEAL_CREDIT_REVERSED',
  'CREDIT_APPLIED',
  'REFUND_PAID',
] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** One entry of the double-entry ledger, all its postings in one document. Never changed, never deleted: a correction is another entry. */
export type LedgerTxn = {
  readonly id: string;
  /** What it books, unique within the school: a second booking of the same thing cannot be stored. */
  readonly reference: string;
  readonly kind: LedgerKind;
  /** When it happened in the world. */
  readonly effectiveAt: Date;
  /** When it was written down. */
  readonly postedAt: Date;
  /** What led to it: a notice, a call, an invoice run. */
  readonly causationId: string;
  readonly postings: readonly Posting[];
};

/** What an account has seen, both sides apart. */
export type Movement = { readonly account: Account; readonly debit: Money; readonly credit: Money };

export const suspense = 'suspense:unapplied' as Account;
export const clearing = (gateway: string): Account => `clearing:${gateway}` as Account;
export const receivable = (studentId: string): Account => `receivable:${studentId}` as Account;
export const credit = (studentId: string): Account => `credit:${studentId}` as Account;
export const wallet = (studentId: string): Account => `wallet:${studentId}` as Account;
export const revenue = (feeCode: string): Account => `revenue:${feeCode}` as Account;
/** Collected for food and owed to the kitchen in full (thu hộ, chi hộ): never the school's revenue. */
export const meals = (meal: string): Account => `meals:${meal}` as Account;
/** What public money owes for lunches. */
export const subsidy = (source: string): Account => `subsidy:${source}` as Account;

/** True for accounts that every pupil's money passes through, where one row would make all payments of a school wait for each other. */
export function isSchoolWide(account: Account): boolean {
  return schoolWide.some((prefix) => account.startsWith(prefix));
}

const schoolWide = ['clearing:', 'revenue:', 'meals:', 'subsidy:', 'suspense:'];

export function debited(account: Account, amount: Money): Posting {
  return { account, debit: amount, credit: zero };
}

export function credited(account: Account, amount: Money): Posting {
  return { account, debit: zero, credit: amount };
}

/** Sides of zero are left out, so that `excess` or `applied` may be nothing. Throws when the rest does not balance: that is a bug, not a refusal. */
export function ledgerTxn(txn: LedgerTxn): LedgerTxn {
  const postings = txn.postings.filter((posting) => !(isZero(posting.debit) && isZero(posting.credit)));
  if (postings.length < 2) throw new Error(`Ledger entry ${txn.reference} has fewer than two postings`);
  for (const posting of postings) {
    if (isPositive(posting.debit) === isPositive(posting.credit) || !(isZero(posting.debit) || isZero(posting.credit))) {
      throw new Error(`Ledger entry ${txn.reference} has a posting on ${posting.account} that is not on one side only`);
    }
  }
  const debits = postings.reduce((total, posting) => plus(total, posting.debit), zero);
  const credits = postings.reduce((total, posting) => plus(total, posting.credit), zero);
  if (debits.minorUnits !== credits.minorUnits) {
    throw new Error(`Ledger entry ${txn.reference} does not balance: ${debits.minorUnits} debited, ${credits.minorUnits} credited`);
  }
  return { ...txn, postings };
}

/** The same postings with their sides swapped. */
export function reversed(postings: readonly Posting[]): Posting[] {
  return postings.map(({ account, debit, credit }) => ({ account, debit: credit, credit: debit }));
}

/** What some entries do to each account, one row per account. */
export function movements(txns: readonly LedgerTxn[]): Movement[] {
  const byAccount = new Map<Account, Movement>();
  for (const { account, debit, credit } of txns.flatMap((txn) => txn.postings)) {
    const before = byAccount.get(account) ?? { account, debit: zero, credit: zero };
    byAccount.set(account, { account, debit: plus(before.debit, debit), credit: plus(before.credit, credit) });
  }
  return [...byAccount.values()];
}

/** Accounts whose two sums differ, by name. */
export function unlike(posted: readonly Movement[], balances: readonly Movement[]): string[] {
  const left = new Map(balances.map((balance) => [balance.account, balance]));
  const wrong = posted.filter(({ account, debit, credit }) => {
    const balance = left.get(account);
    left.delete(account);
    return !balance || !equal(balance.debit, debit) || !equal(balance.credit, credit);
  });
  return [...wrong, ...left.values()].map(({ account }) => account).sort();
}
