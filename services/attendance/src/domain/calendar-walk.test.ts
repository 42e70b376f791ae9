import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { SchoolYear } from './calendar.ts';
import { changesByCalendar, moveOn, startWalk, type ToldHalfDay } from './calendar-walk.ts';
import type { Session } from './half-day.ts';
import type { LeaveRequest } from './leave.ts';
import type { KnownPupil } from './pupil.ts';
import { emptyRollCall, type RollCall } from './roll-call.ts';

const day = (text: string) => text as SchoolDate;
const half = (date: string, session: Session = 'MORNING') => ({ date: day(date), session });
const year = (facts: Partial<SchoolYear> = {}): SchoolYear => ({
  ...{ id: 'before', name: '2026-2027', firstDay: day('2026-09-05'), lastDay: day('2027-05-31'), citation: 'Quyết định', holidays: [] },
  ...{ weekdays: { MORNING: [1, 2, 3, 4, 5], AFTERNOON: [1, 2] }, opens: { MORNING: '06:00', AFTERNOON: '12:00' } },
  ...facts,
});
const storm = { firstDay: day('2026-11-24'), lastDay: day('2026-11-24'), name: 'Nghỉ bão', citation: 'Công văn khẩn' };
const stormy = year({ id: 'after', holidays: [storm] });
const now = new Date('2026-11-23T12:00:00Z');
const pupil: KnownPupil = {
  ...{ id: 'an', name: 'An', classId: 'class', className: '1A', grade: 1, leftOn: undefined },
  ...{ classIds: ['class'], memberships: [] },
};
const told = new Date('2026-11-22T12:00:00Z');
const leave: LeaveRequest = {
  ...{ id: 'leave', studentId: 'an', first: half('2026-11-23'), last: half('2026-11-29'), reason: '', reportedAt: told },
  ...{ requestedBy: 'mother', requestedAt: told, status: 'STANDING' },
};
const tuesday = half('2026-11-24');
const away: ToldHalfDay = { ...tuesday, kind: 'ABSENT_WITH_LEAVE', reportedAt: told };
const changes = (known: readonly ToldHalfDay[], facts: { leaves?: LeaveRequest[]; rollCalls?: RollCall[]; of?: SchoolYear } = {}) => {
  const { leaves = [leave], rollCalls = [], of = year() } = facts;
  return changesByCalendar({ pupil, halves: [tuesday], rollCalls, leaves }, known, [of]);
};

test('a walk begins when no transaction of before can be at work any more, and ends behind the last class', () => {
  const walk = startWalk(year(), stormy, now);
  if (!walk) throw new Error('Tuesday closes');
  expect(walk).toMatchObject({ id: 'after', before: 'before', classId: '', done: false, dueAt: new Date('2026-11-23T12:00:20Z') });
  expect(moveOn(walk, 'class')).toMatchObject({ classId: 'class', done: false });
  expect(moveOn(walk, undefined).done).toBe(true);
  expect(startWalk(year(), year({ id: 'after', citation: 'Quyết định khác' }), now)).toBeUndefined();
});

test('an absence that others were told ends where there is no school any more, and with it says why', () => {
  expect(changes([away], { of: stormy })).toMatchObject([
    { halfDay: tuesday, before: { kind: 'ABSENT_WITH_LEAVE', reportedAt: told }, after: undefined, noSchool: { name: 'Nghỉ bão' } },
  ]);
  expect(changes([], { of: stormy })).toEqual([]);
});

test('leave for a half-day that opens is told, and is told once', () => {
  expect(changes([])).toMatchObject([{ before: undefined, after: { kind: 'ABSENT_WITH_LEAVE', reportedAt: told, source: 'LEAVE' } }]);
  expect(changes([away])).toEqual([]);
});

test('what was told and holds no more is put right, by the calendars of now', () => {
  const submission = { id: 'act', source: 'ROLL_CALL', takenAt: now, submittedAt: now, by: 'teacher', reason: undefined } as const;
  const present = { ...submission, marks: [{ studentId: 'an', kind: 'PRESENT', reportedAt: undefined } as const] };
  const rollCalls = [{ ...emptyRollCall(pupil, tuesday), submissions: [present] }];
  expect(changes([away], { rollCalls })).toMatchObject([{ before: { kind: 'ABSENT_WITH_LEAVE' }, after: { kind: 'PRESENT' } }]);
  expect(changes([], { rollCalls })).toEqual([]);
  expect(changes([away], { leaves: [] })).toMatchObject([{ before: { kind: 'ABSENT_WITH_LEAVE' }, after: undefined }]);
  expect(changes([{ ...away, reportedAt: now }])).toMatchObject([{ after: { reportedAt: told } }]);
});
