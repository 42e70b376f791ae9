import { Allergen, Diet, HalfDayRule, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { addDays, parseSchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { v5 as uuidv5 } from 'uuid';
import type { Clients } from './clients.ts';

/** A week of lunches as Southern primary schools cook them; the dishes are invented, and what they hold is what they are made of. */
const lunches: readonly (readonly DemoDish[])[] = [
  [
    ['Cơm trắng', ['gạo']],
    ['Thịt kho trứng', ['thịt lợn', ['trứng gà', 'EGGS'], ['nước mắm', 'FISH']]],
    ['Canh bí đỏ', ['bí đỏ', 'thịt bằm']],
    ['Chuối', ['chuối']],
  ],
  [
    ['Cơm trắng', ['gạo']],
    ['Cá thu sốt cà chua', [['cá thu', 'FISH'], 'cà chua', 'hành lá']],
    ['Canh cải ngọt', ['cải ngọt', ['tôm khô', 'CRUSTACEANS']]],
    ['Sữa chua', [['sữa chua', 'MILK']]],
  ],
  [
    ['Cơm trắng', ['gạo']],
    ['Gà rang gừng', ['thịt gà', 'gừng', ['nước mắm', 'FISH']]],
    ['Canh mồng tơi', ['mồng tơi', ['cua đồng', 'CRUSTACEANS']]],
    ['Dưa hấu', ['dưa hấu']],
  ],
  [
    ['Mì xào bò', [['mì sợi', 'GLUTEN'], 'thịt bò', 'cải thìa', ['nước tương', 'SOYBEANS']]],
    ['Đậu hũ nhồi thịt', [['đậu hũ', 'SOYBEANS'], 'thịt lợn']],
    ['Canh rau ngót', ['rau ngót', 'thịt bằm']],
    ['Cam', ['cam']],
  ],
  [
    ['Cơm trắng', ['gạo']],
    ['Tôm rim thịt', [['tôm', 'CRUSTACEANS'], 'thịt lợn', ['nước mắm', 'FISH']]],
    ['Canh bầu', ['bầu', 'hành lá']],
    ['Đậu phộng rang', [['đậu phộng', 'PEANUTS']]],
  ],
];
type DemoDish = readonly [name: string, ingredients: readonly (string | readonly [name: string, allergen: keyof typeof Allergen])[]];

/** Of the school it was made for, the same thing has the same id at every start. */
const idOf = (schoolId: string, what: string) => uuidv5(`${schoolId} ${what}`, '6d0c6f0e-7e0b-5c57-9a53-4a0d8f3f7b21');

export interface DemoMeals {
  readonly schoolId: string;
  /** First day for which prices and cut-offs hold: "2026-09-01". */
  readonly effectiveFrom: string;
  /** When the demo school was made: its plans begin on this day. */
  readonly firstDay: string;
}

/** Lunches with a price, a cut-off and a menu for every pupil; meals are booked by canteen's clock after that. */
export async function layDownMeals(clients: Clients, { schoolId, effectiveFrom, firstDay }: DemoMeals): Promise<void> {
  const { canteen, registry } = clients;
  const dated = { meal: Meal.LUNCH, effectiveFrom, effectiveUntil: '' };
  const price = { priceId: idOf(schoolId, 'price'), price: { currencyCode: 'VND', minorUnits: 35_000n }, ...dated };
  await canteen.defineMealPrice({ price: { ...price, citation: 'Thỏa thuận với cha mẹ học sinh' } });
  const rule = { ruleId: idOf(schoolId, 'cut-off'), daysBefore: 0, time: '08:00', halfDayRule: HalfDayRule.MORNING, ...dated };
  await canteen.defineCutoffRule({ rule: { ...rule, citation: 'Nội quy bán trú của trường mẫu' } });
  await publishMenus(clients, schoolId);
  const { classes } = await registry.listClasses({ page: { size: 500, token: '' } });
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, meals: [Meal.LUNCH] }));
  // Two weeks are enough to try everything, and are laid out in seconds.
  const lastDay = addDays(parseSchoolDate(firstDay) ?? schoolDateOf(new Date()), 13);
  for (const { classId } of classes) {
    const order = { orderId: idOf(schoolId, `plans ${classId}`), studentIds: [], classId, week, firstDay, lastDay };
    await canteen.defineMealPlans(order);
  }
  await setDiets(clients, schoolId, { classId: classes[0]?.classId ?? '', since: firstDay });
}

/** Today and the week after it. */
async function publishMenus({ canteen }: Clients, schoolId: string): Promise<void> {
  const today = schoolDateOf(new Date());
  for (let ahead = 0; ahead < 7; ahead++) {
    const date = addDays(today, ahead);
    const dishes = (lunches[new Date(date).getUTCDay() % lunches.length] ?? []).map(([name, ingredients]) => ({
      name,
      ingredients: ingredients.map((each) =>
        typeof each === 'string' ? { name: each, allergens: [] } : { name: each[0], allergens: [Allergen[each[1]] as Allergen] },
      ),
    }));
    const menu = { menuId: idOf(schoolId, `menu ${date}`), date, meal: Meal.LUNCH, dishes, version: 0, publishedAt: undefined };
    await canteen.publishMenu({ menu });
  }
}

async function setDiets(
  { canteen, registry }: Clients,
  schoolId: string,
  { classId, since }: { classId: string; since: string },
): Promise<void> {
  const { pupils } = await registry.listPupils({ classId, includeLeft: false, page: { size: 3, token: '' } });
  const wishes = [
    { diet: Diet.VEGETARIAN, avoided: [], note: '' },
    { diet: Diet.STANDARD, avoided: [Allergen.PEANUTS, Allergen.CRUSTACEANS], note: 'Mang theo thuốc dị ứng' },
    { diet: Diet.STANDARD, avoided: [Allergen.MILK], note: '' },
  ];
  for (const [nth, { studentId }] of pupils.entries()) {
    const wish = wishes[nth];
    if (!wish) continue;
    const diet = { dietId: idOf(schoolId, `diet ${studentId}`), studentId, since, ...wish };
    await canteen.setDiet({ diet, cleared: [], noteCleared: false });
  }
}
