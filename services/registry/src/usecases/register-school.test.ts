import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRegistry, type Registry, schoolId } from '../../test/given.ts';
import { registerSchool } from './register-school.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(() => registry.database.close());

const register = (name: string) => registry.database.transact({ schoolId }, (tx) => registerSchool(tx, { code: '79000701', name }));

test('a school is made known once, and renamed when its name changes', async () => {
  await register('Trường Tiểu học Hoa Phượng');
  expect(await register('Trường Tiểu học Hoa Phượng')).toEqual({
    ok: true,
    value: { id: schoolId, code: '79000701', name: 'Trường Tiểu học Hoa Phượng' },
  });
  await register('Trường Tiểu học Hoa Sen');
  expect(await registry.announced()).toMatchObject([
    { $case: 'schoolRegistered', value: { school: { schoolId, code: '79000701', name: 'Trường Tiểu học Hoa Phượng' } } },
    { $case: 'schoolRegistered', value: { school: { schoolId, name: 'Trường Tiểu học Hoa Sen' } } },
  ]);
});
