import { vnd } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { restore } from '../../../test/bookings.ts';
import { at, lunch } from '../../../test/facts.ts';
import { standardDiet } from './diet.ts';
import { newBooking } from './new-booking.ts';

const wanted = {
  ...{ id: 'booking', mealOfDay: lunch(), diet: standardDiet, planId: 'plan' },
  pupil: { id: 'an', name: 'An', classId: 'c', className: '1A', leftOn: undefined },
  terms: { sessions: ['MORNING'], price: vnd(35_000n), cutoffAt: at('07:30'), halfDayRule: 'MORNING' },
} as const;
const absent = [{ version: 1, session: 'MORNING', absent: true, reportedAt: at('06:40') }] as const;

test('a booking keeps price and cut-off that held when it was booked', () => {
  expect(newBooking({ ...wanted, attendance: [] }, at('06:00'))).toMatchObject({
    ...{ studentName: 'An', className: '1A', ...lunch(), price: vnd(35_000n), cutoffAt: at('07:30'), planId: 'plan', extra: false },
    state: { status: 'BOOKED' },
  });
});

test('a portion that the office gives after the cut-off is given in spite of an absence', () => {
  const extraBy = restore('08:00', { reason: 'OFFICE' });
  if (extraBy.does !== 'RESTORE') throw new Error('It gives a portion');
  expect(newBooking({ ...wanted, attendance: absent, extraBy }, at('08:00'))).toMatchObject({
    extra: true,
    state: { status: 'BOOKED' },
  });
  expect(newBooking({ ...wanted, attendance: absent }, at('07:00'))).toMatchObject({ state: { status: 'CANCELLED' } });
});
