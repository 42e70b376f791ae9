import { DaySession, MarkKind } from '@schoolbell/contracts/school/attendance/v1/attendance';
import { BookingStatus, Meal } from '@schoolbell/contracts/school/canteen/v1/canteen';
import { AbsenceAlertStatus } from '@schoolbell/contracts/school/notification/v1/notification';
import type { Pupil } from '@schoolbell/contracts/school/registry/v1/registry';
import { brokenInvariants, type Journey, produceAgain, startJourney, until } from '@schoolbell/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lunchPrice, type Morning, openMorning } from './morning.ts';

const { ABSENT_WITHOUT_LEAVE, PRESENT } = MarkKind;
const { BOOKED, CANCELLED, CUT_LATE } = BookingStatus;

let journey: Journey;
let morning: Morning;
beforeAll(async () => {
  const begun = performance.now();
  journey = await startJourney();
  await journey.importFile('roster', 'infra/demo/school/C1-HocSinh.xlsx');
  await journey.importFile('contacts', 'infra/demo/school/phu-huynh.csv');
  await booksHold();
  morning = await openMorning(journey, 200, performance.now() - begun);
});
afterAll(() => journey?.stop());

const booksHold = () => until(async () => (await brokenInvariants(journey.schoolbell.engines, journey)).length === 0, 500);
const countNow = () => journey.schoolbell.clients.canteen.getKitchenCount({ date: morning.date, meal: Meal.LUNCH });
const statusOf = async (pupil: Pupil) => (await morning.bookingOf(pupil)).status;
const untilStatus = (pupil: Pupil, status: BookingStatus) => until(async () => (await statusOf(pupil)) === status);

/** A pupil with a guardian who wants letters in `language`. */
async function pupilToldIn(language: string): Promise<{ pupil: Pupil; address: string }> {
  for (;;) {
    const [pupil] = morning.takePupils(1);
    if (!pupil) throw new Error('Nobody of the school is told in this language');
    const { guardians } = await journey.schoolbell.clients.registry.listGuardians({ studentId: pupil.studentId, page: undefined });
    const told = guardians.find((each) => each.wantsNotices && each.email !== '' && each.language === language);
    if (told) return { pupil, address: told.email };
  }
}

const lettersTo = async (address: string, words: RegExp) =>
  (await journey.mails()).filter(({ to, subject, text }) => to.some((each) => each.includes(address)) && words.test(`${subject} ${text}`));

/** What the class teacher does on seeing the alert; its letters, and what became of the meal, need not wait for the window to end. */
async function confirmAbsence({ classId, studentId }: Pupil): Promise<void> {
  const half = { classId, date: morning.date, session: DaySession.MORNING };
  // The mark comes by Kafka; until then there is nothing to confirm.
  await until(() =>
    journey.schoolbell.clients.notification.confirmAbsenceAlerts({ ...half, studentIds: [studentId] }).then(
      ({ alerts }) => alerts.length === 1,
      () => false,
    ),
  );
}

test('an absence told before the cut-off takes the meal off the count, credits the family and tells them, in one trace with no call between services', async () => {
  const { pupil, address } = await pupilToldIn('vi');
  const before = await countNow();
  await morning.mark([pupil], ABSENT_WITHOUT_LEAVE);
  await until(async () => (await morning.creditOf(pupil)) === lunchPrice);
  const after = await countNow();
  expect([after.portions, after.toldAtCutoff]).toEqual([before.portions - 1, before.toldAtCutoff - 1]);
  expect(await lettersTo(address, /35\.000/)).toEqual([]);
  await confirmAbsence(pupil);
  const letters = await until(async () => {
    const found = await lettersTo(address, /35\.000/);
    return found.length > 0 && found;
  });
  expect(letters).toHaveLength(1);

  const services = ['attendance', 'canteen', 'billing', 'notification'];
  const trace = await until(async () => {
    const spans = journey.collector.spans();
    const credit = spans.find(({ service, name }) => service === 'notification' && /process .*AccountCredited/.test(name));
    const ofTrace = spans.filter(({ traceId }) => traceId === credit?.traceId);
    return services.every((each) => ofTrace.some(({ service }) => service === each)) && ofTrace;
  });
  const calls = trace.filter(({ kind, attributes }) => kind === 3 && attributes['rpc.system'] === 'grpc');
  expect(calls).toEqual([]);
});

