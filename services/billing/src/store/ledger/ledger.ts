import { type Money, vnd } from '@schoolbell/kernel';
import { collection, index, type Page, rowsOf, type Session, stored, toPage, unique } from '@schoolbell/service-kit';
import {
  type Account,
  credit as creditOf,
  isSchoolWide,
  type LedgerTxn,
  ledgerKinds,
  type Movement,
  movements,
} from '../../domain/ledger/ledger.ts';
import type { Place } from '../../domain/ledger/seal.ts';

const { dong, id, instant, list, oneOf, part, text, textOf } = stored;

const posting = part({ account: textOf<Account>(), debit: dong, credit: dong });
const entry = {
  ...{ id, reference: text, kind: oneOf(...ledgerKinds), effectiveAt: instant, postedAt: instant },
  ...{ causationId: text, postings: list(posting) },
};

const some = { bsonType: 'long', minimum: 1 };
const none = { bsonType: 'long', minimum: 0, maximum: 0 };

/** The database itself refuses a posting that is negative, on both sides or on neither. */
const jsonSchema = {
  bsonType: 'object',
  required: ['schoolId', 'reference', 'kind', 'effectiveAt', 'postedAt', 'causationId', 'postings'],
  properties: {
    postings: {
      bsonType: 'array',
      minItems: 2,
      items: {
        bsonType: 'object',
        required: ['account', 'debit', 'credit'],
        additionalProperties: false,
        properties: { account: { bsonType: 'string' }, debit: { bsonType: 'long' }, credit: { bsonType: 'long' } },
        oneOf: [{ properties: { debit: some, credit: none } }, { properties: { debit: none, credit: some } }],
      },
    },
  },
};

export const ledger = collection('ledger', entry, {
  jsonSchema,
  indexes: [unique({ schoolId: 1, reference: 1 }), index({ schoolId: 1, postedAt: 1, _id: 1 })],
});

/** What an account has seen. `_id` is school, account and slot: school-wide accounts are spread over rows that need not wait for each other. */
export const balances = collection(
  'balances',
  { account: textOf<Account>(), debit: dong, credit: dong },
  { indexes: [index({ schoolId: 1, account: 1 })] },
);

// One row of a school-wide account would make all payments of a school wait for each other. Reading sums the rows, so any will do. Each
// transaction of a process takes the next one, which keeps them apart; with a random choice every sixth would run again.
const slots = 64;
let lastSlot = Math.floor(Math.random() * slots);

function nextSlot(): number {
  lastSlot = (lastSlot + 1) % slots;
  return lastSlot;
}

interface Totals {
  readonly debit: bigint;
  readonly credit: bigint;
}

