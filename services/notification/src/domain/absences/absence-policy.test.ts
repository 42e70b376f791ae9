import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type AbsencePolicy, isStale, type LaidDown, layDown, policyOn, releaseTime, samePolicy, tells } from './absence-policy.ts';

const day = (text: string): SchoolDate => text as SchoolDate;
const at = (text: string): Date => new Date(text);
const usual = policyOn([], day('2026-11-23'));
const laidDown = (effectiveFrom: string, setAt: string, overrides: Partial<AbsencePolicy> = {}): LaidDown => ({
  ...usual,
  id: `${effectiveFrom} ${setAt}`,
  effectiveFrom: day(effectiveFrom),
  citation: 'Quyết định 12/QĐ-HT',
  setAt: at(setAt),
  setBy: 'principal',
  ...overrides,
});

test('where a school laid down nothing, only absence without leave is told, after ten minutes', () => {
  const kinds = ['ABSENT_WITHOUT_LEAVE', 'ABSENT_WITH_LEAVE', 'LATE', 'PRESENT', 'EXPECTED'] as const;
  expect(kinds.filter((kind) => tells(usual, kind))).toEqual(['ABSENT_WITHOUT_LEAVE']);
  expect(usual).toMatchObject({ graceMinutes: 10, confirmation: 'NOT_NEEDED', longestWaitMinutes: 60 });
});

test('each flag lets its own kind be told', () => {
  expect(tells({ ...usual, tellLate: true }, 'LATE')).toBe(true);
  expect(tells({ ...usual, tellWithLeave: true }, 'ABSENT_WITH_LEAVE')).toBe(true);
  expect(tells({ ...usual, tellWithoutLeave: false }, 'ABSENT_WITHOUT_LEAVE')).toBe(false);
});

test('the policy of a day is the one that took effect last, whatever the order in which they were laid down', () => {
  const all = [laidDown('2026-12-01', '2026-11-01T00:00:00Z'), laidDown('2026-09-05', '2026-11-02T00:00:00Z')];
  expect(policyOn(all, day('2026-09-04')).id).toBe('');
  expect(policyOn(all, day('2026-11-30')).effectiveFrom).toBe('2026-09-05');
  expect(policyOn(all, day('2026-12-01')).effectiveFrom).toBe('2026-12-01');
});

test('of two policies from the same day the later one holds', () => {
  const all = [laidDown('2026-12-01', '2026-11-02T00:00:00Z'), laidDown('2026-12-01', '2026-11-01T00:00:00Z')];
  expect(policyOn(all, day('2026-12-01')).id).toBe('2026-12-01 2026-11-02T00:00:00Z');
});

test('the window is reckoned from when the mark was submitted', () => {
  const mark = { date: day('2026-11-23'), submittedAt: at('2026-11-23T00:30:00Z') };
  expect(releaseTime(usual, mark)).toEqual(at('2026-11-23T00:40:00Z'));
  expect(releaseTime({ ...usual, confirmation: 'NEEDED' }, mark)).toEqual(at('2026-11-23T01:30:00Z'));
});

test('leave for a day to come is told on the morning of that day', () => {
  const mark = { date: day('2026-11-25'), submittedAt: at('2026-11-23T00:30:00Z') };
  expect(releaseTime(usual, mark)).toEqual(at('2026-11-24T23:00:00Z'));
});

test('an absence is news until the end of the next day in Vietnam', () => {
  expect(isStale(day('2026-11-23'), at('2026-11-24T16:59:59Z'))).toBe(false);
  expect(isStale(day('2026-11-23'), at('2026-11-24T17:00:00Z'))).toBe(true);
});

test.each([
  [{ graceMinutes: -1 }, 'GRACE_WRONG'],
  [{ graceMinutes: 121 }, 'GRACE_WRONG'],
  [{ confirmation: 'NEEDED', graceMinutes: 30, longestWaitMinutes: 29 }, 'LONGEST_WAIT_WRONG'],
  [{ longestWaitMinutes: 241 }, 'LONGEST_WAIT_WRONG'],
] as const)('times that would leave a guardian uninformed are refused: %j', (wrong, code) => {
  expect(layDown({ ...usual, ...wrong })).toMatchObject({ ok: false, refusal: { code } });
});

test('the ends of what is allowed are allowed', () => {
  expect(layDown({ ...usual, graceMinutes: 0 }).ok).toBe(true);
  expect(layDown({ ...usual, graceMinutes: 120, confirmation: 'NEEDED', longestWaitMinutes: 120 }).ok).toBe(true);
  expect(layDown({ ...usual, longestWaitMinutes: 240 }).ok).toBe(true);
});

test('who laid it down, and when, does not make it another policy', () => {
  const [first] = [laidDown('2026-12-01', '2026-11-02T00:00:00Z')];
  expect(samePolicy(first, { ...first, setAt: at('2026-11-03T00:00:00Z') } as LaidDown)).toBe(true);
  expect(samePolicy(first, { ...first, tellLate: true })).toBe(false);
});
