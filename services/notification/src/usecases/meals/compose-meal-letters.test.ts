import { addDays, vnd } from '@schoolbell/kernel';
import { testDatabase } from '@schoolbell/testkit';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  day,
  guardian,
  lateCutEnded,
  markedAt,
  mealCredited,
  mealCutLate,
  morning,
  office,
  origin,
  schoolId,
  steps,
} from '../../../test/given.ts';
import type { Mark } from '../../domain/absences/mark.ts';
import { collections } from '../../store/indexes.ts';
import { notificationTx } from '../../tx.ts';
import { confirmAbsences } from '../absences/confirm-absences.ts';
import { holdAbsence } from '../absences/hold-absence.ts';
import { claimDeliveries } from '../deliveries/claim-deliveries.ts';
import { countDeliveries } from '../deliveries/count-deliveries.ts';
import { composeMealLetters } from './compose-meal-letters.ts';
import { endLateCut } from './keep-meal.ts';

let database: Awaited<ReturnType<typeof open>>;
let given: ReturnType<typeof steps>;
const open = () => testDatabase(collections, notificationTx);
beforeEach(async () => {
  await database?.close();
  database = await open();
  given = steps(database.transact);
  database.setNow(markedAt);
  await given.school();
  await given.student();
  await given.guardian(guardian('g1'));
});
afterAll(() => database.close());

/** Time that has gone by since the roll call, in which the clock has ticked. */
async function after(seconds: number): Promise<void> {
  database.setNow(new Date(markedAt.getTime() + seconds * 1_000));
  await given.release();
  await given.compose();
}
const subjects = async (): Promise<string[]> =>
  (await database.db.collection('deliveries').find().sort({ queuedAt: 1, _id: 1 }).toArray()).map(({ kind, guardianId, status }) =>
    [kind, guardianId, ...(status === 'FAILED' ? [status] : [])].join(' '),
  );
const statuses = async () =>
  Object.fromEntries((await database.db.collection('alerts').find().sort({ _id: 1 }).toArray()).map(({ _id, status }) => [_id, status]));
const texts = async () =>
  (await database.db.collection('deliveries').find().sort({ _id: 1 }).toArray()).map(({ message }) => message?.text ?? '');
const reversed = mealCredited({ balance: vnd(0n) }, 'MEAL_CREDIT_REVERSED');
const present: Partial<Mark> = { kind: 'PRESENT', source: 'CORRECTION' };
const snack = { meal: 'SNACK' } as const;

test('a wrong absence that is corrected within the window tells nobody of meal or money', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await given.meal(2, mealCredited(snack));
  await after(5);
  await after(200);
  await given.marked(2, { ...present, submittedAt: new Date(markedAt.getTime() + 201_000) });
  await given.meal(3, reversed);
  await given.meal(4, mealCredited(snack, 'MEAL_CREDIT_REVERSED'));
  for (const seconds of [205, 600, 700, 4_000]) await after(seconds);
  expect(await subjects()).toEqual([]);
  expect(new Set(Object.values(await statuses()))).toEqual(new Set(['WITHDRAWN']));
  expect(JSON.stringify(await database.db.collection('alerts').find().toArray())).not.toContain('Giang');
});

test('a wrong absence after the cut-off that is corrected within the window tells nobody that it was too late', async () => {
  await given.marked(1);
  await given.meal(1, mealCutLate());
  await after(3);
  await given.marked(2, { ...present, submittedAt: new Date(markedAt.getTime() + 120_000) });
  await given.meal(2, lateCutEnded());
  for (const seconds of [125, 700]) await after(seconds);
  expect(await subjects()).toEqual([]);
});

test('what became of a meal is told with the absence that cut it, when the window is over and in one letter', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await given.meal(2, mealCredited(snack));
  await after(599);
  expect(await subjects()).toEqual([]);
  await after(600);
  expect(await subjects()).toEqual(['ABSENT g1', 'MEAL_CREDITED g1']);
  await after(5_000);
  expect(await statuses()).toMatchObject({ 'meal-1': 'COMPOSED', 'meal-2': 'COMPOSED' });
  expect(await database.db.collection('alerts').findOne({ _id: 'meal-1' as never })).toMatchObject({ toldWith: 'meal-2', deliveries: 0 });
});

