import { Allergen } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { CheckOutcome, FoodCategory, KitchenBook, SampleForm, type ServedDish } from '@schoolbell/contracts/school/canteen/v1/kitchen';
import { v7 as uuidv7 } from 'uuid';
import type { Clients } from '../../start/clients.ts';
import { failureOf } from '../failure.ts';
import { present } from '../long-work.ts';
import type { Cast } from './cast.ts';

/** What the kitchen writes down on a replayed morning, from the delivery to the open serving. */
export interface KitchenDay {
  receive(): Promise<string>;
  cook(): Promise<string>;
  portion(): Promise<string>;
  /** Answers why it may not be opened; empty where it is. */
  open(): Promise<string>;
  takeSamples(): Promise<string>;
  /** The printed book of the samples. */
  print(): Promise<{ fileName: string; pdf: Uint8Array }>;
}

const passed = CheckOutcome.PASSED;
const cook = 'Nguyễn Thị Tường Vỹ';

export function kitchenDay({ canteen }: Clients, { date, meal }: Cast): KitchenDay {
  const servingId = uuidv7();
  let dishes: readonly ServedDish[] = [];
  let portions = 0;
  const ingredientIds: string[] = [];
  const entry = () => ({ recordId: uuidv7(), checkedBy: cook, replaces: '', reason: '', recordedAt: undefined, recordedBy: '' });
  /** A moment ago: whoever writes it down has done it. */
  const justNow = (ms = 500) => new Date(Date.now() - ms);
  return {
    async receive() {
      const ingredients = [
        { name: 'bánh mì', allergens: [Allergen.GLUTEN] },
        { name: 'thịt', allergens: [] },
      ];
      const fallback = [{ dishId: uuidv7(), name: 'Bánh mì thịt', ingredients }];
      const { menu } = await canteen.getMenu({ date, meal }).catch(() => ({ menu: undefined }));
      const planned = { servingId, date, meal, dishes: menu ? [] : fallback, portions: 0 };
      const serving = present((await canteen.planServing(planned)).serving);
      ({ dishes, portions } = serving);
      const foods = menu
        ? [...new Set(menu.dishes.flatMap(({ ingredients }) => ingredients.map(({ name }) => name)))]
        : ['bánh mì', 'thịt'];
      const checks = foods.map((food) => {
        const each = entry();
        ingredientIds.push(each.recordId);
        const supplier = { supplierName: 'Cửa hàng thực phẩm sạch Minh Tâm', supplierContact: '12 Trần Hưng Đạo; 028 3838 1234' };
        const papers = {
          invoiceNo: 'HĐ 0012345',
          veterinaryPaper: '',
          quarantinePaper: '',
          producer: '',
          expiresOn: '',
          storage: 'Ngăn mát',
        };
        return {
          ...{ entry: each, food, category: FoodCategory.FRESH, receivedAt: justNow(), quantityThousandths: 12_500, unit: 'kg' },
          ...{ ...supplier, deliverer: 'Trần Văn Hùng', ...papers, sensory: passed, quickTest: passed, action: '' },
        };
      });
      await canteen.checkIngredients({ servingId, checks });
      return `${foods.length} foods in, step 1 passed`;
    },
    async cook() {
      for (const { dishId } of dishes) {
        const times = { preparedAt: justNow(400), cookedAt: justNow(100) };
        const looks = { people: passed, equipment: passed, premises: passed, sensory: passed, action: '' };
        await canteen.checkCooking({ servingId, check: { entry: entry(), dishId, ingredientIds, portions, ...times, ...looks } });
      }
      return `${dishes.length} dishes cooked, step 2 passed`;
    },
    async portion() {
      for (const { dishId } of dishes) {
        const times = { portionedAt: justNow(50), eatingAt: new Date(Date.now() + 60_000) };
        const looks = { containers: 'Khay inox có nắp', hygiene: passed, sensory: passed, action: '' };
        await canteen.checkPortioning({ servingId, check: { entry: entry(), dishId, portions, ...times, ...looks } });
      }
      return 'portioned, step 3 passed';
    },
    async open() {
      try {
        await canteen.openServing({ servingId });
        return '';
      } catch (error) {
        const { code } = failureOf(error);
        if (code !== 'SERVING_NOT_READY') throw error;
        const { missing } = await canteen.getServing({ servingId, date: '', meal: 0 });
        return `not opened: ${missing.length} records are missing`;
      }
    },
    async takeSamples() {
      for (const { dishId } of dishes) {
        const kept = { form: SampleForm.SOLID, amount: 120, container: 'Hộp inox có nắp', celsiusTenths: 45, takenAt: justNow(20) };
        const sample = { entry: entry(), servingId, dishId, ...kept, destroyableFrom: undefined, destroyed: undefined };
        await canteen.takeSample({ sample });
      }
      return `${dishes.length} samples kept for 24 h`;
    },
    async print() {
      const { fileName, pdf } = await canteen.printBook({ book: KitchenBook.SAMPLES, from: date, until: date, meal });
      return { fileName, pdf };
    },
  };
}
