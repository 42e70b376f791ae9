import {
  Allergen,
  BookingStatus,
  CancelReason,
  Diet,
  HalfDayRule,
  LateChangeKind,
  Meal,
  PlanWaits,
} from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CanteenServiceClient } from '@schoolbell/contracts/school/canteen/v1/canteen_service';
import { ok } from '@schoolbell/kernel';
import { createLogger, type RpcServer, startRpcServer } from '@schoolbell/service-kit';
import { decodeRefusal, type RpcClient, rpcClient } from '@schoolbell/service-kit/rpc-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { at, monday } from '../../test/facts.ts';
import { type Canteen, testSchools } from '../../test/given.ts';
import { canteenRpc } from './rpc.ts';

const schools = testSchools();
const log = createLogger('canteen', 'silent');
const woken: string[] = [];
let school: Canteen;
let now: Date;
let caller: { subject: string; roles: string[] };
let server: RpcServer;
let client: RpcClient<typeof CanteenServiceClient.service>;

beforeAll(async () => {
  const { database } = await schools.newSchool();
  const services = [canteenRpc({ ...database, now: () => now, wake: (tick) => woken.push(tick) })];
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
  woken.length = 0;
  itIs(at('06:00'));
  actAs('principal');
});

const itIs = (instant: Date) => {
  now = instant;
  school.itIs(instant);
};
const actAs = (role: string, subject = `${role}@79000701`) => {
  caller = { subject, roles: [role] };
};
const refusalOf = async (call: Promise<unknown>) =>
  decodeRefusal(
    await call.then(
      () => 'it was accepted',
      (error: unknown) => error,
    ),
  );
const meals = [{ date: monday as string, meal: Meal.LUNCH as Meal }];
const order = (facts = {}) => ({ orderId: crypto.randomUUID(), studentIds: [school.an], meals, ...facts });
const vnd = (minorUnits: bigint) => ({ currencyCode: 'VND', minorUnits });
const lunch = () => client.getKitchenCount({ date: '', meal: Meal.LUNCH });
const span = { effectiveFrom: '2026-09-05', effectiveUntil: '', citation: 'Thỏa thuận' };
const price = (facts = {}) => ({ priceId: crypto.randomUUID(), meal: Meal.SNACK, price: vnd(12_000n), ...span, ...facts });
const rule = () => ({
  ...{ ruleId: crypto.randomUUID(), meal: Meal.SNACK, daysBefore: 1, time: '16:00', halfDayRule: HalfDayRule.WHOLE_DAY },
  ...span,
});
const diet = (facts = {}) => ({
  ...{
    dietId: crypto.randomUUID(),
    studentId: school.an,
    diet: Diet.STANDARD,
    note: '',
    avoided: [Allergen.EGGS, Allergen.EGGS],
    since: monday,
  },
  ...facts,
});
const setDiet = (facts = {}, may = {}) =>
  client.setDiet({ diet: diet(facts), cleared: [], noteCleared: false, ...may }, { language: 'vi' });
const menu = (facts = {}) => ({
  ...{ menuId: crypto.randomUUID(), date: monday as string, meal: Meal.LUNCH, version: 0, publishedAt: undefined },
  dishes: [{ name: 'Thịt kho trứng', ingredients: [{ name: 'Trứng gà', allergens: [Allergen.EGGS] }] }],
  ...facts,
});

test('a price and a cut-off are defined, answered and listed, and the clock is woken', async () => {
  const [wanted, until] = [price(), rule()];
  expect((await client.defineMealPrice({ price: wanted })).price).toEqual(wanted);
  expect((await client.defineCutoffRule({ rule: until })).rule).toEqual(until);
  expect((await client.listMealPrices({ meal: Meal.SNACK })).prices).toEqual([wanted]);
  expect((await client.listCutoffRules({ meal: Meal.SNACK })).rules).toEqual([until]);
  expect(woken).toEqual(['recalculations', 'recalculations']);
});

