import { type SchoolDate, vnd } from '@schoolbell/kernel';
import type { Transact } from '@schoolbell/service-kit';
import type { TestDatabase } from '@schoolbell/testkit';
import type { Mark } from '../src/domain/absences/mark.ts';
import type { Origin } from '../src/domain/alerts/alert.ts';
import type { Fact, LateMeal, MealCredited, MealCutLate, MealCutLateEnded, MealFact } from '../src/domain/alerts/fact.ts';
import type { GuardianFacts } from '../src/domain/roster/roster.ts';
import type { NotificationTx } from '../src/tx.ts';
import { followMark } from '../src/usecases/absences/follow-mark.ts';
import { releaseDueAbsences } from '../src/usecases/absences/release-due-absences.ts';
import { alertGuardians } from '../src/usecases/alerts/alert-guardians.ts';
import { composeWaitingAlerts } from '../src/usecases/alerts/compose-waiting-alerts.ts';
import { claimDeliveries } from '../src/usecases/deliveries/claim-deliveries.ts';
import { recordDelivery } from '../src/usecases/deliveries/record-delivery.ts';
import { composeMealLetters } from '../src/usecases/meals/compose-meal-letters.ts';
import { keepMeal } from '../src/usecases/meals/keep-meal.ts';
import { followClassTeacher } from '../src/usecases/roster/follow-class-teacher.ts';
import { followGuardian } from '../src/usecases/roster/follow-guardian.ts';
import { followSchool } from '../src/usecases/roster/follow-school.ts';
import { followStudent } from '../src/usecases/roster/follow-student.ts';

export const schoolId = '0198c1de-6c1e-7b5e-9c1a-0d3b1f6f2a10';
export const at = (text: string): Date => new Date(text);
export const day = (text: string): SchoolDate => text as SchoolDate;

export function invoicePaid(overrides: Partial<Extract<Fact, { kind: 'INVOICE_PAID' }>> = {}): Fact {
  const payment = { paidAt: at('2026-11-21T00:05:00Z'), gateway: 'vnpay', transaction: '14349876' };
  return {
    kind: 'INVOICE_PAID',
    invoiceId: 'invoice-1',
    invoiceTitle: 'Thu tháng 11/2026',
    studentName: 'Bùi Thanh Giang',
    className: '1A',
    paid: vnd(1_250_000n),
    payment,
    ...overrides,
  };
}

export function origin(eventId: string, overrides: Partial<Origin> = {}): Origin {
  return { eventId, studentId: 'pupil-1', occurredAt: at('2026-11-21T00:05:01Z'), announcedAt: at('2026-11-21T00:05:02Z'), ...overrides };
}

/** A lunch of 35,000 đ on Monday, cut for absence, as billing credits it or takes it back. */
export function mealCredited(
  { balance = vnd(35_000n), ...meal }: Partial<MealCredited['meals'][0]> & { balance?: MealCredited['balance'] } = {},
  kind: MealCredited['kind'] = 'MEAL_CREDITED',
): MealCredited {
  const lunch = { ...monday, amount: vnd(35_000n), reason: 'ABSENT' as const };
  return { kind, studentName: 'Bùi Thanh Giang', meals: [{ ...lunch, ...meal }], balance };
}

/** The same lunch, told at 8:20. */
export function mealCutLate(meal: Partial<LateMeal> = {}): MealCutLate {
  const told = { cutoffAt: at('2026-11-23T01:00:00Z'), reportedAt: at('2026-11-23T01:20:00Z') };
  return {
    kind: 'MEAL_CUT_LATE',
    studentName: 'Bùi Thanh Giang',
    meals: [{ ...monday, price: vnd(35_000n), reason: 'ABSENT', ...told, ...meal }],
  };
}

export function lateCutEnded(meal: Partial<MealCutLateEnded['meals'][0]> = {}): MealCutLateEnded {
  return {
    kind: 'MEAL_CUT_LATE_ENDED',
    studentName: 'Bùi Thanh Giang',
    meals: [{ ...monday, price: vnd(35_000n), stands: 'BOOKED', ...meal }],
  };
}

const monday = { date: '2026-11-23' as SchoolDate, meal: 'LUNCH' } as const;

export function guardian(id: string, overrides: Partial<GuardianFacts> = {}): GuardianFacts {
  const guardianships = [{ studentId: 'pupil-1', from: day('2026-09-05') }];
  return { id, name: 'Phan Hữu Nam', email: `${id}@example.vn`, language: 'vi', wantsNotices: true, guardianships, ...overrides };
}

