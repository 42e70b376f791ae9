import { expect, test } from 'vitest';
import { testSchools } from '../../../test/given.ts';
import { givenSupport } from '../../../test/support.ts';

const schools = testSchools();

test('rights come page by page, of one pupil where asked for', async () => {
  const billing = schools.newSchool();
  const pupils = [await billing.given.student(), await billing.given.student(), await billing.given.student()];
  const ids = [];
  for (const pupil of pupils) ids.push(await givenSupport(billing, pupil));
  ids.sort();
  const first = await billing.read((tx) => tx.supports.list({ after: '', size: 2 }));
  expect(first.rows.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const second = await billing.read((tx) => tx.supports.list({ after: first.next ?? '', size: 2 }));
  expect([second.rows.map(({ id }) => id), second.next]).toEqual([ids.slice(2), undefined]);
  const own = await billing.read((tx) => tx.supports.list({ studentId: pupils[0] ?? '', after: '', size: 2 }));
  expect(own.rows.map(({ studentId }) => studentId)).toEqual([pupils[0]]);
});
