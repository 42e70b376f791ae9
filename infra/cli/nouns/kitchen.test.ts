import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Allergen, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import {
  CheckOutcome,
  FoodCategory,
  FoodSample,
  GetServingResponse,
  IngredientCheck,
  KitchenBook,
  ListedSample,
  MenuDifference,
  MissingKind,
  SampleForm,
  ServedDish,
  Serving,
  ServingStatus,
} from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FarEnd, openFarEnd } from '../test/far-end.ts';

const id = (nth: number) => `0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a${nth}`;
const servingId = id(10);
const { PASSED, FAILED } = CheckOutcome;
const at = (hour: string) => new Date(`2026-11-20T${hour}:00+07:00`);
const mealOf = ['--date', '2026-11-20'];
const by = ['--by', 'Nguyễn Thị Vỹ'];

const serving = Serving.create({
  ...{ servingId, date: '2026-11-20', meal: Meal.LUNCH, portions: 412, status: ServingStatus.PREPARING },
  dishes: [
    { dishId: 'fish', name: 'Cá thu sốt cà chua', ingredients: [{ name: 'cá thu', allergens: [Allergen.FISH] }] },
    { dishId: 'soup', name: 'Canh bí đỏ' },
  ],
});
const food = (recordId: string, name: string, sensory: CheckOutcome = PASSED, replaces = '') =>
  IngredientCheck.create({ entry: { recordId, replaces, checkedBy: 'Vỹ' }, food: name, sensory, receivedAt: at('05:40') });

let far: FarEnd;
beforeEach(async () => {
  far = await openFarEnd();
  far.answers.getServing = () => GetServingResponse.create({ serving });
});
afterEach(() => far.close());

test('a meal is shown with what keeps it from being served, and every record with its id and what became of it', async () => {
  const missing = [{ kind: MissingKind.COOKING, dish: ServedDish.create({ name: 'Cá thu sốt cà chua' }) }];
  const menuDifference = MenuDifference.create({ version: 2, notServed: ['Cá kho'], notOnMenu: ['Cá thu sốt cà chua'] });
  const ingredients = [food(id(20), 'Cá thu tươi', FAILED), food(id(21), 'Cá thu tươi', FAILED, id(20)), food(id(22), 'Cà chua')];
  far.answers.getServing = () => GetServingResponse.create({ serving, missing, ingredients, menuDifference });
  const { exit, out } = await far.run('kitchen', 'show', '--date', '2026-11-20');
  expect(exit).toBe(0);
  expect(far.asked).toMatchObject([{ request: { servingId: '', date: '2026-11-20', meal: Meal.LUNCH } }]);
  expect(out).toContain('preparing');
  expect(out).toMatch(/cooking +Cá thu sốt cà chua/);
  expect(out).toMatch(/Dishes +Cá thu sốt cà chua, Canh bí đỏ \(content unknown\)/);
  expect(out).toMatch(/version 2[\s\S]*Not served +Cá kho\nNot on the menu +Cá thu sốt cà chua\n/);
  expect(out).toMatch(new RegExp(`step 1 +Cá thu tươi +2026-11-20 05:40:00 +Vỹ +put right +${id(20)}`));
  expect(out).toMatch(new RegExp(`Vỹ +failed +${id(21)}\n`));
  expect(out).toMatch(new RegExp(`Cà chua .*Vỹ +passed +${id(22)}\n`));
});

test('a meal is opened by its day and name', async () => {
  far.answers.openServing = () => ({ serving: { ...serving, status: ServingStatus.OPEN } });
  const { out } = await far.run('kitchen', 'open', '--meal', 'snack', '--json');
  expect(JSON.parse(out)).toMatchObject({ status: 'SERVING_STATUS_OPEN', openedAt: null });
  expect(far.asking('getServing')).toMatchObject([{ meal: Meal.SNACK }]);
  expect(far.asking('openServing')).toEqual([{ servingId }]);
});