export const markedAt = at('2026-11-23T00:30:00Z');

/** Marked absent without leave on Monday morning at 7:30. */
export function mark(overrides: Partial<Mark> = {}): Mark {
  const pupil = { studentId: 'pupil-1', studentName: 'Bùi Thanh Giang', classId: 'class-1a', className: '1A' };
  const said = { kind: 'ABSENT_WITHOUT_LEAVE', source: 'ROLL_CALL', reportedAt: markedAt, submittedAt: markedAt } as const;
  return { ...pupil, date: day('2026-11-23'), session: 'MORNING', ...said, ...overrides };
}

export function markOrigin({ studentId, submittedAt }: Mark, version: number): Origin {
  return origin(`mark-${version}`, { studentId, occurredAt: submittedAt, announcedAt: submittedAt });
}

export const morning = { date: day('2026-11-23'), session: 'MORNING' } as const;
export const office = { subject: 'principal@79000701', scope: 'SCHOOL' } as const;
export const teacher = (subject = 'lan@79000701') => ({ subject, scope: 'CLASSES' }) as const;

/** Events as the listeners bring them, through the use cases, in transactions of their own. */
export function steps(transact: Transact<NotificationTx>, school = schoolId) {
  const run = <R>(useCase: (tx: NotificationTx) => Promise<R>): Promise<R> => transact({ schoolId: school }, useCase);
  return {
    run,
    school: (version = 1) => run((tx) => followSchool(tx, { school: { id: school, name: 'Trường Tiểu học Hoa Phượng' }, version })),
    student: (id = 'pupil-1', version = 1, className = '1A') => run((tx) => followStudent(tx, { student: { id, className }, version })),
    guardian: (facts: GuardianFacts, version = 1) =>
      run((tx) => followGuardian(tx, { guardian: { changedAt: at('2026-09-05T00:00:00Z'), ...facts }, version })),
    paid: (eventId: string, overrides: Partial<Origin> = {}) =>
      run((tx) => alertGuardians(tx, { origin: origin(eventId, overrides), fact: invoicePaid() })),
    /** Version 3 comes by the event "mark-3". */
    marked: (version: number, overrides: Partial<Mark> = {}) => {
      const heard = mark(overrides);
      return run((tx) => followMark(tx, { mark: heard, version, origin: markOrigin(heard, version) }));
    },
    /** Version 3 comes by the event "meal-3", or by another of that name. */
    meal: (version: number, fact: MealFact, { eventId = `meal-${version}`, ...overrides }: Partial<Origin> = {}) =>
      run((tx) => keepMeal(tx, { fact, version, origin: origin(eventId, { occurredAt: markedAt, announcedAt: markedAt, ...overrides }) })),
    teacher: (subject: string, classId: string, { until, version = 1 }: { until?: string; version?: number } = {}) => {
      const assignment = { subject, classId, from: day('2026-09-05'), ...(until === undefined ? {} : { until: day(until) }) };
      return run((tx) => followClassTeacher(tx, { assignment, version }));
    },
    /** As the clock does it. */
    compose: () =>
      run(async (tx) => {
        await composeMealLetters(tx, { limit: 100 });
        await composeWaitingAlerts(tx, { limit: 100 });
      }),
    release: (limit = 100) => run((tx) => releaseDueAbsences(tx, { limit })),
    /** Sends everything that is due, to a provider that takes it. */
    send: async () => {
      const claimed = (await run((tx) => claimDeliveries(tx, { limit: 100, leaseMs: 60_000 }))).value.claimed;
      for (const { delivery } of claimed) {
        await run((tx) => recordDelivery(tx, { deliveryId: delivery.id, claim: delivery.claim, outcome: { kind: 'SENT' } }));
      }
      return claimed.map(({ delivery, message }) => `${delivery.kind} → ${delivery.guardianId}: ${message.subject}`).sort();
    },
  };
}

/** Lets time pass for leases and waits: they are reckoned by the server's clock, which no test can set, so what is due comes nearer instead. */
export async function elapse({ db }: Pick<TestDatabase<unknown>, 'db'>, ms: number): Promise<void> {
  await db.collection('deliveries').updateMany({ dueAt: { $type: 'date' } }, [{ $set: { dueAt: { $subtract: ['$dueAt', ms] } } }]);
}
