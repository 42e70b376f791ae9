import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import {
  type Act,
  add,
  earlierSubmission,
  emptyRollCall,
  isCalled,
  type RollCall,
  reportsOf,
  rollCallId,
  submissionOf,
  touched,
} from './roll-call.ts';

const now = new Date('2026-11-23T01:00:00Z');
const half = { date: '2026-11-23' as SchoolDate, session: 'MORNING' } as const;
const empty = emptyRollCall({ classId: 'class', className: '1A' }, half);
const act = (facts: Partial<Act> = {}): Act => ({
  id: 'act',
  source: 'ROLL_CALL',
  takenAt: undefined,
  reason: undefined,
  marks: [{ studentId: 'an', kind: 'PRESENT', reportedAt: undefined }],
  ...facts,
});
const taken = (rollCall: RollCall, wanted: Act): RollCall => {
  const added = add(rollCall, submissionOf(wanted, { by: 'teacher', now }));
  if (!added.ok) throw new Error(added.refusal.code);
  return added.value;
};

test('a class has one roll call for each half-day', () => {
  expect(empty.id).toBe(rollCallId('class', half));
  expect(rollCallId('class', { ...half, session: 'AFTERNOON' })).not.toBe(empty.id);
});

test('a time of taking that is left out is that of the server; one of the report stays left out', () => {
  const submission = submissionOf(act(), { by: 'teacher', now });
  expect(submission).toMatchObject({ takenAt: now, submittedAt: now, marks: [{ reportedAt: undefined }] });
  const told = act({ marks: [{ studentId: 'an', kind: 'PRESENT', reportedAt: now }] });
  expect(earlierSubmission(taken(empty, act()), told)).toMatchObject({ ok: true, value: { id: 'act' } });
});

test('what was said before stays as it was', () => {
  const first = taken(empty, act());
  const second = taken(first, act({ id: 'correction', source: 'CORRECTION', reason: 'Nhầm tên' }));
  expect(second.submissions[0]).toBe(first.submissions[0]);
  expect(second).toMatchObject({ version: 2, submissions: [{ id: 'act' }, { id: 'correction' }] });
});

test('the same act again is found; the same id with something else is refused', () => {
  const called = taken(empty, act());
  expect(earlierSubmission(called, act())).toMatchObject({ ok: true, value: { id: 'act' } });
  expect(earlierSubmission(called, act({ id: 'other' }))).toEqual({ ok: true, value: undefined });
  const different: Partial<Act>[] = [
    { marks: [] },
    { marks: [{ studentId: 'an', kind: 'LATE', reportedAt: undefined }] },
    { marks: [{ studentId: 'an', kind: 'PRESENT', reportedAt: new Date(0) }] },
    { takenAt: new Date(0) },
    { source: 'GATE' },
    { reason: 'x' },
  ];
  for (const facts of different) expect(earlierSubmission(called, act(facts))).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});

test('a device that never stops is stopped', () => {
  let full = empty;
  for (let count = 0; count < 400; count++) full = taken(full, act({ id: String(count) }));
  expect(add(full, submissionOf(act(), { by: 'x', now }))).toMatchObject({ refusal: { code: 'ROLL_CALL_FULL' } });
});

test('scans alone do not make a roll call, and a touch says nothing', () => {
  expect(isCalled(taken(empty, act({ source: 'GATE' })))).toBe(false);
  expect(isCalled(taken(empty, act()))).toBe(true);
  expect(touched(empty)).toEqual({ ...empty, version: 1 });
});

test('reports are gathered by pupil over all roll calls', () => {
  const [one, other] = [taken(empty, act()), taken(empty, act({ id: 'other' }))];
  expect(
    reportsOf([one, other])
      .get('an')
      ?.map(({ id }) => id),
  ).toEqual(['act', 'other']);
});