test('an absence that a teacher confirms lets the meal letter go at once', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await after(3);
  database.setNow(new Date(markedAt.getTime() + 20_000));
  await given.run((tx) => confirmAbsences(tx, { classId: 'class-1a', half: morning, studentIds: [], actor: office }));
  await after(21);
  expect(await subjects()).toEqual(['ABSENT g1', 'MEAL_CREDITED g1']);
});

test('who holds an absence back holds the meal letter back', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await after(3);
  await given.run((tx) => holdAbsence(tx, { studentId: 'pupil-1', half: morning, reason: 'Mẹ đang ở trường', actor: office }));
  await after(700);
  expect(await subjects()).toEqual([]);
  expect(await statuses()).toEqual({ 'meal-1': 'WITHDRAWN' });
  await given.meal(2, reversed);
  await after(800);
  expect(await subjects()).toEqual([]);
});

test('a meal fact that is heard before its mark waits for the mark', async () => {
  await given.meal(1, mealCredited());
  await after(3);
  await given.marked(1);
  for (const seconds of [10, 61, 599]) await after(seconds);
  expect(await subjects()).toEqual([]);
  await after(600);
  expect(await subjects()).toEqual(['ABSENT g1', 'MEAL_CREDITED g1']);
});

test('a meal fact whose mark is never heard is told after a minute', async () => {
  await given.meal(1, mealCredited());
  await after(59);
  expect(await subjects()).toEqual([]);
  await after(61);
  expect(await subjects()).toEqual(['MEAL_CREDITED g1']);
});

test('a child who came after all and whose meal stays cut has parents who know it', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await given.marked(2, { ...present, submittedAt: new Date(markedAt.getTime() + 60_000) });
  await after(61);
  expect(await subjects()).toEqual([]);
  await after(400);
  expect(await subjects()).toEqual(['MEAL_CREDITED g1']);
});

test('a week of leave with two meals a day is one letter', async () => {
  const days = [0, 1, 2, 3, 4].map((nth) => addDays(day('2026-11-30'), nth));
  const leave = { kind: 'ABSENT_WITH_LEAVE', source: 'LEAVE' } as const;
  for (const [nth, date] of days.entries())
    for (const session of ['MORNING', 'AFTERNOON'] as const) await given.marked(nth + 1, { ...leave, date, session });
  const meals = days.flatMap((date) => [{ date }, { date, ...snack }]);
  for (const [nth, meal] of meals.entries()) await given.meal(nth + 1, mealCredited({ ...meal, balance: vnd(BigInt(nth + 1) * 35_000n) }));
  await after(2);
  await after(60);
  expect(await subjects()).toEqual(['MEAL_CREDITED g1']);
  const [text = ''] = await texts();
  expect(text.match(/ · Bữa (trưa|phụ)/g)).toHaveLength(10);
  for (const part of ['10 suất ăn từ 30/11/2026 đến 04/12/2026', 'Số dư ghi có: 350.000 ₫']) expect(text).toContain(part);
});

test('a letter lists sixty meals at most, and each meal is told once', async () => {
  const days = Array.from({ length: 70 }, (_, nth) => addDays(day('2026-12-01'), nth));
  for (const [nth, date] of days.entries()) await given.meal(nth + 1, mealCredited({ date, reason: 'PLAN_ENDED' }));
  await after(2);
  const listed = (await texts()).map((text) => text.match(/ · Bữa trưa/g)?.length);
  expect(listed.toSorted()).toEqual([10, 60]);
  expect(
    (
      await database.db
        .collection('alerts')
        .find({ toldWith: { $exists: true } })
        .toArray()
    ).length,
  ).toBe(68);
});

test('a credit that was told and does not hold is taken back by one letter', async () => {
  await given.meal(1, mealCredited({ reason: 'OFFICE' }));
  await after(2);
  await given.meal(2, reversed);
  await after(5);
  await given.meal(2, reversed);
  await after(10);
  expect(await subjects()).toEqual(['MEAL_CREDITED g1', 'MEAL_CREDIT_REVERSED g1']);
});

test('a meal that is taken off, on and off again within seconds is told once', async () => {
  await given.meal(1, mealCredited({ reason: 'GUARDIAN' }));
  await given.meal(2, reversed);
  await given.meal(3, mealCredited({ reason: 'GUARDIAN' }));
  await after(2);
  await given.meal(4, reversed);
  await given.meal(5, mealCredited({ reason: 'GUARDIAN' }));
  await after(6);
  expect(await subjects()).toEqual(['MEAL_CREDITED g1']);
});

