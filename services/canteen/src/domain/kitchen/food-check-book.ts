import { type SchoolDate, schoolDateOf } from '@schoolbell/kernel';
import type { Meal } from '../meals/meal.ts';
import {
  type CookingCheck,
  current,
  currentFor,
  type IngredientCheck,
  type Outcome,
  type PortioningCheck,
  type Recorded,
} from './food-check.ts';
import { type Column, cookingColumns, dryColumns, freshColumns, portioningColumns, sampleColumns } from './food-check-columns.ts';
import { type KitchenRecord, ofDish } from './food-check-order.ts';
import { degrees, type Sample } from './sample.ts';
import { dishNameOf, dishOf } from './serving.ts';

export type FoodBook = 'STEP1' | 'STEP2' | 'STEP3' | 'SAMPLES';

/** One table of a printed book: every row has a cell for each column. */
export type BookPart = { readonly title: string; readonly columns: readonly Column[]; readonly rows: readonly BookRow[] };
/** `corrections` say what each later record changed, the latest first. */
export type BookRow = { readonly recordId: string; readonly cells: readonly string[]; readonly corrections: readonly string[] };

export const mealNames: Readonly<Record<Meal, string>> = { BREAKFAST: 'Bữa sáng', LUNCH: 'Bữa trưa', SNACK: 'Bữa phụ' };

/** What a book says of one meal: the current records, each with what its corrections changed. */
export function bookParts(record: KitchenRecord, book: FoodBook): BookPart[] {
  switch (book) {
    case 'STEP1': {
      const all = record.ingredients;
      const of = (category: IngredientCheck['category']) => all.filter((check) => check.category === category);
      return [
        partOf(
          { title: 'I. Thực phẩm tươi sống, đông lạnh: thịt, cá, rau, củ, quả…', columns: freshColumns, cellsOf: freshCells, all },
          of('FRESH'),
        ),
        partOf(
          { title: 'II. Thực phẩm khô, bao gói sẵn, phụ gia thực phẩm', columns: dryColumns, cellsOf: dryCells, all },
          of('DRY_PACKAGED_ADDITIVE'),
        ),
      ];
    }
    case 'STEP2':
      return [dishPart(record, { columns: cookingColumns, all: record.cookings, cellsOf: (check) => cookingCells(record, check) })];
    case 'STEP3':
      return [
        dishPart(record, { columns: portioningColumns, all: record.portionings, cellsOf: (check) => portioningCells(record, check) }),
      ];
    case 'SAMPLES':
      return [dishPart(record, { columns: sampleColumns, all: record.samples, cellsOf: (sample) => sampleCells(record, sample) })];
  }
}

/** The people who checked, in the order in which they first did. */
export function checkersOf(record: KitchenRecord, book: FoodBook): string[] {
  const lists = { STEP1: record.ingredients, STEP2: record.cookings, STEP3: record.portionings, SAMPLES: record.samples };
  const records: readonly Recorded[] = lists[book];
  return [
    ...new Set(
      current(records)
        .toSorted(byRecording)
        .map(({ checkedBy }) => checkedBy),
    ),
  ];
}

/** Cells between the number of the row and the remark. */
type Cells<R> = (record: R) => { readonly cells: string[]; readonly remark: string; readonly tail?: string[] };

type Part<R> = {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly cellsOf: Cells<R>;
  /** Where to look for earlier records: a food may have been in the other part before. */
  readonly all: readonly R[];
};

/** Dishes in the order of the menu. */
function dishPart<R extends Recorded & { readonly dishId: string }>({ serving }: KitchenRecord, part: Omit<Part<R>, 'title'>): BookPart {
  const place = (record: R): number => serving.dishes.findIndex(({ id }) => id === record.dishId) + 1 || serving.dishes.length + 1;
  const offOf = (dishId: string) =>
    serving.changes.find(({ takenOff }) => takenOff.some(({ id }) => id === dishId) && !dishOf(serving, dishId));
  const cellsOf: Cells<R> = (record) => {
    const [row, off] = [part.cellsOf(record), offOf(record.dishId)];
    return off ? { ...row, remark: [row.remark, `Món đã bỏ: ${off.reason}`].filter((text) => text !== '').join('. ') } : row;
  };
  return partOf({ title: '', ...part, cellsOf }, part.all, place);
}

