import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { halvesOf } from './half-day.ts';
import type { MarkKind, Submission } from './mark.ts';
import { placesAfter, type SchoolClass, summaryOf } from './overview.ts';
import type { KnownPupil } from './pupil.ts';
import { emptyRollCall } from './roll-call.ts';

const halves = halvesOf('2026-11-23' as SchoolDate);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 0, minute));
const named = (className: string): SchoolClass => ({
  classId: `id of ${className}`,
  className,
  grade: Number.parseInt(className, 10) || 0,
});

test('classes come by grade, name and half of the day, each once, whatever the size of a page', () => {
  const classes = ['10A1', '1B', 'Mầm', '1A', '2A'].map(named);
  for (const size of [1, 3, 10, 500]) {
    const found: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { places, next } = placesAfter(classes, halves, { after, size });
      found.push(...places.map(({ className, half }) => `${className} ${half.session}`));
      after = next;
    }
    expect(found).toEqual(['Mầm', '1A', '1B', '2A', '10A1'].flatMap((name) => [`${name} MORNING`, `${name} AFTERNOON`]));
  }
});

const submission = (facts: Partial<Submission>, marks: Readonly<Record<string, MarkKind>>): Submission => ({
  ...{ id: 'act', source: 'ROLL_CALL', takenAt: at(30), submittedAt: at(59), by: 'teacher', reason: undefined },
  ...{ ...facts, marks: Object.entries(marks).map(([studentId, kind]) => ({ studentId, kind, reportedAt: at(30) })) },
});
const pupils = ['an', 'binh', 'chi', 'dung'].map((id): KnownPupil => {
  return { id, name: id, classId: 'class', className: '1A', grade: 1, leftOn: undefined, classIds: ['class'], memberships: [] };
});
const rollOf = (submissions: Submission[]) => {
  const rollCall = emptyRollCall({ classId: 'class', className: '1A' }, { date: '2026-11-23' as SchoolDate, session: 'MORNING' });
  return { rollCall: { ...rollCall, submissions }, elsewhere: [], pupils, leaves: [], noSchool: undefined };
};

test('every pupil of a class is counted once, by how the pupil stands', () => {
  const early = submission({}, { an: 'PRESENT', binh: 'ABSENT_WITHOUT_LEAVE', chi: 'ABSENT_WITHOUT_LEAVE' });
  const late = submission({ id: 'gate', source: 'GATE', takenAt: at(45), by: 'gate-1' }, { binh: 'LATE' });
  expect(summaryOf(rollOf([late, early]))).toMatchObject({
    ...{ className: '1A', called: { at: at(30), by: 'teacher' }, unmarked: 1 },
    counts: { PRESENT: 1, LATE: 1, ABSENT_WITH_LEAVE: 0, ABSENT_WITHOUT_LEAVE: 1 },
  });
});

test('a roll was called by who called it last; scans and corrections alone call none', () => {
  const again = submission({ id: 'again', takenAt: at(40), by: 'substitute' }, { an: 'PRESENT' });
  expect(summaryOf(rollOf([again, submission({}, { an: 'PRESENT' })])).called).toEqual({ at: at(40), by: 'substitute' });
  const others = (['GATE', 'CORRECTION'] as const).map((source) => submission({ id: source, source }, { an: 'PRESENT' }));
  expect(summaryOf(rollOf(others))).toMatchObject({ called: undefined, counts: { PRESENT: 1 }, unmarked: 3 });
});
