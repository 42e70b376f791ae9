import type { SchoolDate } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AbsenceAlert,
  asVerified,
  confirm,
  factOf,
  type HeldAlert,
  hear,
  holdBack,
  type OtherHalf,
  release,
  reopen,
  retractionOf,
  type Telling,
} from './absence-alert.ts';
import { type AbsencePolicy, policyOn } from './absence-policy.ts';
import { type Mark, type MarkKind, newsOf } from './mark.ts';

const now = new Date('2026-11-23T00:30:00Z');
const after = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
const date = '2026-11-23' as SchoolDate;
const usual = policyOn([], date);
const everything: AbsencePolicy = { ...usual, tellWithLeave: true, tellLate: true };
const nobody: OtherHalf = { alert: undefined, reached: true };

function heard(version: number, kind: MarkKind = 'ABSENT_WITHOUT_LEAVE', overrides: Partial<Mark> = {}) {
  const pupil = { studentId: 's1', studentName: 'Bùi Thanh Giang', classId: 'c1', className: '1A' };
  const submitted = { reportedAt: after(version), submittedAt: after(version), source: 'ROLL_CALL' } as const;
  const mark: Mark = { ...pupil, date, session: 'MORNING', kind, ...submitted, ...overrides };
  return { mark, version, origin: { eventId: `e${version}`, studentId: 's1', occurredAt: now, announcedAt: now } };
}

function follow(before: AbsenceAlert | undefined, next: ReturnType<typeof heard>, policy = usual): AbsenceAlert {
  const step = hear(before, next, policy, now);
  if (!step) throw new Error('was older');
  return step.alert;
}

const held = (policy = usual, kind: MarkKind = 'ABSENT_WITHOUT_LEAVE'): HeldAlert => {
  const alert = follow(undefined, heard(1, kind), policy);
  if (alert.status !== 'HELD') throw new Error('was not held');
  return alert;
};
const released = (policy = usual, kind: MarkKind = 'ABSENT_WITHOUT_LEAVE') => release(held(policy, kind), nobody, after(11));

test('a mark that is told is held, one that is not told by the policy is not', () => {
  expect(held()).toMatchObject({ status: 'HELD', news: 'ABSENT', releaseAt: after(11) });
  expect(follow(undefined, heard(1, 'LATE'))).toMatchObject({ status: 'SUPPRESSED', because: 'NOT_TOLD' });
});

test('a hold is not prolonged by another time or another absent mark', () => {
  const again = follow(held(), heard(2));
  expect(again).toMatchObject({ status: 'HELD', releaseAt: after(11), version: 2, origin: { eventId: 'e1' } });
});

test('leave that becomes known inside the window suppresses the alert', () => {
  expect(follow(held(), heard(2, 'ABSENT_WITH_LEAVE'))).toMatchObject({ status: 'SUPPRESSED', because: 'NOT_TOLD' });
});

test('who was told late and is away after all is told so, without a retraction between', () => {
  const late = released(everything, 'LATE');
  const step = hear(late, heard(2), everything, now);
  expect(step).toEqual({
    alert: expect.objectContaining({ status: 'HELD', news: 'ABSENT', told: expect.objectContaining({ news: 'LATE' }) }),
  });
  expect(follow(step?.alert, heard(3, 'LATE'), everything)).toMatchObject({ status: 'RELEASED', told: { news: 'LATE', eventId: 'e1' } });
  expect(hear(step?.alert, heard(3, 'PRESENT'), everything, now)).toMatchObject({
    alert: { status: 'RETRACTED' },
    takeBack: { eventId: 'e1' },
  });
});

test('who was told absent and came late hears it by the retraction alone', () => {
  const step = hear(released(everything), heard(2, 'LATE'), everything, now);
  if (!step?.takeBack) throw new Error('nothing is taken back');
  expect(step.alert.status).toBe('RETRACTED');
  expect(retractionOf(step.alert, step.takeBack)).toMatchObject({ kind: 'MARK_RETRACTED', said: 'ABSENT', stands: 'LATE' });
});

test('a letter says what stands when it goes out', () => {
  const alert = release(held(everything), nobody, after(11));
  expect(alert.status === 'RELEASED' && factOf(alert)).toMatchObject({ kind: 'ABSENT', session: 'MORNING', withLeave: false });
  const leave = release(held(everything, 'ABSENT_WITH_LEAVE'), nobody, after(11));
  expect(leave.status === 'RELEASED' && factOf(leave)).toMatchObject({ kind: 'ABSENT', withLeave: true });
  const late = release(held(everything, 'LATE'), nobody, after(11));
  expect(late.status === 'RELEASED' && factOf(late)).toMatchObject({ kind: 'LATE' });
});

test('a confirmed alert is due at once, and a second confirmation changes nothing', () => {
  const confirmed = confirm(held(), { by: 'lan', named: false }, after(2));
  expect(confirmed).toMatchObject({ status: 'HELD', releaseAt: after(2), confirmed: { by: 'lan', at: after(2) } });
  expect(confirm(confirmed, { by: 'minh', named: true }, after(3))).toBe(confirmed);
  const gone = released();
  expect(confirm(gone, { by: 'lan', named: true }, after(20))).toBe(gone);
});

test('what was held back goes only where the pupil is named', () => {
  const back = holdBack(held(), { by: 'lan', reason: 'Mẹ đang ở trường' }, now);
  if (!back.ok) throw new Error(back.refusal.code);
  expect(confirm(back.value, { by: 'lan', named: false }, now)).toBe(back.value);
  expect(confirm(back.value, { by: 'lan', named: true }, now)).toMatchObject({ status: 'HELD', releaseAt: now, origin: { eventId: 'e1' } });
});

