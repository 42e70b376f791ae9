import type { SchoolDate } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import type { Session } from './half-day.ts';
import { covers, type LeaveWish, requestLeave, withdraw } from './leave.ts';

const now = new Date('2026-11-23T01:00:00Z');
const half = (date: string, session: Session = 'MORNING') => ({ date: date as SchoolDate, session });
const wish = (facts: Partial<LeaveWish> = {}): LeaveWish => ({
  ...{ id: 'leave', studentId: 'an', first: half('2026-11-20', 'AFTERNOON'), last: half('2026-11-24'), reason: '', reportedAt: undefined },
  ...facts,
});
const ask = (facts: Partial<LeaveWish> = {}, asParent = false) => requestLeave(undefined, wish(facts), { by: 'mother', asParent, now });
const leave = () => {
  const asked = ask();
  if (!asked.ok) throw new Error(asked.refusal.code);
  return asked.value;
};

test('leave covers from its first half-day to its last, both included', () => {
  const covered = (date: string, session: Session) => covers(leave(), half(date, session));
  expect(covered('2026-11-20', 'MORNING')).toBe(false);
  expect(covered('2026-11-20', 'AFTERNOON')).toBe(true);
  expect(covered('2026-11-24', 'MORNING')).toBe(true);
  expect(covered('2026-11-24', 'AFTERNOON')).toBe(false);
});

test('what is withdrawn covers the days before, and is withdrawn once', () => {
  const withdrawn = withdraw(leave(), now);
  expect(covers(withdrawn, half('2026-11-20', 'AFTERNOON'))).toBe(true);
  expect(covers(withdrawn, half('2026-11-23'))).toBe(false);
  expect(withdraw(withdrawn, new Date('2026-11-24T01:00:00Z'))).toBe(withdrawn);
});

test('a parent is told by the clock and asks a week back at most; the office two months', () => {
  const weekAgo = { first: half('2026-11-16') };
  expect(ask(weekAgo, true)).toMatchObject({ ok: true, value: { reportedAt: now } });
  expect(ask({ first: half('2026-11-15') }, true)).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE', earliest: '2026-11-16' } });
  expect(ask({ first: half('2026-11-15') })).toMatchObject({ ok: true });
  expect(ask({ first: half('2026-09-23') })).toMatchObject({ refusal: { code: 'LEAVE_TOO_LATE' } });
  expect(ask({ reportedAt: now }, true)).toMatchObject({ refusal: { code: 'REPORTED_BY_PARENT' } });
});

test('the same wish is the first answer; another one under its id is refused', () => {
  const again = (facts: Partial<LeaveWish>) => requestLeave(leave(), wish(facts), { by: 'mother', asParent: false, now: new Date() });
  expect(again({})).toEqual({ ok: true, value: leave() });
  for (const facts of [{ studentId: 'binh' }, { reason: 'x' }, { last: half('2026-11-25') }, { reportedAt: new Date(0) }])
    expect(again(facts)).toMatchObject({ refusal: { code: 'ID_REUSED' } });
});
