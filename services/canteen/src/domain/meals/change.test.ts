import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { booking, cancel } from '../../../test/bookings.ts';
import { at } from '../../../test/facts.ts';
import { book, reassess } from './change.ts';

const looking = { attendance: [], cause: { reason: 'PRESENT', reportedAt: at('06:40') }, now: at('06:45') } as const;
const absent = [{ version: 1, session: 'MORNING', absent: true, reportedAt: at('06:40') }] as const;

test('nothing changes where no fact differs', () => {
  expect(reassess(booking(), {}, looking)).toBeUndefined();
  expect(reassess(booking(), { className: '1A', left: undefined }, looking)).toBeUndefined();
});

test('a change holds the booking as it was and as it is, and what brings it back if it is on again', () => {
  const change = reassess(booking(), {}, { ...looking, attendance: absent });
  expect(change).toMatchObject({ before: { state: { status: 'BOOKED' } }, after: { state: { status: 'CANCELLED' } } });
  expect(change?.restoredBy).toEqual(looking.cause);
});

test.each([
  ['another class', { classId: 'd', className: '1B' }],
  ['another price', { price: vnd(1n) }],
  ['another leaving', { left: { reportedAt: at('06:00'), since: at('06:00'), hereSince: undefined } }],
  ['another cut-off', { cutoffAt: at('07:00') }],
  ['an act that changes nothing else', { acts: [cancel('06:30'), cancel('06:31')] }],
])('%s is a change', (_, facts) => {
  expect(reassess(booking(), facts, looking)).toBeDefined();
});

test('a meal that is booked for a pupil who is away is cut from the beginning', () => {
  const { state: _, kitchen: __, ...wanted } = booking();
  expect(book(wanted, absent, at('06:45'))).toMatchObject({
    state: { status: 'CANCELLED' },
    kitchen: { portion: false, portionAtCutoff: false },
  });
  expect(book(wanted, [], at('06:45'))).toMatchObject({ state: { status: 'BOOKED' }, kitchen: { portion: true, portionAtCutoff: true } });
});