const lateToBoth = async () => {
  await given.guardian(guardian('g2', { language: 'en' }));
  await given.marked(1);
  await given.meal(1, mealCutLate());
  await after(600);
};

test('a late cut that was told is taken back exactly once', async () => {
  await lateToBoth();
  await given.send();
  await given.meal(2, lateCutEnded());
  await after(603);
  await given.meal(2, lateCutEnded());
  await after(700);
  const ended = ['MEAL_CUT_LATE_ENDED g1', 'MEAL_CUT_LATE_ENDED g2'];
  expect((await subjects()).filter((subject) => subject.startsWith('MEAL'))).toEqual(['MEAL_CUT_LATE g1', 'MEAL_CUT_LATE g2', ...ended]);
  expect(await given.send()).toEqual([
    'MEAL_CUT_LATE_ENDED → g1: Đính chính bữa trưa 23/11/2026: Bùi Thanh Giang',
    'MEAL_CUT_LATE_ENDED → g2: Correction for lunch on 23/11/2026: Bùi Thanh Giang',
  ]);
});

test('a late cut whose letter has not gone out is cancelled, and there is nothing to take back', async () => {
  await lateToBoth();
  await given.meal(2, lateCutEnded());
  await after(603);
  const late = (await subjects()).filter((subject) => subject.startsWith('MEAL'));
  expect(late).toEqual(['MEAL_CUT_LATE g1 FAILED', 'MEAL_CUT_LATE g2 FAILED']);
});

test('what takes back a letter that is on its way goes when that one has ended, and one retraction for each who may have it', async () => {
  await lateToBoth();
  const taken = (await given.run((tx) => claimDeliveries(tx, { limit: 100, leaseMs: 60_000 }))).value.claimed;
  expect(taken.map(({ delivery }) => delivery.kind).sort()).toEqual(['ABSENT', 'ABSENT', 'MEAL_CUT_LATE', 'MEAL_CUT_LATE']);
  await given.meal(2, lateCutEnded());
  await after(603);
  expect(await given.send()).toEqual([]);
  expect((await subjects()).filter((subject) => subject.startsWith('MEAL_CUT_LATE_ENDED'))).toHaveLength(2);
});

test('a letter that told of two late cuts is taken back in part by one letter behind it, and only the rest is told to latecomers', async () => {
  await given.marked(1);
  await given.meal(1, mealCutLate());
  await given.meal(2, mealCutLate(snack));
  await after(600);
  await given.meal(3, lateCutEnded(snack));
  await after(603);
  expect(await subjects()).toEqual(['ABSENT g1', 'MEAL_CUT_LATE g1', 'MEAL_CUT_LATE_ENDED g1']);
  expect(await given.send()).toHaveLength(2);
  await given.guardian(guardian('g2'));
  await after(665);
  const [late] = await database.db.collection('deliveries').find({ guardianId: 'g2', kind: 'MEAL_CUT_LATE' }).toArray();
  expect(late?.message.text).toContain('bữa trưa');
  expect(late?.message.text).not.toMatch(/bữa phụ/i);
  await given.meal(4, lateCutEnded());
  await after(670);
  // The first guardian's letter is out; the second's is not, and says nothing that stands.
  expect((await subjects()).filter((subject) => / g2/.test(subject) && subject.startsWith('MEAL'))).toEqual(['MEAL_CUT_LATE g2 FAILED']);
  expect((await subjects()).filter((subject) => subject === 'MEAL_CUT_LATE_ENDED g1')).toHaveLength(2);
});

test('a meal that is cut late again after it was given back is told and taken back again', async () => {
  const why = { reason: 'GUARDIAN' } as const;
  for (const round of [0, 1]) {
    await given.meal(round * 2 + 1, mealCutLate(why));
    await after(round * 100 + 3);
    await given.send();
    await given.meal(round * 2 + 2, lateCutEnded());
    await after(round * 100 + 50);
    await given.send();
  }
  expect(await subjects()).toEqual(['MEAL_CUT_LATE g1', 'MEAL_CUT_LATE_ENDED g1', 'MEAL_CUT_LATE g1', 'MEAL_CUT_LATE_ENDED g1']);
});

