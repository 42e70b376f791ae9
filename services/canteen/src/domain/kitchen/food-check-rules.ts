import type { SchoolDate } from '@schoolbell/kernel';

/** How sure a number is: read in the law itself, read in a practice that cites it, or common sense of a kitchen. */
export type RuleMark = 'VERIFIED' | 'SECONDARY' | 'ASSUMED';

/** A number of food safety with its source, from a day on. */
type Dated = {
  readonly value: number;
  readonly mark: RuleMark;
  readonly citation: string;
  readonly effectiveFrom: SchoolDate;
  readonly effectiveUntil: SchoolDate | undefined;
};

export type FoodRules = {
  /** A meal of so many portions needs a sample of each dish. */
  readonly samplesFromPortions: number;
  /** Hours from the moment of sampling for which a sample must be kept. */
  readonly keepSampleHours: number;
  readonly leastSolidGrams: number;
  readonly leastLiquidMillilitres: number;
  /** Tenths of a degree Celsius: 20 is 2 °C. */
  readonly coldestTenths: number;
  readonly warmestTenths: number;
  /** Days before the meal on which fresh food, or goods that keep, may have come in. */
  readonly freshDaysBefore: number;
  readonly dryDaysBefore: number;
};

const decision1246 = 'QĐ 1246/QĐ-BYT ngày 31-3-2017 (kiểm thực ba bước và lưu mẫu); TT 30/2012/TT-BYT (sổ kiểm thực, lưu mẫu)';
const decisionDay = '2017-03-31' as SchoolDate;
const checklist = 'Bảng kiểm bếp ăn trường học, mục 85-87; mẫu của QĐ 1246/QĐ-BYT';
const fridge = 'Yêu cầu của một bếp ăn trường mầm non công lập (tủ lưu mẫu 2-8 °C)';
const kitchenPractice = 'Thông lệ bếp ăn; chưa có văn bản quy định';

type Rows = readonly [Dated, ...Dated[]];

function since(value: number, mark: RuleMark, citation: string): Rows {
  return [{ value, mark, citation, effectiveFrom: decisionDay, effectiveUntil: undefined }];
}

/** Every number of food safety. A new decision closes a row and adds one; meals of the old row's days stay judged by it. */
const foodRules: Readonly<Record<keyof FoodRules, Rows>> = {
  samplesFromPortions: since(30, 'VERIFIED', decision1246),
  keepSampleHours: since(24, 'VERIFIED', decision1246),
  leastSolidGrams: since(100, 'SECONDARY', checklist),
  leastLiquidMillilitres: since(150, 'SECONDARY', checklist),
  coldestTenths: since(20, 'SECONDARY', fridge),
  warmestTenths: since(80, 'SECONDARY', fridge),
  freshDaysBefore: since(3, 'ASSUMED', kitchenPractice),
  dryDaysBefore: since(365, 'ASSUMED', kitchenPractice),
};

/** The numbers that hold for a meal of `day`; of a day before the first rule, the first one. */
export function foodRulesOn(day: SchoolDate): FoodRules {
  const on = (name: keyof FoodRules) => rowOn(name, day).value;
  return {
    samplesFromPortions: on('samplesFromPortions'),
    keepSampleHours: on('keepSampleHours'),
    leastSolidGrams: on('leastSolidGrams'),
    leastLiquidMillilitres: on('leastLiquidMillilitres'),
    coldestTenths: on('coldestTenths'),
    warmestTenths: on('warmestTenths'),
    freshDaysBefore: on('freshDaysBefore'),
    dryDaysBefore: on('dryDaysBefore'),
  };
}

/** The source of the number, for the refusal that cites it. */
export function foodCitationOn(name: keyof FoodRules, day: SchoolDate): string {
  return rowOn(name, day).citation;
}

function rowOn(name: keyof FoodRules, day: SchoolDate): Dated {
  const [first, ...later] = foodRules[name];
  return (
    [first, ...later].find(({ effectiveFrom, effectiveUntil }) => effectiveFrom <= day && (!effectiveUntil || day < effectiveUntil)) ??
    first
  );
}
