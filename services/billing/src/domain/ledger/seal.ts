import type { LedgerTxn } from './ledger.ts';

/** SHA-256 of a text, in hex; given from outside, for the domain computes and imports nothing. */
export type Hash = (text: string) => string;

/** A stretch of one school's ledger under one chain of hashes: whoever changes, removes, adds or reorders an entry breaks it. */
export type Seal = {
  /** 1, 2, 3 … within the school. */
  readonly seq: number;
  /** Hash of the last entry before this stretch. */
  readonly previous: string;
  readonly entries: readonly SealedEntry[];
  /** The last entry: the next stretch begins behind it. */
  readonly until: Place;
};

export type SealedEntry = { readonly txnId: string; readonly hash: string };

/** Entries stand in the order of when they were written down, then of their ids. */
export type Place = { readonly postedAt: Date; readonly id: string };

export type Fault = { readonly seq: number; readonly txnId: string; readonly fault: 'CHANGED' | 'MISSING' | 'ADDED' | 'CHAIN_BROKEN' };

const beginning = '0'.repeat(64);

/** Seals what stands behind the last seal. At least one entry. */
export function sealUp(last: Seal | undefined, txns: readonly LedgerTxn[], hash: Hash): Seal {
  const previous = last ? headOf(last) : beginning;
  const end = txns.at(-1);
  if (!end) throw new Error('Nothing to seal');
  let head = previous;
  const entries = txns.map((txn) => {
    head = hash(`${head}\n${canonical(txn)}`);
    return { txnId: txn.id, hash: head };
  });
  return { seq: (last?.seq ?? 0) + 1, previous, entries, until: { postedAt: end.postedAt, id: end.id } };
}

/** The first place at which the ledger is not what was sealed; `txns` is all that stands in the stretch now. */
export function firstFault(
  seal: Seal,
  { before, txns, hash }: { before: Seal | undefined; txns: readonly LedgerTxn[]; hash: Hash },
): Fault | undefined {
  const { seq, entries } = seal;
  const previous = before ? headOf(before) : beginning;
  if (seal.previous !== previous || seq !== (before?.seq ?? 0) + 1) return { seq, txnId: entries[0]?.txnId ?? '', fault: 'CHAIN_BROKEN' };
  let head = previous;
  for (let at = 0; at < Math.max(entries.length, txns.length); at++) {
    const sealed = entries[at];
    const txn = txns[at];
    if (!sealed || (txn && !entries.some(({ txnId }) => txnId === txn.id))) return { seq, txnId: txn?.id ?? '', fault: 'ADDED' };
    if (txn?.id !== sealed.txnId) return { seq, txnId: sealed.txnId, fault: 'MISSING' };
    head = hash(`${head}\n${canonical(txn)}`);
    if (head !== sealed.hash) return { seq, txnId: txn.id, fault: 'CHANGED' };
  }
  return undefined;
}

function headOf(seal: Seal): string {
  return seal.entries.at(-1)?.hash ?? seal.previous;
}

// A list, not an object: the order of its members is the order of the text.
function canonical({ id, reference, kind, effectiveAt, postedAt, causationId, postings }: LedgerTxn): string {
  const sides = postings.map(({ account, debit, credit }) => [account, String(debit.minorUnits), String(credit.minorUnits)]);
  return JSON.stringify([id, reference, kind, effectiveAt.toISOString(), postedAt.toISOString(), causationId, sides]);
}
