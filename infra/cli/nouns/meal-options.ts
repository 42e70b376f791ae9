import { Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { type Command, Option } from 'commander';
import { asDate } from '../verbs.ts';
import { enumChoices, enumText } from '../wording.ts';

export interface MealOptions {
  readonly date?: string;
  readonly meal: string;
}

export function mealOptions(command: Command): Command {
  return command.option('--date <day>', 'the day; today when left out', asDate).addOption(mealOption());
}

export function mealOption(): Option {
  return new Option('--meal <meal>', 'which meal').choices(enumChoices(Meal)).default('lunch');
}

export function mealFrom(text: string): Meal {
  return enumFrom(Meal, text) as Meal;
}

/** The value whose name was typed; the library has checked that it is one. */
export function enumFrom(values: Readonly<Record<string, number>>, text: string): number {
  return Object.values(values).find((value) => value > 0 && enumText(values, value) === text) ?? 0;
}
