import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { type Guardian, guardianFrom } from '../roster/roster.ts';
import type { Origin } from './alert.ts';
import { audienceOf, latecomers, lettersFor } from './audience.ts';
import type { Fact } from './fact.ts';

const now = new Date('2026-11-21T08:00:00Z');
const school = { id: 'c1', name: 'Trường Hoa Phượng' };
const student = { id: 's1', className: '1A' };
const origin: Origin = { eventId: 'e1', studentId: 's1', occurredAt: now, announcedAt: now };
const fact: Fact = {
  kind: 'ACCOUNT_CREDITED',
  invoiceId: 'i1',
  invoiceTitle: 'Thu',
  studentName: 'Bùi Thanh Giang',
  amount: vnd(1n),
  reason: 'OVERPAID',
};

function guardian(id: string, studentId = 's1', wantsNotices = true): Guardian {
  const guardianships = [{ studentId, from: '2026-09-05' as SchoolDate }];
  return guardianFrom({ id, name: id, email: `${id}@example.vn`, language: 'vi', wantsNotices, guardianships });
}
let made = 0;
const write = (guardians: readonly Guardian[]) =>
  lettersFor(fact, origin, { school, student, guardians }, { now, newId: () => `d${++made}` });

test('there is no audience before school, pupil and a guardian of the pupil are known', () => {
  const guardians = [guardian('g1')];
  expect(audienceOf('s1', { school, student, guardians })).toEqual({ school, student, guardians });
  expect(audienceOf('s1', { school: undefined, student, guardians })).toBeUndefined();
  expect(audienceOf('s1', { school, student: undefined, guardians })).toBeUndefined();
  expect(audienceOf('s1', { school, student, guardians: [guardian('g2', 's2')] })).toBeUndefined();
});

test('a guardian who asked for nothing is an audience, but gets no letter', () => {
  const silent = guardian('g1', 's1', false);
  expect(audienceOf('s1', { school, student, guardians: [silent] })).toBeDefined();
  expect(write([silent])).toEqual([]);
});

test('latecomers are those without a delivery who were guardians with these wishes when the fact happened', () => {
  const known = (id: string, changedAt?: Date): Guardian => ({ ...guardian(id), ...(changedAt ? { changedAt } : {}) });
  const guardians = [known('told', now), known('late', now), known('new', new Date(now.getTime() + 1)), known('undated')];
  const late = latecomers({ school, student, guardians }, origin, new Set(['told']));
  expect(late.guardians.map(({ id }) => id)).toEqual(['late']);
});

test('every guardian who asked gets a letter of their own', () => {
  const letters = write([guardian('g1'), guardian('g2', 's1', false), guardian('g3'), guardian('g4', 's2')]);
  expect(letters.map(({ delivery, message }) => [delivery.guardianId, message.to])).toEqual([
    ['g1', 'g1'],
    ['g3', 'g3'],
  ]);
  expect(new Set(letters.map(({ delivery }) => delivery.id)).size).toBe(2);
});
