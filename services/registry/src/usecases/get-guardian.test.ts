import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactsOf, rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { getGuardian } from './get-guardian.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
  await registry.take('ROSTER', rosterOf([{}]));
  await registry.take('CONTACTS', contactsOf(['79000701000001,Phan Lan,Mẹ,0915896980,,vi,x']));
});
afterAll(() => registry.database.close());

test('a guardian is found with the file that each field came from, and by the own school only', async () => {
  const { rows } = await registry.database.read({ schoolId }, (tx) => tx.guardians.page({ after: '', size: 1, today: '' as never }));
  const [lan] = rows;
  const get = (id: string, as = schoolId) => registry.database.read({ schoolId: as }, (tx) => getGuardian(tx, id));
  const found = await get(lan?.id ?? '');
  expect(found).toMatchObject({ value: { guardian: { fullName: 'Phan Lan', phone: '+84915896980' } } });
  expect(found.ok && found.value.provenance.map(({ field, fileName }) => `${field} ${fileName}`).sort()).toEqual(
    ['fullName', 'guardianships', 'language', 'phone', 'wantsNotices'].map((field) => `${field} phu-huynh.csv`),
  );
  expect(await get(lan?.id ?? '', otherSchoolId)).toEqual({ ok: false, refusal: { code: 'GUARDIAN_NOT_FOUND' } });
  expect(await get('0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10')).toEqual({ ok: false, refusal: { code: 'GUARDIAN_NOT_FOUND' } });
});
