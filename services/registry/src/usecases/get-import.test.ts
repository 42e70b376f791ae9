import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterOf } from '../../test/files.ts';
import { openRegistry, otherSchoolId, type Registry, schoolId } from '../../test/given.ts';
import { getImport } from './get-import.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await openRegistry();
});
afterAll(() => registry.database.close());

test('an import is seen as it stands, and by its own school only', async () => {
  const planned = await registry.plan('ROSTER', rosterOf([{ name: '' }, {}]));
  const see = (as: string) => registry.database.read({ schoolId: as }, (tx) => getImport(tx, planned.id));
  expect(await see(schoolId)).toEqual({ ok: true, value: planned });
  await registry.apply(planned);
  expect(await see(schoolId)).toMatchObject({ value: { status: 'APPLIED', appliedRows: 1, findings: [{ row: 2, code: 'NAME_MISSING' }] } });
  expect(await see(otherSchoolId)).toEqual({ ok: false, refusal: { code: 'IMPORT_NOT_FOUND' } });
});
