import { type Ok, ok } from '@schoolbell/kernel';
import type { AbsenceAlert } from '../../domain/absences/absence-alert.ts';
import { retract, stop } from '../../domain/absences/retraction.ts';
import { type Alert, nextLook, settled, told, waitIsOver } from '../../domain/alerts/alert.ts';
import { audienceOf, type Known, lettersFor } from '../../domain/alerts/audience.ts';
import type { MealFact, Some } from '../../domain/alerts/fact.ts';
import { type Delivery, mayHaveArrived } from '../../domain/deliveries/delivery.ts';
import { afterEndings, type Ending, endingsByLetter, eventOf } from '../../domain/meals/late-cut.ts';
import { isCutByAbsence, type KnownMeal, lettersOf, newsOfMeal, turnOf, type WaitingMeal } from '../../domain/meals/meal-alert.ts';
import { gather } from '../../domain/meals/meals.ts';
import { alertFailed } from '../../events.ts';
import type { NotificationTx } from '../../tx.ts';

/** Of these pupils, or of any with a meal whose turn has come. */
export type MealsOfSome = { readonly limit: number; readonly ofPupils?: readonly string[] };
export type ComposedMeals = { readonly looked: number; readonly composed: number };

/** A fact whose turn has come, with what it takes back. */
type Telling = { readonly alert: WaitingMeal; readonly ends?: KnownMeal };

// One pupil's year of meals in one transaction is enough.
const most = 500;

/**
 * Timer: what happened to the meals of these pupils. Whatever of it may be told now is one letter for each kind and pupil, whether its own
 * time has come or not: meals of one act come one after the other. Of the rest each waits on, or is withdrawn because nobody needs to hear it.
 */
export async function composeMealLetters(tx: NotificationTx, { limit, ofPupils }: MealsOfSome): Promise<Ok<ComposedMeals>> {
  const due = await tx.alerts.mealsToLookAt(limit, ofPupils);
  const studentIds = [...new Set(due.map(({ origin }) => origin.studentId))];
  if (studentIds.length === 0) return ok({ looked: 0, composed: 0 });
  const telling = await takeTurns(tx, await tx.alerts.waitingMeals(studentIds, most));
  const endings = telling.flatMap(({ alert, ends: ended }) =>
    alert.fact.kind === 'MEAL_CUT_LATE_ENDED' && ended ? [{ alert, ended }] : [],
  );
  const others = telling.filter(({ alert }) => alert.fact.kind !== 'MEAL_CUT_LATE_ENDED');
  const composed = (await tellAll(tx, others)) + (await endLateCuts(tx, endings));
  return ok({ looked: due.length, composed });
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

/**
 * Takes back what was told of late cuts, once for each letter that told of some. A letter of which nothing stands any more does not go
 * out; one that speaks of other meals too goes out, and what takes back a part of it follows.
 */
async function endLateCuts(tx: NotificationTx, endings: readonly Ending[]): Promise<number> {
  const letters = endingsByLetter(endings);
  if (letters.length === 0) return 0;
  const events = letters.map(({ letter }) => letter);
  const leaders = new Map((await tx.alerts.find(events)).map((alert) => [eventOf(alert), alert]));
  const deliveries = Map.groupBy(await tx.deliveries.ofEvents(events), ({ eventId }) => eventId);
  const studentIds = [...new Set(endings.map(({ alert }) => alert.origin.studentId))];
  const school = await tx.schools.own();
  const students = new Map((await tx.students.find(studentIds)).map((student) => [student.id, student]));
  const guardians = await tx.guardians.ofStudents(studentIds);
  for (const { letter, endings: together } of letters) {
    const student = students.get(together[0].alert.origin.studentId);
    takeBack(tx, { leader: leaders.get(letter), letters: deliveries.get(letter) ?? [], together, known: { school, student, guardians } });
  }
  return endings.length;
}

type TakingBack = {
  readonly leader: Alert | undefined;
  readonly letters: readonly Delivery[];
  readonly together: Some<Ending>;
  readonly known: Known;
};

function takeBack(tx: NotificationTx, { leader, letters, together, known }: TakingBack): void {
  const { standing, after } = afterEndings(leader, together, tx.now);
  if (leader && after?.status === 'TOLD') tx.alerts.tell(leader, after);
  else if (leader && after && after.status !== 'TOLD') tx.alerts.settle(leader, after);
  if (standing === 0) {
    const { cancelled, onTheirWay } = stop(letters, tx.now);
    for (const each of onTheirWay) tx.deliveries.markWithdrawn(each);
    for (const each of cancelled) {
      tx.deliveries.save(each.before, each.after);
      tx.emit(alertFailed(each.after));
    }
  }
  const [first, ...more] = together;
  const last = together.at(-1) ?? first;
  const { origin } = last.alert;
  const fact = gather([first.alert.fact, ...more.map(({ alert }) => alert.fact)]);
  const goesOut = letters.filter((delivery) => mayHaveArrived(delivery) || (standing > 0 && delivery.status === 'PENDING'));
  const retractions = retract(goesOut, { origin, fact }, known, tx);
  for (const { delivery, message } of retractions) tx.deliveries.insert(delivery, message);
  for (const { alert } of together) {
    const composed = alert === last.alert ? { deliveries: retractions.length } : { deliveries: 0, toldWith: origin.eventId };
    tx.alerts.settle(alert, settled('COMPOSED', { ...alert, ...composed, now: tx.now }));
  }
}
