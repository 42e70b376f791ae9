import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenServiceClient } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import {
  CheckOutcome,
  FoodCategory,
  KitchenBook,
  MissingKind,
  SampleForm,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { addDays, ok } from '@schoolbell/kernel';
import { createLogger, type RpcServer, startRpcServer } from '@schoolbell/service-kit';
import { decodeRefusal, type RpcClient, rpcClient } from '@schoolbell/service-kit/rpc-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { type Canteen, testSchools } from '../../../test/given.ts';
import { cook, fish, shrimp, soup } from '../../../test/kitchen-facts.ts';
import { recordFromLog } from '../../../test/kitchen-log.ts';
import { pdfText } from '../../../test/pdf-text.ts';
import { bookParts } from '../../domain/kitchen/food-check-book.ts';
import { dishMessage } from '../../events.ts';
import { followSchool } from '../../usecases/roster/follow-school.ts';
import { canteenRpc } from '../rpc.ts';

const schools = testSchools();
const log = createLogger('canteen', 'silent');
const tuesday = addDays(monday, 1);
let school: Canteen;
let caller: { subject: string; roles: string[] };
let server: RpcServer;
let client: RpcClient<typeof CanteenServiceClient.service>;

beforeAll(async () => {
  const { database } = await schools.newSchool();
  const services = [canteenRpc({ ...database, now: () => at('10:50'), wake: () => {} })];
  const authenticate = async () => ok({ ...caller, schoolId: school.schoolId });
  server = await startRpcServer({ address: { host: '127.0.0.1', port: 0 }, services, authenticate, log });
  client = rpcClient(CanteenServiceClient, { address: server.address, token: () => 'any' });
});
afterAll(async () => {
  client.close();
  await server.stop(1_000);
});
beforeEach(async () => {
  school = await schools.newSchool();
  school.itIs(at('10:50'));
  caller = { subject: 'kitchen@79000701', roles: ['kitchen'] };
});

const refusalOf = async (call: Promise<unknown>) =>
  decodeRefusal(
    await call.then(
      () => 'it was accepted',
      (error: unknown) => error,
    ),
  );
const { PASSED, FAILED, UNSPECIFIED } = CheckOutcome;
const entry = (facts = {}) => ({
  ...{ recordId: crypto.randomUUID() as string, checkedBy: cook, replaces: '', reason: '', recordedAt: undefined, recordedBy: '' },
  ...facts,
});
const dishes = [fish, soup].map(dishMessage);
const plan = async (facts = {}) => {
  const asked = {
    servingId: crypto.randomUUID() as string,
    date: monday as string,
    meal: Meal.LUNCH as Meal,
    dishes,
    portions: 412,
    ...facts,
  };
  await client.planServing(asked);
  return asked.servingId;
};
const food = (facts = {}) => ({
  ...{
    entry: entry(),
    food: 'Cá thu tươi',
    category: FoodCategory.FRESH as FoodCategory,
    receivedAt: at('05:45'),
    quantityThousandths: 35_000,
    unit: 'kg',
  },
  ...{
    supplierName: 'Minh Tâm',
    supplierContact: '0903 123 456',
    deliverer: 'Hùng',
    invoiceNo: 'HĐ 1',
    veterinaryPaper: '',
    quarantinePaper: '',
  },
  ...{ producer: '', expiresOn: '', storage: '', sensory: PASSED as CheckOutcome, quickTest: UNSPECIFIED as CheckOutcome, action: '' },
  ...facts,
});
const cooked = (dishId: string, ingredientIds: string[], facts = {}) => ({
  ...{ entry: entry(), dishId, ingredientIds, portions: 412, preparedAt: at('07:30'), cookedAt: at('09:45') },
  ...{ people: PASSED, equipment: PASSED, premises: PASSED, sensory: PASSED, action: '', ...facts },
});
const portioned = (dishId: string, facts = {}) => ({
  ...{ entry: entry(), dishId, portions: 412, portionedAt: at('10:40'), eatingAt: at('11:00'), containers: 'Khay inox' },
  ...{ hygiene: PASSED, sensory: PASSED, action: '', ...facts },
});
const sample = (servingId: string, dishId: string, facts = {}) => ({
  ...{ entry: entry(), servingId, dishId, form: SampleForm.SOLID as SampleForm, amount: 120, container: 'Hộp inox', celsiusTenths: 45 },
  ...{ takenAt: at('10:30'), destroyableFrom: undefined, destroyed: undefined, ...facts },
});
const destruction = (facts = {}) => ({
  ...{ destroyedAt: at('11:00', tuesday), destroyedBy: cook, witness: 'Lê Thị Ánh Ngọc', note: '', recordedAt: undefined, recordedBy: '' },
  ...facts,
});

/** Everything a meal needs, sent over the wire; answers with the ids of its food and samples. */
async function cookMeal(servingId: string): Promise<{ foodId: string; sampleIds: string[] }> {
  const came = food();
  await client.checkIngredients({
    servingId,
    checks: [came, food({ food: 'Nước mắm', category: FoodCategory.DRY_PACKAGED_ADDITIVE, expiresOn: tuesday })],
  });
  const sampleIds: string[] = [];
  for (const { dishId } of dishes) {
    await client.checkCooking({ servingId, check: cooked(dishId, [came.entry.recordId]) });
    await client.checkPortioning({ servingId, check: portioned(dishId) });
    const taken = await client.takeSample({ sample: sample(servingId, dishId) });
    sampleIds.push(taken.sample?.entry?.recordId ?? '');
  }
  return { foodId: came.entry.recordId, sampleIds };
}

test('the day of a meal: planned, checked three times, sampled, opened; the samples are due the next day', async () => {
  const servingId = await plan();
  expect((await client.getServing({ servingId: '', date: monday, meal: Meal.LUNCH })).missing).toHaveLength(7);
  const { sampleIds } = await cookMeal(servingId);
  const { serving } = await client.openServing({ servingId });
  expect(serving).toMatchObject({ status: ServingStatus.OPEN, openedAt: at('10:50'), openedBy: 'kitchen@79000701' });
  const found = await client.getServing({ servingId, date: '', meal: Meal.UNSPECIFIED });
  expect(found).toMatchObject({
    serving,
    missing: [],
    ingredients: [{}, {}],
    cookings: [{}, {}],
    portionings: [{}, {}],
    samples: [{}, {}],
  });

  const due = () => client.listSamples({ due: true, page: undefined });
  expect((await due()).samples).toEqual([]);
  school.itIs(at('11:30', tuesday));
  expect((await due()).samples).toMatchObject([{ date: monday, meal: Meal.LUNCH, held: false }, {}]);
  const gone = await client.destroySample({ sampleId: sampleIds[0]!, destruction: destruction() });
  expect(gone.sample?.destroyed).toMatchObject({ destroyedBy: cook, recordedBy: 'kitchen@79000701' });
  expect((await due()).samples).toHaveLength(1);
});

test('a meal that lacks something says in both languages what, of which dish', async () => {
  const servingId = await plan();
  const came = food();
  await client.checkIngredients({ servingId, checks: [came] });
  await client.checkCooking({ servingId, check: cooked(fish.id, [came.entry.recordId]) });
  const open = (language: 'vi' | 'en') => refusalOf(client.openServing({ servingId }, { language }));
  expect(await open('vi')).toMatchObject({
    code: 'SERVING_NOT_READY',
    status: 9,
    message: `Chưa được phát suất ăn. Còn thiếu: bước 2: ${soup.name}; bước 3: ${fish.name}, ${soup.name}; mẫu lưu: ${fish.name}, ${soup.name}. Hãy ghi đủ rồi mở lại.`,
    facts: { COOKING: soup.name, SAMPLE: `${fish.name}, ${soup.name}` },
  });
  expect((await open('en'))?.message).toContain(`step 2: ${soup.name}; step 3: ${fish.name}`);
  const { missing } = await client.getServing({ servingId, date: '', meal: Meal.UNSPECIFIED });
  expect(missing[0]).toEqual({ kind: MissingKind.PORTIONING, dish: dishes[0] });
});

test('a meal of thirty dishes that all lack everything still gets its refusal', async () => {
  const many = Array.from({ length: 30 }, (_, at) => ({
    dishId: `d${at}`,
    name: `Món ăn có tên rất dài để thử giới hạn của phần đuôi thông báo, số ${at}`,
    ingredients: [],
  }));
  const servingId = await plan({ dishes: many });
  const refusal = await refusalOf(client.openServing({ servingId }, { language: 'vi' }));
  expect(refusal).toMatchObject({ code: 'SERVING_NOT_READY', message: expect.stringContaining('+26') });
});

test.each([
  ['a dish that was prepared before its food came', { preparedAt: at('05:00') }, 'PREPARED_BEFORE_RECEIVED'],
  ['a dish that was cooked before it was prepared', { cookedAt: at('07:00') }, 'COOKED_BEFORE_PREPARED'],
  ['a dish of tomorrow', { cookedAt: at('07:00', tuesday) }, 'CLOCK_AHEAD'],
  ['a dish made of nothing', { ingredientIds: [] }, 'INPUT_INVALID'],
  ['a dish that is on no menu', { dishId: 'pho' }, 'DISH_NOT_ON_MENU'],
  ['a dish that failed and nothing was done', { sensory: FAILED }, 'ACTION_MISSING'],
])('step 2 refuses %s', async (_, facts, code) => {
  const servingId = await plan();
  const came = food();
  await client.checkIngredients({ servingId, checks: [came] });
  expect(await refusalOf(client.checkCooking({ servingId, check: cooked(fish.id, [came.entry.recordId], facts) }))).toMatchObject({ code });
});

test.each([
  ['expired dry goods', { category: FoodCategory.DRY_PACKAGED_ADDITIVE, expiresOn: '2026-11-22' }, 'EXPIRED'],
  ['dry goods without an expiry', { category: FoodCategory.DRY_PACKAGED_ADDITIVE }, 'EXPIRY_MISSING'],
  ['nothing', { quantityThousandths: 0 }, 'INPUT_INVALID'],
  ['food that comes tomorrow', { receivedAt: at('05:00', tuesday) }, 'CLOCK_AHEAD'],
  ['a correction that does not say why', { entry: entry({ replaces: crypto.randomUUID() }) }, 'INPUT_INVALID'],
])('step 1 refuses %s', async (_, facts, code) => {
  const servingId = await plan();
  expect(await refusalOf(client.checkIngredients({ servingId, checks: [food(facts)] }))).toMatchObject({ code });
});

test('step 3 and samples refuse times that cannot be', async () => {
  const servingId = await plan();
  const { sampleIds } = await cookMeal(servingId);
  const found = await client.getServing({ servingId, date: '', meal: Meal.UNSPECIFIED });
  const putRight = { replaces: found.portionings[0]?.entry?.recordId, reason: 'Ghi nhầm giờ' };
  const portioning = (facts: object) =>
    client.checkPortioning({ servingId, check: portioned(fish.id, { entry: entry(putRight), ...facts }) });
  expect(await refusalOf(portioning({ portionedAt: at('09:00') }))).toMatchObject({ code: 'PORTIONED_BEFORE_COOKED' });
  expect(await refusalOf(portioning({ eatingAt: at('10:39') }))).toMatchObject({ code: 'EATEN_BEFORE_PORTIONED' });
  expect(await refusalOf(portioning({ eatingAt: at('10:40') }))).toBeUndefined();
  const sampled = (facts: object) =>
    client.takeSample({ sample: sample(servingId, fish.id, { entry: entry({ replaces: sampleIds[0], reason: 'Cân lại' }), ...facts }) });
  expect(await refusalOf(sampled({ amount: 99 }))).toMatchObject({ code: 'SAMPLE_TOO_SMALL', facts: { least: '100' } });
  expect(
    await refusalOf(client.destroySample({ sampleId: sampleIds[0]!, destruction: destruction({ destroyedAt: at('10:45') }) })),
  ).toMatchObject({
    code: 'SAMPLE_TOO_YOUNG',
  });
});

test('nurse and principal hold samples, the kitchen does not; an authority ends it by its paper', async () => {
  const servingId = await plan();
  const { sampleIds } = await cookMeal(servingId);
  school.itIs(at('11:30', tuesday));
  const hold = { servingId, holdId: crypto.randomUUID(), reason: 'Ba học sinh đau bụng' };
  expect(await refusalOf(client.holdSamples(hold))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
  caller = { subject: 'nurse@79000701', roles: ['nurse'] };
  expect((await client.holdSamples(hold)).serving?.holds).toMatchObject([{ reason: 'Ba học sinh đau bụng', document: '' }]);
  const destroy = () => client.destroySample({ sampleId: sampleIds[0]!, destruction: destruction() });
  expect(await refusalOf(destroy())).toMatchObject({ code: 'SAMPLE_HELD' });
  school.itIs(at('11:40', tuesday));
  await client.releaseSamples({ servingId, holdId: hold.holdId, document: 'Công văn 45/TTYT' });
  const { sample: gone } = await client.destroySample({
    sampleId: sampleIds[0]!,
    destruction: destruction({ destroyedAt: at('11:40', tuesday) }),
  });
  expect(gone?.destroyed?.witness).toBe('Lê Thị Ánh Ngọc');
});

test('nobody opens a meal around what is missing, and who has no business with food sees nothing', async () => {
  const servingId = await plan();
  for (const role of ['principal', 'system']) {
    caller = { subject: `${role}@79000701`, roles: [role] };
    expect(await refusalOf(client.openServing({ servingId }))).toMatchObject({ code: 'SERVING_NOT_READY' });
  }
  for (const role of ['teacher', 'parent', 'accountant']) {
    caller = { subject: `${role}@79000701`, roles: [role] };
    expect(await refusalOf(client.getServing({ servingId, date: '', meal: Meal.UNSPECIFIED }))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
  }
});

test('the printed books say what the log of events says, corrections included, and nothing else', async () => {
  await school.transact((tx) => followSchool(tx, { school: { id: school.schoolId, name: 'Trường Tiểu học Hoa Phượng' }, version: 1 }));
  const servingId = await plan();
  const { foodId, sampleIds } = await cookMeal(servingId);
  await client.checkIngredients({
    servingId,
    checks: [food({ quantityThousandths: 34_500, entry: entry({ replaces: foodId, reason: 'Cân lại' }) })],
  });
  await client.openServing({ servingId });
  school.itIs(at('11:30', tuesday));
  await client.destroySample({ sampleId: sampleIds[1]!, destruction: destruction() });
  const logged = recordFromLog(await school.announced(), servingId);
  expect(logged.ingredients).toHaveLength(3);

  for (const name of ['STEP1', 'STEP2', 'STEP3', 'SAMPLES'] as const) {
    const { pdf, rows, fileName } = await client.printBook({ book: KitchenBook[name], from: monday, until: '', meal: Meal.LUNCH });
    const expected = bookParts(logged, name).flatMap((part) => part.rows);
    const paper = pdfText(pdf).pages.join(' ');
    expect([name, rows, fileName]).toEqual([name, expected.length, expect.stringMatching(/^[a-z0-9-]+_2026-11-23\.pdf$/)]);
    expect(paper).toContain('Trường Tiểu học Hoa Phượng');
    for (const { cells, corrections } of expected) {
      expect(paper).toContain(
        cells
          .filter((cell) => cell !== '')
          .join(' ')
          .replaceAll('\u00a0', ' '),
      );
      for (const correction of corrections) expect(paper).toContain(correction.replaceAll('\u00a0', ' '));
    }
  }
});

test('what was cooked and what it held is known from the log of events alone, also of a dish that came later', async () => {
  const servingId = await plan();
  const change = { servingId, changeId: crypto.randomUUID(), added: [dishMessage(shrimp)], takenOff: [fish.id], reason: 'Cá không đạt' };
  const { serving } = await client.changeDishes(change);
  expect(serving?.dishes).toEqual([soup, shrimp].map(dishMessage));
  const logged = recordFromLog(await school.announced(), servingId).serving;
  expect(logged.dishes).toEqual([soup, shrimp]);
  expect(logged.changes).toMatchObject([{ added: [shrimp], takenOff: [fish] }]);
});

test('the sheet of portions is printed too, and what is not there is refused', async () => {
  school.itIs(at('06:00'));
  await school.book([school.an, school.binh]);
  const ask = (facts = {}) => client.printBook({ book: KitchenBook.PORTIONS, from: monday, until: '', meal: Meal.UNSPECIFIED, ...facts });
  expect(pdfText((await ask()).pdf).pages[0]).toContain('1 1A 2 2 2 0');
  expect(await refusalOf(ask({ from: tuesday }))).toMatchObject({ code: 'BOOK_EMPTY' });
  expect(await refusalOf(ask({ book: KitchenBook.STEP1 }))).toMatchObject({ code: 'BOOK_EMPTY' });
  expect(await refusalOf(ask({ book: KitchenBook.UNSPECIFIED }))).toMatchObject({ code: 'INPUT_INVALID', facts: { field: 'book' } });
});

test.each(['{"$ne":null}', '$gt', "' || 1==1"])('query language in an id is no id: %s', async (text) => {
  expect(await refusalOf(client.getServing({ servingId: text, date: '', meal: Meal.UNSPECIFIED }))).toMatchObject({
    code: 'INPUT_INVALID',
  });
  expect(await refusalOf(client.destroySample({ sampleId: text, destruction: destruction() }))).toMatchObject({ code: 'INPUT_INVALID' });
  const token = Buffer.from(text).toString('base64url');
  expect(await refusalOf(client.listSamples({ due: true, page: { size: 10, token } }))).toMatchObject({ code: 'INPUT_INVALID' });
});
