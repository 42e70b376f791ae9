import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { Session } from './half-day.ts';
import type { LeaveRequest } from './leave.ts';
import { changesByLeave, openHalves, rollCallIdsOf, rollCallsFor } from './leave-marks.ts';
import type { KnownPupil } from './pupil.ts';
import { emptyRollCall } from './roll-call.ts';

const half = (date: string, session: Session = 'MORNING') => ({ date: date as SchoolDate, session });
const pupil: KnownPupil = {
  ...{ id: 'an', name: 'An', classId: 'new', className: '1B', grade: 1, leftOn: undefined },
  ...{ classIds: ['old', 'new'], memberships: [] },
};
const told = new Date('2026-11-22T23:40:00Z');
const leave: LeaveRequest = {
  ...{ id: 'leave', studentId: 'an', first: half('2026-11-23'), last: half('2026-11-24'), reason: '', reportedAt: told },
  ...{ requestedBy: 'mother', requestedAt: told, status: 'STANDING' },
};
const halves = [half('2026-11-23'), half('2026-11-24')];

test('leave changes each half-day once, and its repeat none', () => {
  const days = { pupil, halves, rollCalls: [], leaves: [] };
  const changes = changesByLeave(days, leave);
  expect(changes.map(({ halfDay, before, after }) => [halfDay.date, before, after?.kind])).toEqual([
    ['2026-11-23', undefined, 'ABSENT_WITH_LEAVE'],
    ['2026-11-24', undefined, 'ABSENT_WITH_LEAVE'],
  ]);
  expect(changesByLeave({ ...days, leaves: [leave] }, leave)).toEqual([]);
});

test('leave that is withdrawn from the second day on gives that day back and no other', () => {
  const withdrawn: LeaveRequest = { ...leave, status: 'WITHDRAWN', withdrawnAt: told, withdrawnFrom: half('2026-11-24') };
  const changes = changesByLeave({ pupil, halves, rollCalls: [], leaves: [leave] }, withdrawn);
  expect(changes).toMatchObject([{ halfDay: { date: '2026-11-24' }, before: { kind: 'ABSENT_WITH_LEAVE' }, after: undefined }]);
});

test('the roll calls that could be called meanwhile are those up to tomorrow, of every class of the pupil', () => {
  const open = openHalves([half('2026-11-23'), half('2026-11-24'), half('2026-11-25')], '2026-11-23' as SchoolDate);
  expect(open.map(({ date }) => date)).toEqual(['2026-11-23', '2026-11-24']);
  expect(rollCallIdsOf(pupil, open)).toHaveLength(4);
  const old = emptyRollCall({ classId: 'old', className: '1A' }, half('2026-11-23'));
  expect(rollCallsFor(pupil, open, [{ ...old, version: 3 }]).map(({ classId, version }) => [classId, version])).toEqual([
    ['new', 0],
    ['old', 3],
    ['new', 0],
  ]);
});
