import { isUuid, type SchoolDate, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, chunksOf, type InvoiceRun, invoiceIdFor, isAhead } from './invoice-run.ts';

const at = new Date('2026-11-21T02:00:00Z');
const run: InvoiceRun = {
  bills: 'FEES',
  id: '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10',
  title: 'Thu tháng 11/2026',
  lines: [{ feeItemId: 'a', code: 'A', name: 'A', quantity: 2, unitPrice: vnd(50n), amount: vnd(100n) }],
  dueOn: '2026-11-30' as SchoolDate,
  classIds: [],
  startedAt: at,
  pupils: 3,
  issued: 0,
  total: zero,
  cursor: '',
  version: 1,
  status: 'RUNNING',
};

test('the same run and pupil always give the same invoice id, and it is a UUID', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (runId, studentId) => {
      const id = invoiceIdFor(runId, studentId);
      expect(isUuid(id)).toBe(true);
      expect(id[14]).toBe('8');
      expect(invoiceIdFor(runId, studentId)).toBe(id);
    }),
  );
});

test('pupils of one run never share an invoice id', () => {
  const pupils = fc.uniqueArray(fc.uuid({ version: 7 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(fc.uuid(), pupils, (runId, students) => {
      expect(new Set(students.map((student) => invoiceIdFor(runId, student))).size).toBe(students.length);
    }),
  );
});

test('the next pupils are cut into chunks without a gap, each beginning where the one before ended', () => {
  expect(chunksOf({ ...run, cursor: 's0' }, ['s1', 's2', 's3', 's4', 's5'], 2)).toEqual([
    { after: 's0', upTo: 's2' },
    { after: 's2', upTo: 's4' },
    { after: 's4', upTo: 's5' },
  ]);
  expect(chunksOf(run, [], 2)).toEqual([]);
});

test('a chunk is ahead until the run has passed it', () => {
  const chunk = { after: 's2', upTo: 's4' };
  expect(isAhead({ ...run, cursor: 's2' }, chunk)).toBe(true);
  expect(isAhead({ ...run, cursor: 's1' }, chunk)).toBe(true);
  expect(isAhead({ ...run, cursor: 's4' }, chunk)).toBe(false);
  expect(isAhead(advance(run, 's2', [], at), chunk)).toBe(false);
});

test('what was issued moves the run on, and at its end the number of pupils is the true one', () => {
  const moved = advance(run, 's4', [
    { invoices: 2, total: vnd(200n) },
    { invoices: 0, total: zero },
  ]);
  expect(moved).toMatchObject({ status: 'RUNNING', issued: 2, total: vnd(200n), cursor: 's4', version: 2, pupils: 3 });
  expect(advance(moved, 's4', [], at)).toMatchObject({ status: 'DONE', doneAt: at, issued: 2, pupils: 2, cursor: 's4' });
  expect(advance(run, 's9', [{ invoices: 5, total: vnd(500n) }])).toMatchObject({ issued: 5, pupils: 5 });
});