test('a broker that stops in the middle of the morning costs nobody a meal that was told in time, however late it is heard', async () => {
  const { kafka } = journey.schoolbell.engines;
  const pids = () => Object.values(journey.schoolbell.services).map(({ pid }) => pid);
  const [away, running] = [morning.takePupils(6), pids()];
  const before = await countNow();
  for (const member of kafka.members) await member.kill();
  for (const pupil of away) await morning.mark([pupil], ABSENT_WITHOUT_LEAVE);
  expect((await countNow()).portions).toBe(before.portions);
  await morning.untilCutoff();
  for (const member of kafka.members) await member.restart();
  for (const pupil of away) await until(async () => (await morning.creditOf(pupil)) === lunchPrice);
  const after = await countNow();
  // The kitchen was told of them by the cut-off, and cooks for them no more than it must.
  expect([after.portions, after.toldAtCutoff]).toEqual([before.portions - 6, before.toldAtCutoff]);
  const heardLate = after.lateChanges.filter(({ studentId }) => away.some((pupil) => pupil.studentId === studentId));
  expect(heardLate.map(({ reportedAt = new Date() }) => reportedAt < morning.cutoffAt)).toEqual(away.map(() => true));
  // Everybody is back in their groups without having been started again.
  expect(pids()).toEqual(running);
});

test('an absence told after the cut-off credits nothing, leaves the portion, and says why', async () => {
  const { pupil, address } = await pupilToldIn('vi');
  const before = await countNow();
  await morning.mark([pupil], ABSENT_WITHOUT_LEAVE);
  await untilStatus(pupil, CUT_LATE);
  const cutoff = morning.cutoffAt.toLocaleTimeString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' }).slice(0, 5);
  await confirmAbsence(pupil);
  await until(async () => (await lettersTo(address, new RegExp(`^Không hoàn tiền[^]*${cutoff}`))).length === 1);
  expect((await countNow()).portions).toBe(before.portions);
  expect(await morning.creditOf(pupil)).toBe(0n);
});

test('a correction whose report came before the cut-off is in time, one that came after it is not', async () => {
  const [inTime, tooLate, restored] = morning.takePupils(3);
  if (!inTime || !tooLate || !restored) throw new Error('The school is too small');
  const early = new Date(morning.cutoffAt.getTime() - 20_000);
  await morning.mark([inTime], ABSENT_WITHOUT_LEAVE);
  await untilStatus(inTime, CUT_LATE);
  await morning.mark([inTime], ABSENT_WITHOUT_LEAVE, { correction: true, reportedAt: early });
  await untilStatus(inTime, CANCELLED);
  await until(async () => (await morning.creditOf(inTime)) === lunchPrice);

  await morning.mark([tooLate], ABSENT_WITHOUT_LEAVE, { correction: true, reportedAt: early });
  await untilStatus(tooLate, CANCELLED);
  await morning.mark([tooLate], PRESENT, { correction: true });
  await until(async () => (await countNow()).lateChanges.some(({ studentId }) => studentId === tooLate.studentId));
  expect(await statusOf(tooLate)).toBe(CANCELLED);

  await morning.mark([restored], ABSENT_WITHOUT_LEAVE, { correction: true, reportedAt: early });
  await untilStatus(restored, CANCELLED);
  await morning.mark([restored], PRESENT, { correction: true, reportedAt: new Date(early.getTime() + 1_000) });
  await untilStatus(restored, BOOKED);
  await until(async () => (await morning.creditOf(restored)) === 0n);
});