function partOf<R extends Recorded>(
  { title, columns, cellsOf, all }: Part<R>,
  records: readonly R[],
  placeOf = (_: R): number => 0,
): BookPart {
  const stands = new Set(current(all).map(({ id }) => id));
  const rootOf = (record: R): R => {
    const before = all.find(({ id }) => id === record.replaces);
    return before ? rootOf(before) : record;
  };
  const rows = records
    .filter(({ id }) => stands.has(id))
    .map((record) => ({ record, root: rootOf(record) }))
    .toSorted((a, b) => placeOf(a.root) - placeOf(b.root) || byRecording(a.root, b.root));
  return {
    title,
    columns,
    rows: rows.map(({ record }, at) => {
      const { cells, remark, tail = [] } = cellsOf(record);
      const corrections = correctionsOf(record, columns, cellsOf, all);
      const remarks = corrections.length > 0 ? [remark, 'Có đính chính, xem dưới bảng'] : [remark];
      const last = remarks.filter((text) => text !== '').join('. ');
      return { recordId: record.id, cells: [String(at + 1), ...cells, last, ...tail], corrections };
    }),
  };
}

/** "Đính chính 10:12 23-11-2026 (ghi nhầm): Khối lượng trước ghi "12 kg"", the latest correction first. */
function correctionsOf<R extends Recorded>(record: R, columns: readonly Column[], cellsOf: Cells<R>, all: readonly R[]): string[] {
  const before = all.find(({ id }) => id === record.replaces);
  if (!before) return [];
  const [now, then] = [cellsOf(record), cellsOf(before)];
  const changed = [...then.cells, then.remark].flatMap((cell, at) => {
    const column = columns[at + 1];
    if (!column || cell === [...now.cells, now.remark][at]) return [];
    return [
      `${column.group ? `${column.group} - ${column.title}` : column.title} ${cell === '' ? 'trước để trống' : `trước ghi "${cell}"`}`,
    ];
  });
  const head = `Đính chính ${momentText(record.recordedAt)} (${record.reason})`;
  return [[head, changed.join('; ')].filter((text) => text !== '').join(': '), ...correctionsOf(before, columns, cellsOf, all)];
}

function freshCells(check: IngredientCheck): ReturnType<Cells<IngredientCheck>> {
  const { food, receivedAt, supplier, invoiceNo, veterinaryPaper, quarantinePaper, sensory, quickTest, action } = check;
  const papers = [invoiceNo, veterinaryPaper, quarantinePaper];
  const cells = [
    food,
    momentText(receivedAt),
    quantityText(check),
    ...supplierCells(supplier),
    ...papers,
    outcomeText(sensory),
    outcomeText(quickTest),
  ];
  return { cells, remark: action };
}

function dryCells(check: IngredientCheck): ReturnType<Cells<IngredientCheck>> {
  const { food, producer, receivedAt, supplier, expiresOn, storage, invoiceNo, sensory, action } = check;
  const expiry = expiresOn ? dateText(expiresOn) : '';
  const came = [producer, momentText(receivedAt), quantityText(check), ...supplierCells(supplier)];
  return { cells: [food, ...came, expiry, storage, invoiceNo, outcomeText(sensory)], remark: action };
}

function supplierCells({ name, contact, deliverer }: IngredientCheck['supplier']): string[] {
  return [name, contact, deliverer];
}