test('a cut that turns out to be in time takes back that it was late; one that was never late writes nothing', async () => {
  const cancelled = (version: number, studentId = 'pupil-1') => ({
    fact: lateCutEnded({ stands: 'CANCELLED' }),
    version,
    origin: origin(`meal-${version}`, { studentId }),
  });
  expect((await given.run((tx) => endLateCut(tx, cancelled(1)))).value).toEqual({ outcome: 'NOTHING_TO_END' });
  await given.meal(2, mealCutLate({ reason: 'OFFICE' }));
  await after(2);
  await given.send();
  await given.run((tx) => endLateCut(tx, cancelled(3)));
  await after(5);
  expect(await given.send()).toHaveLength(1);
  expect((await texts()).length).toBe(2);
  expect(Object.keys(await statuses())).toEqual(['meal-2', 'meal-3']);
});

test('meals wait for the roster as everything does, and are told in one letter once a guardian is known', async () => {
  const studentId = 'pupil-2';
  await given.meal(1, mealCredited({ reason: 'OFFICE' }), { studentId });
  await given.meal(2, mealCredited({ ...snack, reason: 'OFFICE' }), { studentId });
  await after(10);
  expect((await database.read({ schoolId }, countDeliveries)).waitingForRoster).toBe(2);
  await given.student(studentId);
  await given.guardian(guardian('of-2', { guardianships: [{ studentId, from: day('2026-09-05') }] }));
  await after(20);
  expect(await subjects()).toEqual(['MEAL_CREDITED of-2']);
  expect((await database.read({ schoolId }, countDeliveries)).waitingForRoster).toBe(0);
});

test('what is held for an absence is not counted among what waits for guardians', async () => {
  await given.marked(1);
  await given.meal(1, mealCredited());
  await after(3);
  expect((await database.read({ schoolId }, countDeliveries)).waitingForRoster).toBe(0);
});

test('meals of which nobody becomes known in seven days are told to nobody', async () => {
  await given.meal(1, mealCredited({ reason: 'OFFICE' }), { studentId: 'nobody' });
  await after(7 * 86_400 + 61);
  expect(await statuses()).toEqual({ 'meal-1': 'EXPIRED' });
});

test('two workers that look at the same time tell it once', async () => {
  await given.meal(1, mealCredited({ reason: 'OFFICE' }));
  await given.meal(2, mealCredited({ ...snack, reason: 'OFFICE' }));
  database.setNow(new Date(markedAt.getTime() + 2_000));
  await Promise.all([1, 2, 3].map(() => given.compose()));
  expect(await subjects()).toEqual(['MEAL_CREDITED g1']);
});

test('a guardian whom the roster learns of late hears of all the meals of the letter', async () => {
  await given.meal(1, mealCredited({ reason: 'OFFICE' }));
  await given.meal(2, mealCredited({ ...snack, reason: 'OFFICE' }));
  await after(2);
  await given.guardian(guardian('g2'));
  await after(63);
  const [, late = ''] = await texts();
  expect(late).toContain('bữa trưa và bữa phụ');
});

test('hundreds of meals of many pupils cost a handful of questions', async () => {
  for (let nth = 0; nth < 30; nth++) {
    const studentId = `of-many-${nth}`;
    await given.student(studentId);
    await given.guardian(guardian(`guardian-${nth}`, { guardianships: [{ studentId, from: day('2026-09-05') }] }));
    for (const [at, meal] of [{}, snack].entries())
      await given.meal(at + 1, mealCredited(meal), { studentId, eventId: `${studentId} ${at}` });
  }
  database.setNow(new Date(markedAt.getTime() + 61_000));
  await database.db.command({ profile: 2 });
  await given.run((tx) => composeMealLetters(tx, { limit: 100 }));
  await database.db.command({ profile: 0 });
  const asked = await database.db
    .collection('system.profile')
    .find({ op: 'query', ns: /[.](alerts|absence_alerts|schools|students|guardians|deliveries)$/ })
    .toArray();
  await database.db.collection('system.profile').drop();
  expect(asked.length).toBeLessThanOrEqual(7);
  expect(await database.db.collection('deliveries').countDocuments()).toBe(30);
});

const together = async () => {
  const why = { reason: 'OFFICE' } as const;
  await given.meal(1, mealCutLate(why));
  await given.meal(2, mealCutLate({ ...snack, ...why }));
  await after(2);
};
const alert = (_id: string) => database.db.collection<{ _id: string }>('alerts').findOne({ _id });