test('an absence that is confirmed is told by mail at once, and its correction takes back that and the late meal, each once', async () => {
  const { pupil, address } = await pupilToldIn('vi');
  const { notification } = journey.schoolbell.clients;
  const { classId, studentId, fullName } = pupil;
  const half = { classId, date: morning.date, session: DaySession.MORNING };
  const told = (what: string) => lettersTo(address, new RegExp(`^${what}.*${fullName}`));
  await morning.mark([pupil], ABSENT_WITHOUT_LEAVE);
  await confirmAbsence(pupil);
  await until(async () => (await told('Vắng mặt')).length === 1);
  await until(async () => (await told('Không hoàn tiền')).length === 1);
  await morning.mark([pupil], PRESENT, { correction: true });
  // One of the absence, and one of the meal that was no longer late.
  await until(async () => (await told('Đính chính')).length === 2);
  const { alerts } = await notification.listAbsenceAlerts({ ...half, page: undefined });
  expect(alerts.find((alert) => alert.studentId === studentId)?.status).toBe(AbsenceAlertStatus.RETRACTED);
  await booksHold();
  expect([await told('Vắng mặt'), await told('Không hoàn tiền'), await told('Đính chính')].map(({ length }) => length)).toEqual([1, 1, 2]);
});

/** What is said of one pupil, one correction after the other; each is told before the cut-off or after it. */
const said = fc.array(fc.record({ away: fc.boolean(), early: fc.boolean() }), { minLength: 1, maxLength: 3 }).filter((facts) =>
  // Each says something new, and nobody is told earlier of what comes later.
  facts.every(({ away, early }, at) => at === 0 || (away !== facts[at - 1]?.away && (!early || facts[at - 1]?.early === true))),
);
type Said = readonly { readonly away: boolean; readonly early: boolean }[];

/** By the rule of the school: what was told before the cut-off decides about the portion, what was told after it only who eats it. */
function expected(facts: Said): BookingStatus {
  if (facts.findLast(({ early }) => early)?.away) return CANCELLED;
  return facts.at(-1)?.away ? CUT_LATE : BOOKED;
}

test('on any morning, whatever comes twice, late or while a service is dead, portions paid are eaten or cut late and credits are cuts in time at the price in force', async () => {
  const pupilsOfRun = 8;
  await morning.untilCutoff();
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: pupilsOfRun, maxLength: pupilsOfRun }),
      fc.constantFrom('canteen' as const, 'billing' as const, undefined),
      async (mornings, killed) => {
        const pupils = morning.takePupils(pupilsOfRun);
        const telling = pupils.map((pupil, at) => tell(pupil, mornings[at] ?? []));
        if (killed) journey.schoolbell.services[killed]?.signal('SIGKILL');
        await Promise.all(telling);
        for (const topic of ['school.attendance.v1', 'school.canteen.v1']) {
          await produceAgain(
            journey.schoolbell.engines.kafka.brokers,
            topic,
            pupils.map(({ studentId }) => studentId),
          );
        }
        for (const [at, pupil] of pupils.entries()) {
          const status = expected(mornings[at] ?? []);
          await until(
            () =>
              statusOf(pupil).then(
                (now) => now === status,
                () => false,
              ),
            200,
          );
          const credit = status === CANCELLED ? lunchPrice : 0n;
          await until(
            () =>
              morning.creditOf(pupil).then(
                (now) => now === credit,
                () => false,
              ),
            200,
          );
        }
      },
    ),
    { numRuns: 5, endOnFailure: true },
  );
  await booksHold();
});

async function tell(pupil: Pupil, facts: Said): Promise<void> {
  for (const [at, { away, early }] of facts.entries()) {
    const reportedAt = early ? new Date(morning.cutoffAt.getTime() - 20_000 + at * 1_000) : undefined;
    await morning.mark([pupil], away ? ABSENT_WITHOUT_LEAVE : PRESENT, { correction: true, reportedAt });
  }
}