function cookingCells({ serving, ingredients }: KitchenRecord, check: CookingCheck): ReturnType<Cells<CookingCheck>> {
  const { dishId, ingredientIds, portions, preparedAt, cookedAt, people, equipment, premises, sensory, action } = check;
  const used = ingredientIds.flatMap((id) => currentFor(ingredients, id) ?? []).map((one) => `${one.food} ${quantityText(one)}`);
  const looks = [people, equipment, premises, sensory].flatMap(tickCells);
  const made = [used.join('; '), String(portions), clockText(preparedAt), clockText(cookedAt)];
  return { cells: [mealNames[serving.meal], dishNameOf(serving, dishId), ...made, ...looks], remark: action };
}

function portioningCells({ serving }: KitchenRecord, check: PortioningCheck): ReturnType<Cells<PortioningCheck>> {
  const { dishId, portions, portionedAt, eatingAt, containers, hygiene, sensory, action, checkedBy, recordedAt } = check;
  const served = [String(portions), clockText(portionedAt), clockText(eatingAt), containers];
  const cells = [mealNames[serving.meal], dishNameOf(serving, dishId), ...served, ...tickCells(hygiene), ...tickCells(sensory)];
  return { cells, remark: action, tail: [checkedBy, momentText(recordedAt)] };
}

function sampleCells({ serving, cookings }: KitchenRecord, sample: Sample): ReturnType<Cells<Sample>> {
  const { dishId, form, amount, container, celsiusTenths, takenAt, checkedBy, destroyableFrom, destroyed } = sample;
  const portions = ofDish(cookings, dishId)?.portions ?? serving.portions;
  const kept = [`${amount} ${form === 'SOLID' ? 'g' : 'ml'}`, container, degrees(celsiusTenths), momentText(takenAt), checkedBy];
  const gone = destroyed ? [momentText(destroyed.destroyedAt), destroyed.destroyedBy, destroyed.witness] : ['', '', ''];
  const cells = [dishNameOf(serving, dishId), mealNames[serving.meal], String(portions), ...kept, momentText(destroyableFrom), ...gone];
  const holds = serving.holds.map(({ heldAt, release }) =>
    release
      ? `Giữ mẫu từ ${momentText(heldAt)} đến ${momentText(release.releasedAt)} theo ${release.document}`
      : `Đang giữ mẫu từ ${momentText(heldAt)}, không được hủy`,
  );
  return { cells, remark: [destroyed?.note ?? '', ...holds].filter((text) => text !== '').join('. ') };
}

function outcomeText(outcome: Outcome | undefined): string {
  if (!outcome) return '';
  return outcome === 'PASSED' ? 'Đạt' : 'Không đạt';
}

function tickCells(outcome: Outcome): string[] {
  return outcome === 'PASSED' ? ['X', ''] : ['', 'X'];
}

function quantityText({ quantityThousandths, unit }: Pick<IngredientCheck, 'quantityThousandths' | 'unit'>): string {
  return `${(quantityThousandths / 1_000).toLocaleString('vi-VN', { maximumFractionDigits: 3 })} ${unit}`;
}

/** "05:45 23-11-2026" in Vietnam's time. */
export function momentText(instant: Date): string {
  return `${clockText(instant)} ${dateText(schoolDateOf(instant))}`;
}

export function clockText(instant: Date): string {
  return instant.toLocaleTimeString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' });
}

/** "23-11-2026" */
export function dateText(date: SchoolDate): string {
  return date.split('-').toReversed().join('-');
}

function byRecording(a: Recorded, b: Recorded): number {
  return a.recordedAt.getTime() - b.recordedAt.getTime() || byText(comingOf(a), comingOf(b)) || byText(a.id, b.id);
}

/** Foods of one request were recorded in one instant; they are listed in the order in which they came in. */
function comingOf({ receivedAt, food }: Recorded & { readonly receivedAt?: Date; readonly food?: string }): string {
  return `${receivedAt?.toISOString()} ${food}`;
}

function byText(a: string, b: string): number {
  return a.localeCompare(b, 'vi');
}
