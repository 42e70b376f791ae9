import { expect, test } from 'vitest';
import { noticeFor, testSchools } from '../../../test/given.ts';
import type { Invoice } from '../../domain/invoices/invoice.ts';

const schools = testSchools();

test('invoices come in the order of their ids, page by page, by pupil and by state', async () => {
  const billing = schools.newSchool();
  const studentId = await billing.given.student();
  const own = [
    await billing.given.openInvoice({ studentId }),
    await billing.given.openInvoice({ studentId }),
    await billing.given.openInvoice({ studentId }),
  ];
  const other = await billing.given.openInvoice();
  const sorted = (invoices: { id: string }[]) => invoices.map(({ id }) => id).sort();
  const list = (wanted: { studentId?: string; status?: Invoice['status']; after?: string; size?: number }) =>
    billing.read((tx) => tx.invoices.list({ after: '', size: 100, ...wanted }));

  expect((await list({})).rows.map(({ id }) => id)).toEqual(sorted([...own, other]));
  const first = await list({ studentId, size: 2 });
  const second = await list({ studentId, size: 2, after: first.next ?? '' });
  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(sorted(own));
  expect(second.next).toBeUndefined();

  await billing.receive(noticeFor(await billing.given.attempt(other)));
  expect((await list({ status: 'PAID' })).rows.map(({ id }) => id)).toEqual([other.id]);
  expect((await list({ status: 'PAID', studentId })).rows).toEqual([]);
});
