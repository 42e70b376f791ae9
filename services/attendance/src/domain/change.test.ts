import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { changeOf, isNews } from './change.ts';
import type { MarkKind, Report } from './mark.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 0, minute));
const pupil = { id: 'an', name: 'An', classId: 'class', className: '1A', grade: 1, leftOn: undefined };
const half = { date: '2026-11-23' as SchoolDate, session: 'MORNING' } as const;
const said = (...acts: readonly (readonly [MarkKind, number])[]) => {
  const reports = acts.map(([kind, taken]): Report => {
    const times = { takenAt: at(taken), submittedAt: at(taken), reportedAt: at(taken) };
    return { id: String(taken), source: 'ROLL_CALL', by: 'teacher', studentId: 'an', kind, ...times };
  });
  return { reports, leaves: [] };
};

test.each([
  ['present, as expected', [], ['PRESENT', 10], false],
  ['away', [], ['ABSENT_WITHOUT_LEAVE', 10], true],
  ['late', [], ['LATE', 10], true],
  ['away after having been present', [['PRESENT', 5]], ['ABSENT_WITHOUT_LEAVE', 10], true],
  ['present after having been away', [['ABSENT_WITHOUT_LEAVE', 5]], ['PRESENT', 10], true],
  ['with leave after without', [['ABSENT_WITHOUT_LEAVE', 5]], ['ABSENT_WITH_LEAVE', 10], true],
] as const)('others hear of a pupil who is %s: %#', (_, before, last, news) => {
  const change = changeOf(pupil, half, { before: said(...before), after: said(...before, last) });
  expect(change && isNews(change)).toBe(news);
});

test('what changes nothing is no change', () => {
  const away = [['ABSENT_WITHOUT_LEAVE', 10]] as const;
  expect(changeOf(pupil, half, { before: said(), after: said() })).toBeUndefined();
  expect(changeOf(pupil, half, { before: said(...away), after: said(...away, ['ABSENT_WITHOUT_LEAVE', 20]) })).toBeUndefined();
});

test('an absence that turns out to have been told earlier is news', () => {
  const change = changeOf(pupil, half, {
    before: said(['ABSENT_WITHOUT_LEAVE', 20]),
    after: said(['ABSENT_WITHOUT_LEAVE', 10], ['ABSENT_WITHOUT_LEAVE', 20]),
  });
  expect(change).toMatchObject({ before: { reportedAt: at(20) }, after: { reportedAt: at(10) } });
});
