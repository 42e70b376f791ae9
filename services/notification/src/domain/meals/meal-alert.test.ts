import { expect, test } from 'vitest';
import { lateCutEnded, mark, markedAt, markOrigin, mealCredited, mealCutLate, origin } from '../../../test/given.ts';
import type { AbsenceAlert } from '../absences/absence-alert.ts';
import type { Mark } from '../absences/mark.ts';
import type { MealFact } from '../alerts/fact.ts';
import { type KnownMeal, lettersOf, newsOfMeal, turnOf, type WaitingMeal, waitingMeal } from './meal-alert.ts';

const reversed = mealCredited({}, 'MEAL_CREDIT_REVERSED');
const after = (seconds: number): Date => new Date(markedAt.getTime() + seconds * 1_000);
const heard = (version: number, fact: MealFact = mealCredited()): WaitingMeal =>
  waitingMeal({ origin: origin(`meal-${version}`), fact, version }, markedAt);
const known = (version: number, kind: MealFact['kind'], status: KnownMeal['status'] = 'TOLD'): KnownMeal => ({
  eventId: `meal-${version}`,
  kind,
  status,
  about: { meal: 'pupil-1:2026-11-23:LUNCH', version },
});

test('a meal waits for the rest of its act', () => {
  expect(heard(1)).toMatchObject({ status: 'WAITING', lookAgainAt: after(2), about: { meal: 'pupil-1:2026-11-23:LUNCH', version: 1 } });
});

test('the first word of a meal is news, and so is what takes back what was told', () => {
  expect(newsOfMeal(heard(1), [known(1, 'MEAL_CREDITED', 'WAITING')])).toEqual({});
  const told = known(1, 'MEAL_CREDITED', 'COMPOSED');
  expect(newsOfMeal(heard(2, reversed), [told])).toEqual({ ends: told });
  expect(newsOfMeal(heard(3), [told, known(2, 'MEAL_CREDIT_REVERSED')])).toMatchObject({ ends: { eventId: 'meal-2' } });
});

test('opposites that meet untold are no news, whichever comes first', () => {
  const pair = [known(1, 'MEAL_CREDITED', 'WAITING'), known(2, 'MEAL_CREDIT_REVERSED', 'WAITING')];
  expect([newsOfMeal(heard(1), pair), newsOfMeal(heard(2, reversed), pair)]).toEqual([undefined, undefined]);
  expect(newsOfMeal(heard(2, reversed), [known(1, 'MEAL_CREDITED', 'WITHDRAWN')])).toBeUndefined();
  expect(newsOfMeal(heard(1), [known(2, 'MEAL_CREDIT_REVERSED', 'WITHDRAWN')])).toBeUndefined();
});

test('what guardians believe already is not told again', () => {
  const back = [known(1, 'MEAL_CREDITED'), known(2, 'MEAL_CREDIT_REVERSED', 'WITHDRAWN')];
  expect(newsOfMeal(heard(3), back)).toBeUndefined();
});

test('a credit that was told before meals had keys is taken back all the same; a late cut of which nothing is known is not', () => {
  expect(newsOfMeal(heard(2, reversed), [])).toEqual({});
  expect(newsOfMeal(heard(2, lateCutEnded()), [])).toBeUndefined();
});

test('credit and late cut of one meal are told each for itself', () => {
  expect(newsOfMeal(heard(1, mealCutLate()), [known(7, 'MEAL_CREDITED')])).toEqual({});
});

type Half = Partial<Mark> & { status: object };
const half = ({ status, ...said }: Half): AbsenceAlert => {
  const marked = mark(said);
  return { mark: marked, version: 1, origin: markOrigin(marked, 1), news: 'ABSENT', ...status } as AbsenceAlert;
};
const held = half({ status: { status: 'HELD', releaseAt: after(600) } });
const decision = { by: 'lan', at: after(5) };
const heldBack = half({ status: { status: 'SUPPRESSED', because: 'HELD_BACK', decision, reason: 'x' } });
const told = { eventId: 'mark-1', news: 'ABSENT', at: after(600) };
const released = half({ status: { status: 'RELEASED', told } });
const corrected = half({ kind: 'PRESENT', submittedAt: after(100), status: { status: 'SUPPRESSED', because: 'CORRECTED' } });
const suppressed = (because: string) => half({ session: 'AFTERNOON', status: { status: 'SUPPRESSED', because } });

test('a meal that an absence cut waits as long as the absence is held', () => {
  expect(turnOf(heard(1), [held], after(2))).toEqual({ turn: 'HELD', until: after(62) });
  expect(turnOf(heard(1), [held], after(590))).toEqual({ turn: 'HELD', until: after(600) });
  expect(turnOf(heard(1, mealCutLate()), [released, { ...held, mark: mark({ session: 'AFTERNOON' }) }], after(2))).toMatchObject({
    turn: 'HELD',
  });
});

test('once guardians know of the absence, or need not, they hear of the meal', () => {
  for (const halves of [[released], [suppressed('NOT_TOLD')], [suppressed('CONTINUES')], [suppressed('STALE')], [heldBack, released]])
    expect(turnOf(heard(1), halves, after(2))).toEqual({ turn: 'NOW' });
});

test('leave that a guardian asked for holds no meal up', () => {
  expect(turnOf(heard(1), [half({ source: 'LEAVE', status: { status: 'HELD', releaseAt: after(86_400) } })], after(2))).toEqual({
    turn: 'NOW',
  });
});

test('who holds the absence back holds back what became of the meal', () => {
  expect(turnOf(heard(1), [heldBack], after(2))).toEqual({ turn: 'NEVER' });
});

test('a meal whose mark is not known yet waits a minute for it and no longer', () => {
  expect(turnOf(heard(1), [], after(2))).toEqual({ turn: 'SOON', until: after(2.5) });
  expect(turnOf(heard(1), [], after(59))).toEqual({ turn: 'SOON', until: after(60) });
  expect(turnOf(heard(1), [], after(60))).toEqual({ turn: 'NOW' });
});

test('after a correction a meal waits for being given back, and is told in the end where it is not', () => {
  expect(turnOf(heard(1), [corrected], after(110))).toMatchObject({ turn: 'SOON' });
  expect(turnOf(heard(1), [corrected], after(399))).toEqual({ turn: 'SOON', until: after(400) });
  expect(turnOf(heard(1), [corrected], after(400))).toEqual({ turn: 'NOW' });
});

test('what no absence cut waits for none, and neither does what takes something back', () => {
  for (const fact of [mealCredited({ reason: 'OFFICE' }), mealCredited({ reason: 'OTHER' }), reversed, lateCutEnded()])
    expect(turnOf(heard(1, fact), [held], after(2))).toEqual({ turn: 'NOW' });
});

test('a letter is about one pupil, kind and day on which it became known, in that order, and about sixty meals at most', () => {
  const other = waitingMeal({ origin: origin('other', { studentId: 'pupil-2' }), fact: mealCredited(), version: 3 }, markedAt);
  const later = waitingMeal({ origin: origin('later', { occurredAt: after(86_400) }), fact: mealCredited(), version: 9 }, markedAt);
  const names = lettersOf([heard(2), later, heard(1), other, heard(4, reversed)]).map((letter) =>
    letter.map((each) => each.origin.eventId),
  );
  expect(names.toSorted()).toEqual([['later'], ['meal-1', 'meal-2'], ['meal-4'], ['other']]);
  expect(lettersOf(Array.from({ length: 61 }, (_, nth) => heard(nth))).map(({ length }) => length)).toEqual([60, 1]);
});
