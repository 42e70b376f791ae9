import type { Words } from '@schoolbell/service-kit';
import type { Missing } from '../../domain/kitchen/serving-gate.ts';

const steps: Readonly<Record<Missing['what'], Words>> = {
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

/** Names step by step the dishes that lack something: in words, and for programs as a fact of each step. */
export function missingWords(missing: readonly Missing[]): { readonly missing: Words } {
  const byStep = Map.groupBy(missing, ({ what }) => what);
  const lacking = (Object.keys(steps) as Missing['what'][]).flatMap((what) => {
    const dishes = byStep.get(what)?.flatMap((one) => ('dish' in one ? [one.dish.name] : []));
    return dishes ? [{ what, names: shortened(dishes) }] : [];
  });
  const inWords = (language: keyof Words) =>
    lacking.map(({ what, names }) => [steps[what][language], names].filter(Boolean).join(': ')).join('; ');
  const facts = Object.fromEntries(lacking.map(({ what, names }) => [what, names]));
  return { ...facts, missing: { vi: inWords('vi'), en: inWords('en') } };
}

const mostNames = 4;

/** Trailers are short: it only counts the names that do not fit. */
function shortened(dishes: readonly string[]): string {
  const shown = dishes.slice(0, mostNames).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return [...shown, ...(dishes.length > mostNames ? [`+${dishes.length - mostNames}`] : [])].join(', ');
}
