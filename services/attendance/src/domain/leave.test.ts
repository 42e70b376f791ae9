import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { Session } from './half-day.ts';
import { covering, type LeaveWish, requestLeave, withdraw } from './leave.ts';
import type { Actor } from './rights.ts';

const now = new Date('2026-11-23T01:00:00Z');
const half = (date: string, session: Session = 'MORNING') => ({ date: date as SchoolDate, session });
const wish = (facts: Partial<LeaveWish> = {}): LeaveWish => ({
  ...{ id: 'leave', studentId: 'an', first: half('2026-11-20', 'AFTERNOON'), last: half('2026-11-24'), reason: '', reportedAt: undefined },
  ...facts,
});
const ask = (facts: Partial<LeaveWish> = {}, scope: Actor['scope'] = 'SCHOOL') =>
  requestLeave(undefined, wish(facts), { by: 'mother', scope, now });
const leave = () => {
  const asked = ask();
  if (!asked.ok) throw new Error(asked.refusal.code);
  return asked.value;
};

test('leave covers from its first half-day to its last, both included', () => {
  const covered = (date: string, session: Session) => covering(leave(), half(date, session)) !== undefined;
  expect(covered('2026-11-20', 'MORNING')).toBe(false);
  expect(covered('2026-11-20', 'AFTERNOON')).toBe(true);
  expect(covered('2026-11-24', 'MORNING')).toBe(true);
  expect(covered('2026-11-24', 'AFTERNOON')).toBe(false);
});

test('what is withdrawn covers the half-days before, ends for those to come, and is withdrawn once', () => {
  const withdrawn = withdraw(leave(), { from: half('2026-11-23', 'AFTERNOON'), now });
  expect(covering(withdrawn, half('2026-11-23'))).toMatchObject({ id: 'leave', endedAt: undefined });
  expect(covering(withdrawn, half('2026-11-23', 'AFTERNOON'))).toMatchObject({ id: 'leave', endedAt: now });
  expect(covering(withdrawn, half('2026-11-24', 'AFTERNOON'))).toBeUndefined();
  expect(withdraw(withdrawn, { from: half('2026-11-24'), now: new Date('2026-11-24T01:00:00Z') })).toBe(withdrawn);
});

test('a parent is told by the clock and asks a week back at most; the office two months', () => {
  const weekAgo = { first: half('2026-11-16') };
  expect(ask(weekAgo, 'CHILDREN')).toMatchObject({ ok: true, value: { reportedAt: now } });
  expect(ask({ first: half('2026-11-15') }, 'CHILDREN')).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE', earliest: '2026-11-16' } });
  expect(ask({ first: half('2026-11-15') })).toMatchObject({ ok: true });
  expect(ask({ first: half('2026-09-23') })).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE' } });
  expect(ask({ reportedAt: now }, 'CHILDREN')).toMatchObject({ refusal: { code: 'REPORTED_BY_PARENT' } });
});

test('a teacher writes down leave of a month, and a call of a month; what is older is for the office', () => {
  const monthAgo = half('2026-10-23');
  const told = (text: string) => ({ first: monthAgo, reportedAt: new Date(text) });
  expect(ask(told('2026-10-23T00:00:00+07:00'), 'CLASSES')).toMatchObject({ ok: true });
  expect(ask(told('2026-10-22T23:59:00+07:00'), 'CLASSES')).toMatchObject({ refusal: { code: 'TOLD_TOO_EARLY', earliest: '2026-10-23' } });
  expect(ask(told('2026-10-22T23:59:00+07:00'))).toMatchObject({ ok: true });
  expect(ask({ first: half('2026-10-22') }, 'CLASSES')).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE', earliest: '2026-10-23' } });
});

test('the same wish is the first answer; another one under its id is refused', () => {
  const again = (facts: Partial<LeaveWish>) => requestLeave(leave(), wish(facts), { by: 'mother', scope: 'SCHOOL', now: new Date() });
  expect(again({})).toEqual({ ok: true, value: leave() });
  for (const facts of [{ studentId: 'binh' }, { reason: 'x' }, { last: half('2026-11-25') }, { reportedAt: new Date(0) }])
    expect(again(facts)).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});