test('a meal is planned from menu and count, or as it is said; the same plan sent again is the same to the letter', async () => {
  far.answers.planServing = () => ({ serving });
  await far.run('kitchen', 'plan', ...mealOf);
  const snack = [
    'kitchen',
    'plan',
    ...mealOf,
    '--meal',
    'snack',
    '--dish',
    'Bánh mì: bánh mì [gluten], thịt',
    '--portions',
    '120',
    '--id',
    servingId,
  ];
  expect((await far.run(...snack)).out).toMatch(/Portions +412/);
  await far.run(...snack);
  const [usual, said, again] = far.asking('planServing');
  expect(usual).toMatchObject({ date: '2026-11-20', meal: Meal.LUNCH, dishes: [], portions: 0 });
  expect(said).toMatchObject({ servingId, meal: Meal.SNACK, portions: 120 });
  const [bread] = (said?.dishes ?? []) as ServedDish[];
  expect(bread).toMatchObject({ name: 'Bánh mì', ingredients: [{ name: 'bánh mì', allergens: [Allergen.GLUTEN] }, { name: 'thịt' }] });
  expect(again).toEqual(said);
});

test('a dish goes by its name and another comes, for a reason', async () => {
  far.answers.changeDishes = () => ({ serving });
  const change = ['kitchen', 'dishes', ...mealOf, '--reason', 'Cá không đạt'];
  expect((await far.run(...change, '--off', 'cá thu sốt cà chua', '--add', 'Trứng chiên: trứng gà [eggs]', '--add', 'Canh: ?')).exit).toBe(
    0,
  );
  expect(far.asking('changeDishes')).toMatchObject([
    {
      ...{ servingId, takenOff: ['fish'], reason: 'Cá không đạt' },
      added: [
        { name: 'Trứng chiên', ingredients: [{ name: 'trứng gà', allergens: [Allergen.EGGS] }] },
        { name: 'Canh', ingredients: [] },
      ],
    },
  ]);
  expect(await far.run(...change, '--off', 'Phở')).toMatchObject({ exit: 1, err: expect.stringContaining('"Canh bí đỏ"') });
  expect(await far.run(...change, '--add', 'Phở')).toMatchObject({ exit: 2, err: expect.stringContaining('"Phở: ?" where nobody knows') });
  expect(await far.run(...change)).toMatchObject({ exit: 2, err: expect.stringContaining('--add or --off') });
});

test('step 1 writes down a food with its papers; what failed is named, the rest was looked at and passed', async () => {
  far.answers.checkIngredients = ({ checks }) => ({ checks });
  const check = ['kitchen', 'check', 'Cá thu tươi', ...mealOf, '--category', 'fresh', '--unit', 'kg', '--supplier', 'Minh Tâm', ...by];
  const { exit, out } = await far.run(...check, '--quantity', '12,5', '--received-at', '05:40', '--quick-test', '--id', id(20));
  expect({ exit, out }).toEqual({ exit: 0, out: `Step 1 of Cá thu tươi is recorded: ${id(20)}\n` });
  await far.run(...check, '--quantity', '8', '--failed', 'sensory', '--action', 'Trả lại', '--replaces', id(20), '--reason', 'Nhầm cân');
  const [first, second] = far.asking('checkIngredients').map(({ checks }) => (checks as IngredientCheck[])[0]);
  expect(first).toMatchObject({
    ...{ food: 'Cá thu tươi', category: FoodCategory.FRESH, quantityThousandths: 12_500, unit: 'kg', supplierName: 'Minh Tâm' },
    ...{ receivedAt: at('05:40'), sensory: PASSED, quickTest: PASSED, entry: { recordId: id(20), checkedBy: 'Nguyễn Thị Vỹ' } },
  });
  expect(second).toMatchObject({
    ...{ quantityThousandths: 8_000, sensory: FAILED, quickTest: CheckOutcome.UNSPECIFIED, action: 'Trả lại' },
    entry: { replaces: id(20), reason: 'Nhầm cân' },
  });
});

test.each([
  ['12.500', 'Write 12500, or 12.5'],
  ['1.000', 'Write 1000, or 1.0'],
  ['12.5.1', 'It must be a number'],
  ['-3', 'It must be a number'],
  ['một', 'It must be a number'],
])('a quantity of "%s" is asked back before anything is written down', async (quantity, words) => {
  const facts = ['--category', 'fresh', '--unit', 'kg', '--supplier', 'Minh Tâm', ...by];
  expect(await far.run('kitchen', 'check', 'Cá', ...facts, `--quantity=${quantity}`)).toMatchObject({
    exit: 2,
    err: expect.stringContaining(words),
  });
  expect(far.asked).toEqual([]);
});