/** Entries are appended with their balances in one go; nothing here changes or deletes an entry. */
export function ledgerStore(session: Session) {
  const entries = rowsOf(session, ledger);
  const rows = session.collection(balances);
  const known = new Map<Account, bigint>();
  const follow = (account: Account, moved: Totals): void => {
    const before = known.get(account);
    if (before !== undefined) known.set(account, before + moved.credit - moved.debit);
  };
  // One slot for a whole transaction: each further row is one more that somebody else may be writing.
  let slot: number | undefined;
  const rowsFor = (txns: readonly LedgerTxn[]) => {
    slot ??= nextSlot();
    return movements(txns).map(({ account, debit, credit }) => ({
      _id: `${session.schoolId}/${account}/${isSchoolWide(account) ? slot : 0}`,
      account,
      moved: { debit: debit.minorUnits, credit: credit.minorUnits },
    }));
  };
  return {
    append(txns: readonly LedgerTxn[]): void {
      for (const txn of txns) entries.insert(txn);
      for (const { _id, account, moved } of rowsFor(txns)) {
        rows.update({ _id }, { $inc: moved, $setOnInsert: { account } }, { upsert: true });
        follow(account, moved);
      }
    },
    /** What pupils have on their credit accounts, entries of this transaction included; read once for each. */
    async credits(studentIds: readonly string[]): Promise<ReadonlyMap<string, Money>> {
      const unread = studentIds.filter((id) => !known.has(creditOf(id)));
      if (unread.length > 0) {
        const found = await rows.find({ _id: { $in: unread.map((id) => `${session.schoolId}/${creditOf(id)}/0`) } });
        for (const { account, debit, credit } of found) known.set(account as Account, credit - debit);
        for (const id of unread) known.set(creditOf(id), known.get(creditOf(id)) ?? 0n);
      }
      return new Map(studentIds.map((id) => [id, vnd(known.get(creditOf(id)) ?? 0n)]));
    },
    /** For many pupils at once: most of their rows are new, and an insert costs a third of an upsert. */
    async appendMany(txns: readonly LedgerTxn[]): Promise<void> {
      const wanted = rowsFor(txns);
      const found = await rows.find({ _id: { $in: wanted.map(({ _id }) => _id) } }, { projection: { _id: 1 } });
      const there = new Set(found.map(({ _id }) => _id));
      for (const txn of txns) entries.insert(txn);
      for (const { _id, account, moved } of wanted) if (!there.has(_id)) rows.insert({ _id, account, ...moved });
      for (const { _id, moved } of wanted) if (there.has(_id)) rows.update({ _id }, { $inc: moved });
      for (const { account, moved } of wanted) follow(account, moved);
    },
    /** Entries behind a place, oldest first, of those posted before `before`. */
    async after(place: Place | undefined, { before, limit }: { before: Date; limit: number }): Promise<LedgerTxn[]> {
      const filter = { postedAt: { $lt: before }, ...behind(place) };
      return entries.all(filter, { sort: { postedAt: 1, _id: 1 }, limit });
    },
    /** Entries behind one place, up to and with another. */
    async between(from: Place | undefined, { postedAt, id }: Place): Promise<LedgerTxn[]> {
      const found = await entries.all({ postedAt: { $lte: postedAt }, ...behind(from) }, { sort: { postedAt: 1, _id: 1 } });
      return found.filter((txn) => txn.postedAt < postedAt || txn.id <= id);
    },
    /** Every school that has entries; for a read across schools. */
    async schools(): Promise<string[]> {
      const rows = await entries.documents.aggregate<{ _id: string }>([
        { $sort: { schoolId: 1, postedAt: 1 } },
        { $group: { _id: '$schoolId', first: { $first: '$postedAt' } } },
      ]);
      return rows.map(({ _id }) => _id);
    },
    async balances({ prefix, after, size }: { prefix: string; after: string; size: number }): Promise<Page<Movement>> {
      const found = await rows.aggregate<Totals & { _id: string }>([
        { $match: { account: { $gt: after, $gte: prefix, $lt: `${prefix}\u{10ffff}` } } },
        { $group: { _id: '$account', debit: { $sum: '$debit' }, credit: { $sum: '$credit' } } },
        { $sort: { _id: 1 } },
        { $limit: size + 1 },
      ]);
      return toPage(found.map(toMovement), size, (balance) => balance.account);
    },
    /** What the postings of each account add up to, and what its balance says. */
    async sums(): Promise<{ posted: Movement[]; balances: Movement[] }> {
      const add = { debit: { $sum: '$debit' }, credit: { $sum: '$credit' } };
      const posted = await entries.documents.aggregate<Totals & { _id: string }>([
        { $unwind: '$postings' },
        { $group: { _id: '$postings.account', debit: { $sum: '$postings.debit' }, credit: { $sum: '$postings.credit' } } },
      ]);
      const kept = await rows.aggregate<Totals & { _id: string }>([{ $group: { _id: '$account', ...add } }]);
      return { posted: posted.map(toMovement), balances: kept.map(toMovement) };
    },
    async totals(): Promise<{ debit: Movement['debit']; credit: Movement['credit'] }> {
      const [all] = await rows.aggregate<Totals>([{ $group: { _id: null, debit: { $sum: '$debit' }, credit: { $sum: '$credit' } } }]);
      // A sum of nothing is the number 0, not a long.
      return { debit: vnd(BigInt(all?.debit ?? 0n)), credit: vnd(BigInt(all?.credit ?? 0n)) };
    },
  };
}

function behind(place: Place | undefined) {
  return place ? { $or: [{ postedAt: { $gt: place.postedAt } }, { postedAt: place.postedAt, _id: { $gt: place.id } }] } : {};
}

function toMovement({ _id, debit, credit }: Totals & { _id: string }): Movement {
  return { account: _id as Account, debit: vnd(debit), credit: vnd(credit) };
}