test('a meal is booked, cancelled and restored, and its count follows', async () => {
  expect((await client.bookMeals(order({ studentIds: [school.an, school.binh] }))).bookings).toMatchObject([{}, {}]);
  expect((await client.cancelMeals({ ...order(), reason: '', reportedAt: undefined })).bookings).toMatchObject([
    { studentName: 'An', price: vnd(35_000n), status: BookingStatus.CANCELLED, cutReason: CancelReason.OFFICE, cutoffAt: at('07:30') },
  ]);
  expect(await lunch()).toMatchObject({ date: monday, portions: 1, toldAtCutoff: 1, cutoffAt: at('07:30') });
  itIs(at('08:00'));
  expect((await client.restoreMeals({ ...order(), reason: 'Em đến lớp' })).bookings).toMatchObject([{ status: BookingStatus.BOOKED }]);
  expect(await lunch()).toMatchObject({
    ...{ portions: 2, toldAtCutoff: 1, cutLate: 0 },
    rows: [{ className: '1A', diet: Diet.STANDARD, portions: 2, toldAtCutoff: 1 }],
    lateChanges: [{ studentName: 'An', kind: LateChangeKind.RESTORED, heardAt: at('08:00') }],
  });
});

test('the subject of a parent is a guardian: own children, until the cut-off, with the time and what to do', async () => {
  actAs('parent', school.mother.subject);
  const { bookings } = await client.bookMeals(order());
  expect(bookings).toMatchObject([{ studentId: school.an, status: BookingStatus.BOOKED }]);
  const ofMonth = { studentId: school.an, month: '2026-11', date: '', page: undefined };
  expect((await client.listBookings(ofMonth)).bookings).toEqual(bookings);
  expect(await refusalOf(client.bookMeals(order({ studentIds: [school.binh] })))).toMatchObject({ code: 'NOT_YOUR_CHILD', status: 7 });
  expect(await refusalOf(client.listBookings({ ...ofMonth, studentId: '' }))).toMatchObject({ code: 'NOT_YOUR_CHILD' });
  itIs(at('07:30'));
  const late = await refusalOf(client.cancelMeals({ ...order(), reason: '', reportedAt: undefined }));
  expect(late).toMatchObject({ code: 'CUTOFF_PASSED', message: expect.stringMatching(/2026-11-23.*Hãy gọi văn phòng/) });
  expect(await refusalOf(client.getKitchenCount({ date: '', meal: Meal.LUNCH }))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
});

test('a teacher sees the count and no pupil; the kitchen sees who must not eat what', async () => {
  await client.publishMenu({ menu: menu() });
  actAs('nurse');
  expect((await setDiet()).diet).toMatchObject({ avoided: [Allergen.EGGS] });
  actAs('principal');
  await client.bookMeals(order());
  actAs('kitchen');
  expect(await lunch()).toMatchObject({
    ...{ menuKnown: true, careful: [{ studentName: 'An', avoided: [Allergen.EGGS], dishes: ['Thịt kho trứng'] }] },
  });
  expect((await client.listDiets({ studentId: school.an })).diets).toMatchObject([{ since: monday }]);
  actAs('teacher');
  expect(await lunch()).toMatchObject({ portions: 1, lateChanges: [], careful: [] });
  expect(await refusalOf(setDiet())).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
});

test('a menu is published, found and listed', async () => {
  const { menu: published } = await client.publishMenu({ menu: menu() });
  expect(published).toMatchObject({ version: 1, publishedAt: at('06:00'), dishes: [{ name: 'Thịt kho trứng' }] });
  expect((await client.getMenu({ date: '', meal: Meal.LUNCH })).menu).toEqual(published);
  expect((await client.listMenus({ firstDay: '', lastDay: '', page: undefined })).menus).toEqual([published]);
  expect(await refusalOf(client.getMenu({ date: '', meal: Meal.SNACK }))).toMatchObject({ code: 'MENU_NOT_FOUND', status: 5 });
});

test('menus of a week come by day, the newest version of each, page by page', async () => {
  for (const date of ['2026-11-25', '2026-11-23', '2026-11-23', '2026-12-01']) await client.publishMenu({ menu: menu({ date }) });
  const week = (token: string) => client.listMenus({ firstDay: '', lastDay: '', page: { size: 1, token } });
  const first = await week('');
  expect(first.menus).toMatchObject([{ date: '2026-11-23', version: 2 }]);
  const next = await week(first.page?.nextToken ?? '');
  expect(next).toMatchObject({ menus: [{ date: '2026-11-25' }], page: { nextToken: '' } });
});

test('a diet that forgets an allergy is refused in words that say whose, but not which: texts are logged; said so, it is dropped', async () => {
  await setDiet({ note: 'Mang theo thuốc' });
  const forgets = { diet: Diet.VEGETARIAN, avoided: [] };
  expect(await refusalOf(setDiet(forgets))).toMatchObject({
    code: 'DIET_WOULD_DROP',
    message: expect.stringContaining(`${school.an} (lớp 1A) sẽ bỏ mất điều đã ghi: 1 chất gây dị ứng, ghi chú`),
    facts: { allergens: '1', note: 'true' },
  });
  expect((await setDiet(forgets, { cleared: [Allergen.EGGS], noteCleared: true })).diet).toMatchObject({ avoided: [], note: '' });
});

test('a refusal names the meal as a person knows it, and a way that there is', async () => {
  await client.bookMeals(order());
  await school.say(school.an, {});
  actAs('parent', school.mother.subject);
  const cut = await refusalOf(client.restoreMeals({ ...order(), reason: '' }, { language: 'vi' }));
  expect(cut).toMatchObject({
    code: 'CUT_FOR_ABSENCE',
    message: expect.stringMatching(/^Suất bữa trưa ngày .*rút đơn.*giáo viên sửa điểm danh/),
  });
  expect(cut?.facts).toMatchObject({ meal: 'LUNCH' });
  actAs('principal');
  const week = [{ weekday: 1, meals: [Meal.LUNCH] }];
  const plan = () => ({
    orderId: crypto.randomUUID(),
    studentIds: [school.an],
    classId: '',
    week,
    firstDay: monday as string,
    lastDay: '',
  });
  await client.defineMealPlans(plan());
  expect((await refusalOf(client.defineMealPlans(plan(), { language: 'en' })))?.message).toMatch(
    /^The pupil .{36} \(1A\) has a plan from 2026-11-23 on/,
  );
});

test('plans are defined, listed and ended, and the clock is woken', async () => {
  const week = [{ weekday: 1, meals: [Meal.LUNCH] }];
  const asked = { orderId: crypto.randomUUID(), studentIds: [school.an], classId: '', week, firstDay: monday as string, lastDay: '' };
  const { plans } = await client.defineMealPlans(asked);
  expect(plans).toMatchObject([{ studentId: school.an, week, laidUntil: '', waitsFor: PlanWaits.UNSPECIFIED }]);
  await school.tick();
  expect((await client.listMealPlans({ studentId: school.an })).plans).toMatchObject([{ laidUntil: '2026-12-31' }]);
  const { plan } = await client.endMealPlan({ planId: plans[0]?.planId ?? '', lastDay: '2026-12-07' });
  expect(plan).toMatchObject({ lastDay: '2026-12-07', laidUntil: '2026-12-07' });
  expect(woken).toEqual(['meal-plans', 'meal-plans']);
});

test.each([
  ['order_id', { orderId: 'ABC' }],
  ['student_ids', { studentIds: [] }],
  ['meals.0.date', { meals: [{ date: '2026-02-30', meal: Meal.LUNCH }] }],
  ['meals.0.meal', { meals: [{ date: monday, meal: Meal.UNSPECIFIED }] }],
])('a field that is wrong is named: %s', async (field, changed) => {
  expect(await refusalOf(client.bookMeals(order(changed), { language: 'en' }))).toMatchObject({ code: 'INPUT_INVALID', facts: { field } });
});

test('what is wrong is said in Vietnamese to the end where Vietnamese was asked for', async () => {
  const vi = await refusalOf(client.defineMealPrice({ price: price({ price: vnd(-1n) }) }, { language: 'vi' }));
  expect(vi).toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('price.price.minor_units không hợp lệ: không được ít hơn 0'),
  });
  const plan = {
    orderId: crypto.randomUUID(),
    studentIds: [],
    classId: '',
    week: [{ weekday: 1, meals: [Meal.LUNCH] }],
    firstDay: monday,
    lastDay: '',
  };
  expect(await refusalOf(client.defineMealPlans(plan))).toMatchObject({ facts: { field: 'student_ids' } });
});

test.each(['{"$ne":null}', '$gt', "' || 1==1"])('query language in an id is an id that nobody has: %s', async (text) => {
  expect(await refusalOf(client.bookMeals(order({ studentIds: [text] })))).toMatchObject({ code: 'STUDENT_UNKNOWN' });
  expect(await refusalOf(client.endMealPlan({ planId: text, lastDay: monday }))).toMatchObject({ code: 'PLAN_NOT_FOUND' });
  expect((await client.listBookings({ studentId: text, month: '', date: '', page: undefined })).bookings).toEqual([]);
});
