import { beforeEach, expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { followStudent } from './follow-student.ts';

const schools = testSchools();
let billing: Billing;
beforeEach(() => {
  billing = schools.newSchool();
});
const known = (id: string) => billing.read((tx) => tx.students.find(id));

test('the newest event wins, in whatever order events come', async () => {
  const id = await billing.given.student({ name: 'Giang', version: 2 });
  await billing.given.student({ id, name: 'Old', version: 1 });
  expect(await known(id)).toMatchObject({ name: 'Giang', enrolled: true });
  await billing.given.student({ id, name: 'Giang', enrolled: false, version: 3 });
  await billing.given.student({ id, name: 'Giang', enrolled: true, version: 2 });
  expect(await known(id)).toMatchObject({ enrolled: false });
});

test('a name is data, whatever it looks like', async () => {
  const id = await billing.given.student({ name: '$version' });
  expect(await known(id)).toMatchObject({ name: '$version' });
});

test('many events of one batch are taken in one transaction', async () => {
  const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
  await billing.transact(async (tx) => {
    for (const id of ids)
      await followStudent(tx, { student: { id, name: 'A', classId: '1a', className: '1A', enrolled: true }, version: 1 });
    for (const id of ids)
      await followStudent(tx, { student: { id, name: 'B', classId: '1a', className: '1A', enrolled: true }, version: 2 });
  });
  for (const id of ids) expect(await known(id)).toMatchObject({ name: 'B' });
});

test('an id that is no UUID is refused: invoice ids are made from it', async () => {
  const student = { id: '79000701000001', name: 'A', classId: '1a', className: '1A', enrolled: true };
  expect(await billing.transact((tx) => followStudent(tx, { student, version: 1 }))).toEqual({
    ok: false,
    refusal: { code: 'STUDENT_ID_MALFORMED' },
  });
});

test('a pupil who leaves is looked after for a refund, once however often it is told, and one who stays is not', async () => {
  const id = await billing.given.student({ leftOn: '2026-12-08', version: 2 });
  await billing.given.student({ id, leftOn: '2026-12-08', version: 2 });
  await billing.given.student();
  expect(await known(id)).toMatchObject({ enrolled: false, leftOn: '2026-12-08' });
  expect(await billing.count('refunds')).toBe(1);
});