test('late cuts of one letter that end together are taken back by one letter, which says with what they are told', async () => {
  await together();
  await given.send();
  await given.meal(3, lateCutEnded());
  await given.meal(4, lateCutEnded(snack));
  await after(5);
  expect(await alert('meal-2')).toMatchObject({ status: 'COMPOSED', standing: 0, deliveries: 1 });
  expect(await alert('meal-3')).toMatchObject({ status: 'COMPOSED', toldWith: 'meal-4', deliveries: 0 });
  expect(await given.send()).toEqual(['MEAL_CUT_LATE_ENDED → g1: Đính chính bữa trưa và bữa phụ ngày 23/11/2026: Bùi Thanh Giang']);
});

test('a letter that tells of a second late cut goes out although the first has ended, and the correction goes behind it', async () => {
  await together();
  await given.meal(3, lateCutEnded());
  await after(5);
  expect(await given.send()).toEqual(['MEAL_CUT_LATE → g1: Không hoàn tiền bữa trưa và bữa phụ ngày 23/11/2026: Bùi Thanh Giang']);
  expect((await subjects()).at(-1)).toBe('MEAL_CUT_LATE_ENDED g1');
});

test('long after it was told a late cut is taken back in part, and the rest of its letter stands', async () => {
  await together();
  await given.send();
  await after(1_000);
  await given.meal(3, lateCutEnded());
  await after(1_003);
  expect(await alert('meal-2')).toMatchObject({ status: 'COMPOSED', standing: 1, deliveries: 1, about: 'pupil-1:2026-11-23:SNACK' });
  expect(await given.send()).toHaveLength(1);
});

/** One lunch: what canteen and billing say of it in the order of their versions, and what the school says of the absence. */
const heard = {
  absent: () => given.marked(1),
  present: () => given.marked(2, { ...present, submittedAt: new Date(markedAt.getTime() + 1_000) }),
  credited: () => given.meal(1, mealCredited(), { eventId: 'credit-1' }),
  'taken back': () => given.meal(2, reversed, { eventId: 'credit-2' }),
  'cut late': () => given.meal(1, mealCutLate(), { eventId: 'late-1' }),
  'on again': () => given.meal(2, lateCutEnded(), { eventId: 'late-2' }),
} as const;
const names = Object.keys(heard) as (keyof typeof heard)[];
// Each topic keeps what it says of one pupil in order; the topics do not keep step with each other.
const topics: readonly (readonly (keyof typeof heard)[])[] = [
  ['absent', 'present'],
  ['credited', 'taken back'],
  ['cut late', 'on again'],
];

function asTopicsSay(order: readonly (keyof typeof heard)[]): (keyof typeof heard)[] {
  const queues = topics.map((topic) => [...topic]);
  return order.flatMap((name) => queues.find((_, at) => topics[at]?.includes(name))?.shift() ?? []);
}

test('however the topics overtake each other, and however often and late their facts come, nobody is left with what does not hold', async () => {
  const orders = fc.tuple(
    fc.shuffledSubarray(names, { minLength: names.length }),
    fc.array(fc.constantFrom(...names), { maxLength: 4 }),
    fc.array(fc.constantFrom(0, 1, 3, 30, 400), { minLength: 10, maxLength: 10 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ([order, again, gaps, sends]) => {
      for (const collection of ['alerts', 'absence_alerts', 'deliveries']) await database.db.collection(collection).deleteMany({});
      let seconds = 0;
      for (const [step, name] of [...asTopicsSay(order), ...again].entries()) {
        seconds += gaps[step] ?? 0;
        await after(seconds);
        if (sends) await given.send();
        await heard[name]();
      }
      for (const more of [3, 70, 1_000, 5_000]) {
        await after(seconds + more);
        if (sends) await given.send();
      }
      const kinds = (
        await database.db
          .collection('deliveries')
          .find({ status: { $ne: 'FAILED' } })
          .toArray()
      ).map(({ kind }) => String(kind));
      const count = (kind: string) => kinds.filter((each) => each === kind).length;
      expect(count('MEAL_CREDITED')).toBe(count('MEAL_CREDIT_REVERSED'));
      expect(count('MEAL_CUT_LATE')).toBe(count('MEAL_CUT_LATE_ENDED'));
      expect(Math.max(count('MEAL_CREDITED'), count('MEAL_CUT_LATE'))).toBeLessThanOrEqual(1);
      expect(Object.values(await statuses())).not.toContain('WAITING');
    }),
    { numRuns: 60 },
  );
});
