import { isUuid, type SchoolDate, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, type InvoiceRun, invoiceFor, invoiceIdFor } from './invoice-run.ts';

const at = new Date('2026-11-21T02:00:00Z');
const run: InvoiceRun = {
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
const pupil = (id: string) => ({ id, name: 'Bùi Thanh Giang', classId: 'c', className: '1A', enrolled: true });

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

test('a full chunk moves the run on, a short one ends it with the true count', () => {
  const invoices = ['s1', 's2'].map((id) =>
    invoiceFor(run, { ...pupil(id), id: `0198c1de-6c1e-7b5e-9c1a-0000000000${id.padStart(2, '0').replace('s', '0')}` }, at),
  );
  const students = invoices.map(({ studentId }) => pupil(studentId));
  const moved = advance(run, invoices, { chunkSize: 2, students, at });
  expect(moved).toMatchObject({ status: 'RUNNING', issued: 2, total: vnd(200n), cursor: invoices[1]?.studentId, version: 2, pupils: 3 });
  const done = advance(moved, [], { chunkSize: 2, students: [], at });
  expect(done).toMatchObject({ status: 'DONE', doneAt: at, issued: 2, pupils: 2, cursor: invoices[1]?.studentId });
});
