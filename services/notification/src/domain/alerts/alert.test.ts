import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { dayOf, nextLateLook, nextLook, type Origin, settled, told, waitIsOver, waiting } from './alert.ts';
import type { Fact } from './fact.ts';

const now = new Date('2026-11-21T08:00:00Z');
const origin: Origin = { eventId: 'e1', studentId: 's1', occurredAt: now, announcedAt: now };
const fact: Fact = {
  kind: 'ACCOUNT_CREDITED',
  invoiceId: 'i1',
  invoiceTitle: 'Thu',
  studentName: 'Bùi Thanh Giang',
  amount: vnd(1n),
  reason: 'OVERPAID',
};
const after = (ms: number): Date => new Date(now.getTime() + ms);
const dayMs = 86_400_000;

test('who hears of money was guardian on its day in Vietnam, who hears where a child is, is guardian now', () => {
  const [kind, later] = ['INVOICE_PAID', new Date('2026-11-22T08:00:00Z')] as const;
  expect(dayOf({ kind, occurredAt: new Date('2026-11-20T16:59:59Z') }, later)).toBe('2026-11-20');
  expect(dayOf({ kind, occurredAt: new Date('2026-11-20T17:00:00Z') }, later)).toBe('2026-11-21');
  for (const ofToday of ['ABSENT', 'LATE', 'MARK_RETRACTED'] as const) {
    expect(dayOf({ kind: ofToday, occurredAt: new Date('2026-11-20T17:00:00Z') }, later)).toBe('2026-11-22');
  }
});

test('an alert waits for the roster seven days and no longer', () => {
  const alert = waiting(origin, fact, now);
  expect(waitIsOver(alert, after(7 * dayMs))).toBe(false);
  expect(waitIsOver(alert, after(7 * dayMs + 1))).toBe(true);
});

test('a young alert looks at the roster often, an old one rarely', () => {
  expect(nextLook(now, now)).toEqual(after(500));
  expect(nextLook(now, after(60_000))).toEqual(after(66_000));
  expect(nextLook(now, after(dayMs))).toEqual(after(dayMs + 60_000));
});

test('after an alert was told latecomers are looked for twice', () => {
  const alert = told({ origin, fact, heardAt: now }, 1, now);
  expect(alert.lookAgainAt).toEqual(after(60_000));
  expect(nextLateLook(now, after(60_000))).toEqual(after(600_000));
  expect(nextLateLook(now, after(600_000))).toBeUndefined();
});

test('a settled alert keeps no name', () => {
  expect(JSON.stringify(settled('COMPOSED', { origin, fact, deliveries: 2, now }))).not.toContain('Giang');
});

test('an alert of where a child is waits for the roster no longer than it is news', () => {
  const half = { className: '1A', date: '2026-11-21' as SchoolDate, session: 'MORNING', reportedAt: now, studentName: 'Giang' } as const;
  const alert = waiting(origin, { ...half, kind: 'LATE' }, now);
  expect(waitIsOver(alert, new Date('2026-11-22T16:59:59Z'))).toBe(false);
  expect(waitIsOver(alert, new Date('2026-11-22T17:00:00Z'))).toBe(true);
});
