import { type Money, type SchoolDate, vnd } from '@schoolbell/kernel';
import { type TestDatabase, testDatabase } from '@schoolbell/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everySchool, type Session } from '../session.ts';
import { collection, type DocumentOf, index, unique } from './collection.ts';
import * as stored from './fields.ts';
import { lockRows } from './lock-rows.ts';
import { rowsOf } from './rows.ts';

const { as, day, dong, flag, flat, id, instant, list, maybe, number, optional, or, part, states, text } = stored;

type Line = { readonly name: string; readonly price: Money; readonly note: string };
type Order = {
  readonly id: string;
  readonly total: Money;
  readonly credit: Money;
  readonly dueOn: SchoolDate;
  readonly remark: string | undefined;
  readonly discount: Money | undefined;
  readonly seenAt?: Date;
  readonly lines: readonly Line[];
  readonly tags: readonly string[];
  readonly window: { readonly from: Date; readonly until: Date | undefined };
  readonly version: number;
} & (
  | { readonly status: 'OPEN' }
  | { readonly status: 'PAID'; readonly paidAt: Date; readonly by: 'CASH' }
  | { readonly status: 'PAID'; readonly paidAt: Date; readonly by: 'CARD'; readonly card: { readonly last: string } }
);

const order = {
  id,
  total: dong,
  credit: or(dong, vnd(0n)),
  dueOn: as('due', day),
  remark: maybe(text),
  discount: maybe(dong),
  seenAt: optional(instant),
  lines: list(part({ name: text, price: dong, note: or(text, '') })),
  tags: or(list(text), []),
  window: flat({ from: as('windowFrom', instant), until: as('windowUntil', maybe(instant)) }),
  version: number,
  status: states({
    OPEN: {},
    PAID: { paidAt: instant, by: states({ CASH: {}, CARD: { card: part({ last: text }) } }) },
  }),
};
const orders = collection('orders', order, {
  beside: { place: text, running: maybe(flag) },
  indexes: [unique({ schoolId: 1, place: 1 }), index({ due: 1 }, { running: true })],
});

const at = new Date('2026-11-30T01:00:00Z');
const open: Order = {
  ...{ id: 'o-1', total: vnd(9_000_000_000n), credit: vnd(0n), dueOn: '2026-11-30' as SchoolDate, remark: undefined, discount: undefined },
  ...{ lines: [], tags: [], window: { from: at, until: undefined }, version: 1, status: 'OPEN' },
};
const paid: Order = {
  ...{ ...open, id: 'o-2', credit: vnd(-5n), remark: '', discount: vnd(0n), seenAt: at, tags: ['a', ''] },
  lines: [
    { name: '$bread', price: vnd(1n), note: '' },
    { name: '', price: vnd(0n), note: 'warm' },
  ],
  ...{ window: { from: at, until: at }, status: 'PAID', paidAt: at, by: 'CARD', card: { last: '1234' } },
};

const purses = collection('purses', { id, version: number, owner: text });
const locks = lockRows('locks', 'taken');
const makeTx = (session: Session) => ({
  orders: rowsOf(session, orders),
  purses: rowsOf(session, purses),
  lock: (key: string) => locks.take(session, key),
});
let database: TestDatabase<ReturnType<typeof makeTx>>;
beforeAll(async () => {
  database = await testDatabase([orders, purses, locks], makeTx);
});
afterAll(() => database.close());
const school = { schoolId: 'school-a' };

test('what is written is read again as it was, and absent is absent on both sides', async () => {
  await database.transact(school, async (tx) => {
    tx.orders.insert(open, { place: '1' });
    tx.orders.insert(paid, { place: '2', running: true });
  });
  const found: Order[] = await database.read(school, (tx) => tx.orders.all({}, { sort: { _id: 1 } }));
  expect(found).toStrictEqual([open, paid]);
  expect(await database.db.collection('orders').find().sort({ _id: 1 }).toArray()).toStrictEqual([
    {
      ...{ _id: 'o-1', total: 9_000_000_000n, due: '2026-11-30', lines: [], windowFrom: at, version: 1, status: 'OPEN' },
      ...{ place: '1', schoolId: 'school-a' },
    },
    {
      ...{ _id: 'o-2', total: 9_000_000_000n, credit: -5n, due: '2026-11-30', remark: '', discount: 0n, seenAt: at, tags: ['a', ''] },
      lines: [
        { name: '$bread', price: 1n },
        { name: '', price: 0n, note: 'warm' },
      ],
      ...{ windowFrom: at, windowUntil: at, version: 1, status: 'PAID', paidAt: at, by: 'CARD', card: { last: '1234' } },
      ...{ place: '2', running: true, schoolId: 'school-a' },
    },
  ]);
});

