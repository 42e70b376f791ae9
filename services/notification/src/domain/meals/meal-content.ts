import { type Money, sum, vnd } from '@schoolbell/kernel';
import type { EndedMeal, LateMeal, MealCredited, MealCutLate, MealCutLateEnded, MealFact, MealOfDay } from '../alerts/fact.ts';
import type { Content, Row, Speech } from '../alerts/speech.ts';
import { capitalised, dayText, moneyText, timeText } from '../alerts/wording.ts';

/** Of one meal its name and day stand in the sentences and the table; several are counted in the sentences and listed in the table. */
export function ofMeal(fact: MealFact, speech: Speech): Content {
  const several = fact.meals.length > 1;
  const { facts, rows, ...content } = contentOf(fact, several, speech);
  const named = several ? { meals: mealsText(fact.meals, speech) } : whichMeal(fact.meals[0], speech);
  return { ...content, ...(several ? { texts: `${fact.kind}_SEVERAL` } : {}), facts: { ...named, ...facts }, rows };
}

function contentOf(fact: MealFact, several: boolean, speech: Speech): Content {
  switch (fact.kind) {
    case 'MEAL_CREDITED':
    case 'MEAL_CREDIT_REVERSED':
      return ofCredit(fact, several, speech);
    case 'MEAL_CUT_LATE':
      return ofCutLate(fact, several, speech);
    case 'MEAL_CUT_LATE_ENDED':
      return ofEnd(fact, several, speech);
  }
}

function ofCredit({ kind, meals, balance }: MealCredited, several: boolean, { language, say, occurredAt }: Speech): Content {
  const isCredit = kind === 'MEAL_CREDITED';
  const amount = moneyText(sum(meals.map((meal) => meal.amount)), language);
  const each = meals.map((meal): Row => [listedMeal(meal, say), moneyText(meal.amount, language)]);
  const total: Row = [say(isCredit ? 'row.credited' : 'row.takenBack'), amount];
  const account: Row[] = [
    total,
    balanceRow(balance, { language, say }),
    ...(isCredit ? [[say('row.creditedAt'), timeText(occurredAt)] as const] : []),
  ];
  const rows = [...(several ? each : mealRows(meals[0], say)), ...account];
  return { tone: isCredit ? 'credit' : 'open', highlight: amount, facts: { amount }, rows };
}

function ofCutLate({ meals }: MealCutLate, several: boolean, { language, say }: Speech): Content {
  const amount = moneyText(sum(meals.map(({ price }) => price)), language);
  const [{ cutoffAt, reportedAt }] = meals;
  const facts = { amount, cutoff: timeText(cutoffAt), reported: timeText(reportedAt) };
  const rows = several
    ? [...meals.map((meal) => lateRow(meal, { language, say })), [say('row.total'), amount] as const]
    : singleLate(meals[0], { language, say });
  return { tone: 'open', highlight: amount, facts, rows };
}

function singleLate(meal: LateMeal, { language, say }: Pick<Speech, 'language' | 'say'>): Row[] {
  return [
    ...mealRows(meal, say),
    [say('row.cutoff'), timeText(meal.cutoffAt)],
    [say('row.reported'), timeText(meal.reportedAt)],
    [say('row.reason'), say(`cutReason.${meal.reason}`)],
    [say('row.price'), moneyText(meal.price, language)],
  ];
}

function lateRow(meal: LateMeal, { language, say }: Pick<Speech, 'language' | 'say'>): Row {
  const reason = say(`cutReason.${meal.reason}`);
  const parts = [
    moneyText(meal.price, language),
    `${say('row.cutoff')}: ${timeText(meal.cutoffAt)}`,
    `${say('row.reported')}: ${timeText(meal.reportedAt)}`,
    ...(reason === '' ? [] : [`${say('row.reason')}: ${reason}`]),
  ];
  return [listedMeal(meal, say), parts.join(' · ')];
}

function ofEnd({ meals }: MealCutLateEnded, several: boolean, { say }: Speech): Content {
  const stands = (meal: EndedMeal) => say(`mealStands.${meal.stands}`);
  const same = meals.every((meal) => meal.stands === meals[0].stands);
  const each = meals.map((meal): Row => [listedMeal(meal, say), stands(meal)]);
  const rows: Row[] = several ? each : [...mealRows(meals[0], say), [say('row.stands'), stands(meals[0])]];
  const highlight = same ? stands(meals[0]) : say('mealStands.MIXED');
  return { tone: 'done', highlight, facts: {}, ...(same ? { more: [`mealNow.${meals[0].stands}`] } : {}), rows };
}

/** A parent should not have to know what a credit below zero means. */
function balanceRow({ minorUnits }: Money, { language, say }: Pick<Speech, 'language' | 'say'>): Row {
  const owed = minorUnits < 0n;
  return [say(owed ? 'row.owed' : 'row.balance'), moneyText(vnd(owed ? -minorUnits : minorUnits), language)];
}

function whichMeal({ meal, date }: MealOfDay, { say }: Speech): Record<string, string> {
  return { meal: say(`meal.${meal}`), day: dayText(date) };
}

function mealRows({ meal, date }: MealOfDay, say: Speech['say']): Row[] {
  return [
    [say('row.meal'), capitalised(say(`meal.${meal}`))],
    [say('row.day'), dayText(date)],
  ];
}

function listedMeal({ meal, date }: MealOfDay, say: Speech['say']): string {
  return `${dayText(date)} · ${capitalised(say(`meal.${meal}`))}`;
}

/** "bữa trưa và bữa phụ ngày 23/11/2026", "10 suất ăn từ 23/11/2026 đến 27/11/2026" */
function mealsText(meals: MealFact['meals'], { say }: Speech): string {
  const days = meals.map(({ date }) => dayText(date));
  const [first = '', last = ''] = [days[0], days.at(-1)];
  if (first !== last) return say('meals.ofDays', { count: String(meals.length), first, last });
  const names = [...new Set(meals.map(({ meal }) => say(`meal.${meal}`)))];
  const listed = names.length > 1 ? `${names.slice(0, -1).join(', ')} ${say('meals.and')} ${names.at(-1)}` : (names[0] ?? '');
  return say('meals.ofDay', { names: listed, day: first });
}
