import { schoolDateOf } from '@schoolbell/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import type { GuardianPage } from './guardians.ts';

const lan = '79000701000001,Phan Lan,Mẹ,0915896980,,vi,x';
const nam = '79000701000001,Phan Nam,Bố,0915896981,,vi,x';
const mai = '79000701000002,Phan Mai,Dì,0915896982,,vi,x';

let registry: Registry;
let studentIds: string[] = [];
beforeAll(async () => {
  registry = await openRegistry();
  await registry.take('ROSTER', rosterOf([{}, {}]));
  const pupils = await registry.database.read({ schoolId }, (tx) => tx.pupils.page({ includeLeft: false, after: '', size: 10 }));
  studentIds = pupils.rows.map(({ id }) => id);
  await registry.take('CONTACTS', contactsOf([lan, nam, mai]));
  await registry.take('CONTACTS', contactsOf([nam]));
});
afterAll(() => registry.database.close());

const names = (page: Partial<GuardianPage>, as = schoolId) =>
  registry.database.read({ schoolId: as }, async (tx) => {
    const { rows } = await tx.guardians.page({ today: schoolDateOf(tx.now), after: '', size: 100, ...page });
    return rows.map(({ fullName }) => fullName);
  });

test('a school lists everybody, with what they were', async () => {
  expect(await names({})).toEqual(['Phan Lan', 'Phan Nam', 'Phan Mai']);
  expect(await names({}, otherSchoolId)).toEqual([]);
});

test('a pupil lists those who are answerable now', async () => {
  expect(await names({ studentId: studentIds[0] })).toEqual(['Phan Nam']);
  expect(await names({ studentId: studentIds[1] })).toEqual(['Phan Mai']);
  expect(await names({ studentId: studentIds[0] }, otherSchoolId)).toEqual([]);
});