describe('a stored document that cannot be read', () => {
  const whole: DocumentOf<typeof orders> = {
    ...{ _id: 'o-3', schoolId: 'school-a', place: '3', total: 1n, due: '2026-11-30', lines: [], windowFrom: at, version: 1 },
    ...{ status: 'PAID', paidAt: at, by: 'CASH' },
  };
  const read = (document: object) => () => orders.read({ ...whole, ...document });

  test.each([
    ['a field of all', { total: undefined }, 'orders.total is missing in document o-3'],
    ['a field of its state', { paidAt: undefined }, 'orders.paidAt is missing in document o-3'],
    ['a field of a state within a state', { by: 'CARD' }, 'orders.card is missing'],
    ['a field of a part', { by: 'CARD', card: {} }, 'orders.card.last is missing'],
    ['a field of an element', { lines: [{ name: 'secret' }] }, 'orders.lines[].price is missing'],
  ])('is named with the path when it lacks %s', (_, document, message) => {
    expect(read(document)).toThrow(message);
  });

  test('is named, but not its value, when it is in no known state', () => {
    expect(read({ status: 'secret' })).toThrow(/^orders\.status is none of OPEN, PAID in document o-3$/);
    expect(read({ by: 'toString' })).toThrow('orders.by is none of CASH, CARD');
  });
});

test('a write passes the check that is made from the fields: each of its type, and one of the values where they are named', () => {
  const check = (document: object) => () => orders.check({ ...orders.write(open, { place: '4' }), schoolId: 'a', ...document });
  expect(check({})).not.toThrow();
  expect(check({ status: 'LOST' })).toThrow('orders.status must be one of OPEN, PAID');
  expect(check({ lines: [{ name: 'x', price: 1 }] })).toThrow('orders.lines[].price must be BigInt');
  expect(check({ place: undefined })).toThrow('orders.place must be a value');
  expect(check({ dueOn: 'x' })).toThrow('orders.dueOn is not in the schema');
});

test('the indexes are those that were declared', () => {
  expect(orders.schema.indexes()).toMatchObject([
    [{ schoolId: 1, place: 1 }, { unique: true }],
    [{ due: 1 }, { partialFilterExpression: { running: true } }],
  ]);
});

test('pages follow each other without a gap, and the last one says so', async () => {
  const scope = { schoolId: 'school-pages' };
  const owners = ['An', 'Bình', 'Chi'].map((owner, at) => ({ id: `p-${3 - at}`, version: 1, owner }));
  await database.transact(scope, async (tx) => owners.forEach((each) => void tx.purses.insert(each)));
  const page = (after: string, by?: 'owner') => database.read(scope, (tx) => tx.purses.page({}, { after, size: 2 }, by));
  expect(await page('')).toMatchObject({ rows: [{ id: 'p-1' }, { id: 'p-2' }], next: 'p-2' });
  expect(await page('p-2')).toMatchObject({ rows: [{ id: 'p-3' }], next: undefined });
  expect(await page('', 'owner')).toMatchObject({ rows: [{ owner: 'An' }, { owner: 'Bình' }], next: 'Bình' });
  const schools = await database.read({ schoolId: everySchool }, (tx) => tx.purses.schools({ owner: 'Chi' }));
  expect(schools).toEqual(['school-pages']);
});

test('an object that another service announced stays as its newest version says', async () => {
  const scope = { schoolId: 'school-followed' };
  const follow = (owner: string, version: number) =>
    database.transact(scope, async (tx) => tx.purses.follow({ id: 'p-9', owner, version }, { version }));
  await follow('$new', 2);
  await follow('old', 1);
  expect(await database.read(scope, (tx) => tx.purses.one({ _id: 'p-9' }))).toEqual({ id: 'p-9', owner: '$new', version: 2 });
});

test('of two transactions that take the lock row of one thing, the second sees what the first wrote', async () => {
  const scope = { schoolId: 'school-locked' };
  const addUnlessThere = (purse: string) =>
    database.transact(scope, async (tx) => {
      tx.lock('the purse of An');
      if ((await tx.purses.all({ owner: 'An' })).length === 0) tx.purses.insert({ id: purse, version: 1, owner: 'An' });
    });
  await Promise.all([addUnlessThere('p-10'), addUnlessThere('p-11')]);
  expect(await database.read(scope, (tx) => tx.purses.all({ owner: 'An' }))).toHaveLength(1);
});
