import { expect, test } from 'vitest';
import { z } from 'zod';
import { type EdgeCall, type EdgeDeps, edge } from './rpc.ts';

/** A tx that says how it was opened. */
type Tx = 'READ' | 'TRANSACTION';

const deps = { transact: (_, work) => work('TRANSACTION'), read: (_, look) => look('READ') } as EdgeDeps<Tx>;
const { list } = edge<Tx>();
const answerOf = (options?: { snapshot: boolean }) =>
  list(
    z.object({}),
    async (tx) => ({ rows: [tx], next: undefined }),
    (rows) => ({ rows }),
    options,
  )({}, {} as EdgeCall, deps);

test('a query only reads, and in one transaction where all of it must be of one moment', async () => {
  expect(await answerOf()).toEqual({ ok: true, value: { rows: ['READ'], page: { nextToken: '' } } });
  expect(await answerOf({ snapshot: true })).toMatchObject({ value: { rows: ['TRANSACTION'] } });
});