test('step 2 is made of foods by name: of a food that was put right or came again, what stands and passed', async () => {
  const first = [food(id(20), 'Cá thu tươi'), food(id(21), 'Cá thu tươi', PASSED, id(20)), food(id(22), 'Cà chua', FAILED)];
  far.answers.getServing = () => GetServingResponse.create({ serving, ingredients: [...first, food(id(23), 'Cà chua')] });
  far.answers.checkCooking = ({ check }) => ({ check });
  const cook = ['kitchen', 'cook', 'Cá thu sốt cà chua', ...mealOf, '--prepared-at', '08:10', '--cooked-at', '09:50', ...by];
  const { exit } = await far.run(
    ...cook,
    '--ingredient',
    'cá thu tươi',
    '--ingredient',
    'Cà chua',
    '--failed',
    'people',
    '--action',
    'Rửa tay',
  );
  expect(exit).toBe(0);
  expect(far.asking('checkCooking')).toMatchObject([
    {
      servingId,
      check: {
        ...{ entry: { checkedBy: 'Nguyễn Thị Vỹ' }, dishId: 'fish', ingredientIds: [id(21), id(23)] },
        ...{ portions: 412, preparedAt: at('08:10'), cookedAt: at('09:50'), action: 'Rửa tay' },
        ...{ people: FAILED, equipment: PASSED, premises: PASSED, sensory: PASSED },
      },
    },
  ]);
  expect(await far.run(...cook, '--ingredient', 'Tôm')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('"Cá thu tươi", "Cà chua"'),
  });
  expect(await far.run(...cook, '--ingredient', 'Cà chua', '--failed', 'taste')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('people, equipment, premises, sensory'),
  });
});

test('step 3 and the sample are written down for a dish by its name', async () => {
  far.answers.checkPortioning = ({ check }) => ({ check });
  far.answers.takeSample = ({ sample }) => ({ sample: { ...(sample as FoodSample), destroyableFrom: new Date('2026-11-21T03:20:00Z') } });
  const dish = ['Canh bí đỏ', ...mealOf, ...by];
  const times = ['--portioned-at', '10:15', '--eating-at', '10:40'];
  await far.run('kitchen', 'portion', ...dish, ...times, '--containers', 'Khay inox', '--portions', '400');
  expect(far.asking('checkPortioning')).toMatchObject([
    {
      servingId,
      check: {
        ...{ entry: { checkedBy: 'Nguyễn Thị Vỹ' }, dishId: 'soup', portions: 400, portionedAt: at('10:15'), eatingAt: at('10:40') },
        ...{ containers: 'Khay inox', hygiene: PASSED, sensory: PASSED },
      },
    },
  ]);
  const kept = ['--amount', '200', '--liquid', '--container', 'Hộp inox', '--celsius', '4,5', '--taken-at', '10:20', '--id', id(30)];
  const { out } = await far.run('kitchen', 'sample', ...dish, ...kept);
  expect(out).toBe(`The sample of Canh bí đỏ is kept until 2026-11-21 10:20:00: ${id(30)}\n`);
  expect(far.asking('takeSample')).toMatchObject([
    { sample: { servingId, dishId: 'soup', form: SampleForm.LIQUID, amount: 200, celsiusTenths: 45, takenAt: at('10:20') } },
  ]);
  expect(await far.run('kitchen', 'sample', ...dish, ...kept, '--celsius', '4.55')).toMatchObject({ exit: 2 });
});

test('samples that may go are listed, and gone they are written down with a witness', async () => {
  far.answers.listSamples = () => ({
    samples: [ListedSample.create({ date: '2026-11-20', meal: Meal.LUNCH, dishName: 'Canh chua', held: true })],
    page: { nextToken: '' },
  });
  const { out } = await far.run('kitchen', 'samples', '--due');
  expect(far.asking('listSamples')).toMatchObject([{ due: true }]);
  expect(out).toMatch(/Canh chua.+held/);
  far.answers.destroySample = ({ destruction }) => ({ sample: FoodSample.create({ destroyed: destruction as FoodSample['destroyed'] }) });
  const gone = await far.run('kitchen', 'destroy', id(30), ...by, '--witness', 'Trần Văn Hùng', '--at', '2026-11-21T10:30:00+07:00');
  expect(gone.out).toBe('The sample is gone since 2026-11-21 10:30:00, seen by Trần Văn Hùng.\n');
  expect(far.asking('destroySample')).toMatchObject([
    { sampleId: id(30), destruction: { destroyedBy: 'Nguyễn Thị Vỹ', witness: 'Trần Văn Hùng' } },
  ]);
  expect(await far.run('kitchen', 'destroy', id(30), ...by)).toMatchObject({ exit: 2, err: expect.stringContaining('--witness') });
});