test('a person who held an alert back is not overruled by another time, but by a correction and a new absence', () => {
  const back = holdBack(held(), { by: 'lan', reason: 'r' }, now);
  if (!back.ok) throw new Error(back.refusal.code);
  const same = follow(back.value, heard(2));
  expect(same).toMatchObject({ because: 'HELD_BACK', version: 2 });
  const corrected = follow(same, heard(3, 'PRESENT'));
  expect(corrected).toMatchObject({ because: 'CORRECTED' });
  expect(follow(corrected, heard(4))).toMatchObject({ status: 'HELD', origin: { eventId: 'e4' } });
});

test('holding back twice is once, and what went out cannot be held back', () => {
  const back = holdBack(held(), { by: 'lan', reason: 'r' }, now);
  if (!back.ok) throw new Error(back.refusal.code);
  expect(holdBack(back.value, { by: 'minh', reason: 'x' }, after(1))).toEqual(back);
  expect(holdBack(released(), { by: 'lan', reason: 'r' }, now)).toEqual({ ok: false, refusal: { code: 'ALERT_WENT_OUT' } });
  expect(holdBack(follow(held(), heard(2, 'PRESENT')), { by: 'lan', reason: 'r' }, now)).toEqual({
    ok: false,
    refusal: { code: 'NOTHING_TO_HOLD' },
  });
});

test('only an afternoon that continues is reopened', () => {
  expect(reopen(undefined, now)).toBeUndefined();
  expect(reopen(released(), now)).toBeUndefined();
  const afternoon = follow(undefined, heard(2, 'ABSENT_WITHOUT_LEAVE', { session: 'AFTERNOON' }));
  if (afternoon.status !== 'HELD') throw new Error('was not held');
  const continuing = release(afternoon, { alert: released(), reached: true }, after(400));
  expect(continuing).toMatchObject({ because: 'CONTINUES' });
  expect(reopen(continuing, now)).toMatchObject({ status: 'HELD', releaseAt: now, origin: { eventId: 'e2' } });
});

test('late in the morning does not make an absent afternoon a known one', () => {
  const afternoon = follow(undefined, heard(2, 'ABSENT_WITHOUT_LEAVE', { session: 'AFTERNOON' }));
  if (afternoon.status !== 'HELD') throw new Error('was not held');
  expect(release(afternoon, { alert: released(everything, 'LATE'), reached: true }, after(400)).status).toBe('RELEASED');
});

test('the absent come first, then by name as Vietnamese sorts it', () => {
  const of = (kind: MarkKind, studentName: string) => follow(undefined, heard(1, kind, { studentName, studentId: studentName }));
  const alerts = [
    of('LATE', 'An'),
    of('PRESENT', 'An'),
    of('ABSENT_WITH_LEAVE', 'An'),
    of('ABSENT_WITHOUT_LEAVE', 'Em'),
    of('ABSENT_WITHOUT_LEAVE', 'Đức'),
  ];
  expect(alerts.toSorted(asVerified).map(({ mark }) => `${mark.kind} ${mark.studentName}`)).toEqual([
    'ABSENT_WITHOUT_LEAVE Đức',
    'ABSENT_WITHOUT_LEAVE Em',
    'ABSENT_WITH_LEAVE An',
    'LATE An',
    'PRESENT An',
  ]);
});

/** What guardians believe of the half-day after all letters: an alert says it, its retraction takes it back. */
function believed(marks: readonly ReturnType<typeof heard>[], policy: AbsencePolicy, releaseAfter: ReadonlySet<number>) {
  let alert: AbsenceAlert | undefined;
  let belief: Telling | undefined;
  const letters: string[] = [];
  const tick = (): void => {
    if (alert?.status !== 'HELD') return;
    alert = release(alert, nobody, after(500));
    if (alert.status !== 'RELEASED') return;
    belief = alert.told;
    letters.push(`${belief.news} ${belief.eventId}`);
  };
  for (const [index, each] of marks.entries()) {
    const step = hear(alert, each, policy, after(500));
    if (step?.takeBack) {
      expect(step.takeBack).toEqual(belief);
      belief = undefined;
      letters.push(`RETRACTED ${step.takeBack.eventId}`);
    }
    if (step) alert = step.alert;
    if (releaseAfter.has(index)) tick();
  }
  tick();
  return { belief: belief?.news, letters, alert };
}

test('in any order, however often and however late marks come, guardians end up believing what stands, and no letter goes twice', () => {
  const kinds: readonly MarkKind[] = ['PRESENT', 'LATE', 'ABSENT_WITH_LEAVE', 'ABSENT_WITHOUT_LEAVE', 'EXPECTED', 'NO_SCHOOL'];
  const story = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 }).chain((said) => {
    const marks = said.map((kind, index) => heard(index + 1, kind));
    return fc.record({
      marks: fc.array(fc.constantFrom(...marks), { maxLength: 12 }).map((some) => [...some, ...marks]),
      releases: fc.uniqueArray(fc.nat(18)),
      policy: fc.constantFrom(usual, everything),
    });
  });
  fc.assert(
    fc.property(story, ({ marks, releases, policy }) => {
      const { belief, letters, alert } = believed(marks, policy, new Set(releases));
      const stands = alert && newsOf(alert.mark.kind);
      expect(new Set(letters).size).toBe(letters.length);
      // Never the opposite of what stands; silence only where the policy or a retraction has it so.
      expect([undefined, stands]).toContain(belief);
      if (stands === 'ABSENT' && alert?.mark.kind === 'ABSENT_WITHOUT_LEAVE') expect(belief).toBe('ABSENT');
    }),
  );
});
