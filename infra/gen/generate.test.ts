import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../command.ts';
import { apply, differences, generate, generatedFolder } from './generate.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schoolbell-generate-'));
  await mkdir(join(folder, 'proto/school/canteen/v1'), { recursive: true });
  for (const file of ['buf.yaml', 'buf.gen.yaml', 'school/common']) {
    await cp(join(root, 'proto', file), join(folder, 'proto', file), { recursive: true });
  }
});

afterEach(() => rm(folder, { recursive: true }));

function plantService(callers: string): Promise<void> {
  return writeFile(
    join(folder, 'proto/school/canteen/v1/canteen_service.proto'),
    `syntax = "proto3";
    package school.canteen.v1;
    import "school/common/v1/access.proto";
    service CanteenService {
      rpc SellMeal(SellMealRequest) returns (SellMealResponse) {${callers}}
    }
    message SellMealRequest {}
    message SellMealResponse {}`,
  );
}

const generateThere = () => generate(join(folder, 'proto'), folder);

test('an RPC that names no callers is refused by its name', async () => {
  await plantService('');
  await expect(generateThere()).rejects.toThrow('school.canteen.v1.CanteenService/SellMeal (school/canteen/v1/canteen_service.proto)');
});

test('an RPC that names nobody in particular is refused too', async () => {
  await plantService('option (school.common.v1.allow) = ROLE_UNSPECIFIED;');
  await expect(generateThere()).rejects.toThrow('do not say who may call them');
});

test('a role that does not exist is refused', async () => {
  await plantService('option (school.common.v1.allow) = ROLE_NOBODY;');
  await expect(generateThere()).rejects.toThrow('ROLE_NOBODY');
});

test('the role table holds each RPC with its callers', async () => {
  await plantService('option (school.common.v1.allow) = ROLE_KITCHEN; option (school.common.v1.allow) = ROLE_SYSTEM;');
  await generateThere();
  expect(await readFile(join(folder, generatedFolder, 'access.ts'), 'utf8')).toContain(
    `'school.canteen.v1.CanteenService/SellMeal': ['kitchen', 'system'],`,
  );
});

test('generated code that was edited, forgotten or left over is found and put right', async () => {
  await plantService('option (school.common.v1.allow) = ROLE_KITCHEN;');
  await generateThere();
  const checkout = join(folder, 'checkout');
  await cp(join(folder, 'packages'), join(checkout, 'packages'), { recursive: true });
  expect(await differences(checkout, folder)).toEqual([]);

  await writeFile(join(checkout, generatedFolder, 'access.ts'), 'edited by hand');
  await rm(join(checkout, generatedFolder, 'descriptor.binpb'));
  await writeFile(join(checkout, generatedFolder, 'old.ts'), '');
  const found = await differences(checkout, folder);
  expect(found.map(({ file, kind }) => `${kind} ${file}`).sort()).toEqual([
    'changed access.ts',
    'left over old.ts',
    'missing descriptor.binpb',
  ]);

  await apply(found, folder, checkout);
  expect(await differences(checkout, folder)).toEqual([]);
});
