import { schoolDateOf } from '@schoolbell/kernel';
import type { AbsenceAlert } from '../../domain/absence-alert.ts';
import { nextLook, settled, told, waitIsOver } from '../../domain/alert.ts';
import { audienceOf, lettersFor } from '../../domain/audience.ts';
import type { MealFact, Some } from '../../domain/fact.ts';
import { isCutByAbsence, type KnownMeal, newsOfMeal, turnOf, type WaitingMeal } from '../../domain/meal-alert.ts';
import { gather } from '../../domain/meals.ts';
import type { NotificationTx } from '../../tx.ts';
import { endLateCuts } from './end-late-cuts.ts';

export type ComposedMeals = {
  /** How many facts have been told. */
  readonly composed: number;
  /** Told alerts that were changed on the way. */
  readonly touched: ReadonlySet<string>;
};

/** A fact whose turn has come, with what it takes back. */
type Telling = { readonly alert: WaitingMeal; readonly ends?: KnownMeal };

// One pupil's year of meals in one transaction is enough, and sixty lines are a letter that somebody still reads.
const most = 500;
const mostOfLetter = 60;

/**
 * Timer: what happened to the meals of these pupils. Whatever of it may be told now is one letter for each kind and pupil, whether its own
 * time has come or not: meals of one act come one after the other. Of the rest each waits on, or is withdrawn because nobody needs to hear it.
 */
export async function composeMealLetters(tx: NotificationTx, due: readonly WaitingMeal[]): Promise<ComposedMeals> {
  const studentIds = [...new Set(due.map(({ origin }) => origin.studentId))];
  if (studentIds.length === 0) return { composed: 0, touched: new Set() };
  const waiting = await tx.alerts.waitingMeals(studentIds, most);
  const telling = await takeTurns(tx, waiting);
  const openings = telling.filter(({ alert }) => alert.fact.kind !== 'MEAL_CUT_LATE_ENDED');
  const ends = telling.flatMap(({ alert, ends: ended }) => (alert.fact.kind === 'MEAL_CUT_LATE_ENDED' && ended ? [{ alert, ended }] : []));
  return { composed: (await tellAll(tx, openings)) + ends.length, touched: await endLateCuts(tx, ends) };
}

/** Settles what is no news, puts off what has to wait, and answers with the rest. */
async function takeTurns(tx: NotificationTx, waiting: readonly WaitingMeal[]): Promise<Telling[]> {
  const knownOf = Map.groupBy(await tx.alerts.ofMeals(waiting.map(({ about }) => about.meal)), ({ about }) => about.meal);
  const news: Telling[] = [];
  for (const alert of waiting) {
    const found = newsOfMeal(alert, knownOf.get(alert.about.meal) ?? []);
    if (found) news.push({ alert, ...found });
    else withdraw(tx, alert);
  }
  const halvesOf = await readHalves(tx, news);
  return news.filter(({ alert }) => {
    const { turn, ...wait } = turnOf(alert, halvesOf(alert), tx.now);
    if (turn === 'NEVER') withdraw(tx, alert);
    // What is not looked at yet is looked at when its time comes.
    if ('until' in wait && alert.lookAgainAt <= tx.now) tx.alerts.postpone(alert, wait.until, turn === 'HELD' ? turn : undefined);
    return turn === 'NOW';
  });
}

function withdraw(tx: NotificationTx, alert: WaitingMeal): void {
  tx.alerts.settle(alert, settled('WITHDRAWN', { ...alert, deliveries: 0, now: tx.now }));
}

async function readHalves(tx: NotificationTx, news: readonly Telling[]): Promise<(alert: WaitingMeal) => readonly AbsenceAlert[]> {
  const days = news.flatMap(({ alert: { origin, fact } }) =>
    isCutByAbsence(fact) ? [{ studentId: origin.studentId, date: fact.meals[0].date }] : [],
  );
  const dayOf = (studentId: string, date: string) => `${studentId} ${date}`;
  const halves = Map.groupBy(days.length === 0 ? [] : await tx.absences.ofDays(days), ({ mark }) => dayOf(mark.studentId, mark.date));
  return ({ origin, fact }) => halves.get(dayOf(origin.studentId, fact.meals[0].date)) ?? [];
}

async function tellAll(tx: NotificationTx, telling: readonly Telling[]): Promise<number> {
  if (telling.length === 0) return 0;
  const studentIds = [...new Set(telling.map(({ alert }) => alert.origin.studentId))];
  const school = await tx.schools.own();
  const students = new Map((await tx.students.find(studentIds)).map((student) => [student.id, student]));
  const guardians = Map.groupBy(
    (await tx.guardians.ofStudents(studentIds)).flatMap((guardian) =>
      guardian.guardianships.map(({ studentId }) => ({ studentId, guardian })),
    ),
    ({ studentId }) => studentId,
  );
  let composed = 0;
  for (const letter of lettersOf(telling.map(({ alert }) => alert))) {
    const [{ origin }] = letter;
    const ofPupil = [...new Set(guardians.get(origin.studentId)?.map(({ guardian }) => guardian))];
    const audience = audienceOf(origin.studentId, { school, student: students.get(origin.studentId), guardians: ofPupil });
    if (audience) composed += tell(tx, letter, (fact, from) => lettersFor(fact, from, audience, tx));
    else waitForRoster(tx, letter);
  }
  return composed;
}

/** Facts of one pupil, kind and day are one letter; each in the order in which they became known to their service. */
export function lettersOf(alerts: readonly WaitingMeal[]): Some<WaitingMeal>[] {
  const inOrder = alerts.toSorted((a, b) => a.about.version - b.about.version);
  const groups = Map.groupBy(inOrder, ({ origin, fact }) => `${origin.studentId} ${fact.kind} ${schoolDateOf(origin.occurredAt)}`);
  return [...groups.values()].flatMap((group) => {
    const starts = Array.from({ length: Math.ceil(group.length / mostOfLetter) }, (_, nth) => nth * mostOfLetter);
    return starts.flatMap((start): Some<WaitingMeal>[] => {
      const [first, ...more] = group.slice(start, start + mostOfLetter);
      return first ? [[first, ...more]] : [];
    });
  });
}

type Write = (fact: MealFact, origin: WaitingMeal['origin']) => ReturnType<typeof lettersFor>;

/** The newest of them holds the letter: it knows the balance, and whoever is told was a guardian by then. The others say with which they were told. */
function tell(tx: NotificationTx, letter: Some<WaitingMeal>, write: Write): number {
  const leader = letter.at(-1) ?? letter[0];
  const fact = gather([letter[0].fact, ...letter.slice(1).map((alert) => alert.fact)]);
  const letters = write(fact, leader.origin);
  for (const { delivery, message } of letters) tx.deliveries.insert(delivery, message);
  const standing = fact.kind === 'MEAL_CUT_LATE' ? { standing: fact.meals.length } : {};
  tx.alerts.tell(leader, told({ ...leader, fact, ...standing }, letters.length, tx.now));
  const toldWith = leader.origin.eventId;
  for (const alert of letter)
    if (alert !== leader) tx.alerts.settle(alert, settled('COMPOSED', { ...alert, deliveries: 0, toldWith, now: tx.now }));
  return letter.length;
}

function waitForRoster(tx: NotificationTx, letter: Some<WaitingMeal>): void {
  for (const alert of letter) {
    if (waitIsOver(alert, tx.now)) tx.alerts.settle(alert, settled('EXPIRED', { ...alert, deliveries: 0, now: tx.now }));
    else if (alert.lookAgainAt <= tx.now) tx.alerts.postpone(alert, nextLook(alert.heardAt, tx.now));
  }
}
