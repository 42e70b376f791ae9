import { type Err, err } from '@schoolbell/kernel';
import { type WireRefusal, wireRefusal } from '@schoolbell/service-kit';
import type { Missing } from '../domain/kitchen/serving-gate.ts';
import { kitchenProblem } from './kitchen-problems.ts';
import { type KitchenRefused, kitchenTexts } from './kitchen-refusal-texts.ts';

/** The refusal as its caller hears it. */
export function refusedKitchen(refusal: KitchenRefused): Err<WireRefusal> {
  if (refusal.code === 'SERVING_NOT_READY') return err(notReady(refusal.missing));
  const told = wireRefusal<KitchenRefused>(kitchenTexts, refusal);
  if (refusal.code !== 'INPUT_INVALID') return err(told);
  const { vi } = wireRefusal<KitchenRefused>(kitchenTexts, { ...refusal, problem: kitchenProblem(refusal.problem) }).text;
  return err({ ...told, text: { ...told.text, vi } });
}

const wording: Readonly<Record<Missing['what'], { readonly vi: string; readonly en: string }>> = {
  INGREDIENTS: { vi: 'bước 1 (chưa có thực phẩm nào đạt)', en: 'step 1 (no food has passed)' },
  COOKING: { vi: 'bước 2', en: 'step 2' },
  PASSED_COOKING: {
    vi: 'món không đạt ở bước 2, sửa bản ghi hoặc bỏ món',
    en: 'failed in step 2: put the record right or take the dish off',
  },
  PASSED_INGREDIENTS: {
    vi: 'món dùng thực phẩm không đạt, sửa bản ghi hoặc bỏ món',
    en: 'made of food that failed: put a record right or take the dish off',
  },
  PORTIONING: { vi: 'bước 3', en: 'step 3' },
  PASSED_PORTIONING: {
    vi: 'món không đạt ở bước 3, sửa bản ghi hoặc bỏ món',
    en: 'failed in step 3: put the record right or take the dish off',
  },
  SAMPLE: { vi: 'mẫu lưu', en: 'the sample' },
};

/** Says step by step which dishes lack something; trailers are short, so names that do not fit are counted. */
function notReady(missing: readonly Missing[]): WireRefusal {
  const steps = (Object.keys(wording) as Missing['what'][]).flatMap((what) => {
    const found = missing.filter((one) => one.what === what);
    const dishes = found.flatMap((one) => ('dish' in one ? [one.dish.name] : []));
    return found.length > 0 ? [{ what, dishes }] : [];
  });
  const tell = (language: 'vi' | 'en') =>
    steps.map(({ what, dishes }) => [wording[what][language], namesOf(dishes)].filter(Boolean).join(': ')).join('; ');
  const row = kitchenTexts.SERVING_NOT_READY;
  const facts = Object.fromEntries(steps.map(({ what, dishes }) => [what, dishes.join(', ').slice(0, 250)]));
  const text = { vi: row.vi.replace('{missing}', tell('vi')), en: row.en.replace('{missing}', tell('en')) };
  return { code: 'SERVING_NOT_READY', status: row.status, text, facts };
}

const mostNames = 4;

function namesOf(dishes: readonly string[]): string {
  const shown = dishes.slice(0, mostNames).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return [...shown, ...(dishes.length > mostNames ? [`+${dishes.length - mostNames}`] : [])].join(', ');
}