test('the nurse holds the samples of a meal, and lets them go by a paper: the one hold there is, or the named one', async () => {
  const hold = (holdId: string, releasedAt?: Date) => ({ holdId, reason: 'Đau bụng', heldAt: at('13:00'), document: '', releasedAt });
  const held =
    (...holds: object[]) =>
    () =>
      GetServingResponse.create({ serving: { ...serving, holds } });
  far.answers.holdSamples = () => ({ serving: { ...serving, holds: [hold(id(40))] } });
  far.answers.releaseSamples = () => ({ serving });
  expect((await far.run('kitchen', 'hold', ...mealOf, '--reason', 'Đau bụng')).out).toContain('since 2026-11-20 13:00:00: Đau bụng');
  expect(far.asked.at(-1)).toMatchObject({ rpc: 'holdSamples', authorization: 'Bearer nurse-token' });
  const release = ['kitchen', 'release', ...mealOf, '--document', 'CV 45'];
  expect(await far.run(...release)).toMatchObject({ exit: 1, err: 'Nobody holds the samples of this meal.\n' });
  far.answers.getServing = held(hold(id(41), at('14:00')), hold(id(42)));
  expect((await far.run(...release)).exit).toBe(0);
  far.answers.getServing = held(hold(id(41)), hold(id(42)));
  expect(await far.run(...release)).toMatchObject({ exit: 1, err: expect.stringContaining(`${id(41)} (Đau bụng), ${id(42)}`) });
  expect((await far.run(...release, '--hold', id(41))).exit).toBe(0);
  expect(far.asking('releaseSamples').map(({ holdId, document }) => [holdId, document])).toEqual([
    [id(42), 'CV 45'],
    [id(41), 'CV 45'],
  ]);
});

test('a book is written where it was asked for', async () => {
  far.answers.printBook = () => ({ pdf: Buffer.from('%PDF-1.3'), fileName: 'kiem-thuc-buoc-1_2026-11-20.pdf', rows: 15 });
  const file = join(far.folder, 'book.pdf');
  const { out } = await far.run('kitchen', 'book', '--book', 'step1', '--date', '2026-11-20', '--out', file, '--json');
  expect(JSON.parse(out)).toEqual({ file, rows: 15, bytes: 8 });
  expect(readFileSync(file, 'utf8')).toBe('%PDF-1.3');
  expect(far.asking('printBook')).toMatchObject([{ book: KitchenBook.STEP1, from: '2026-11-20', until: '', meal: Meal.UNSPECIFIED }]);
  const nowhere = await far.run('kitchen', 'book', '--book', 'step1', '--out', join(far.folder, 'no', 'book.pdf'));
  expect(nowhere.exit).toBe(2);
});

test('there are five books', async () => {
  expect((await far.run('kitchen', 'book', '--book', 'step4')).exit).toBe(2);
});

test('the kitchen puts a meal on again by the code of the pupil, and a parent cuts one', async () => {
  far.answers.findPupils = ({ codes }) => ({ pupils: (codes as string[]).map((code, nth) => ({ code, studentId: id(50 + nth) })) });
  const pupils = ['--pupil', '79000701000001', '--pupil', '79000701000002', ...mealOf];
  far.answers.restoreMeals = far.answers.cancelMeals = () => ({ bookings: [] });
  expect((await far.run('meals', 'restore', ...pupils, '--reason', 'Em đến lớp lúc 8:00', '--as', 'kitchen')).exit).toBe(0);
  expect((await far.run('meals', 'cancel', ...pupils, '--reported-at', '06:40', '--as', 'parent')).exit).toBe(0);
  expect(far.asking('findPupils')).toEqual(Array(2).fill({ codes: ['79000701000001', '79000701000002'] }));
  expect(far.asking('restoreMeals')).toMatchObject([{ studentIds: [id(50), id(51)], reason: 'Em đến lớp lúc 8:00' }]);
  expect(far.asking('cancelMeals')).toMatchObject([{ studentIds: [id(50), id(51)], reportedAt: at('06:40') }]);
  expect(far.asked.at(-1)?.authorization).toBe('Bearer parent-token');
});
