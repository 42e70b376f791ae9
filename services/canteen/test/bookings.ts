import { vnd } from '@schoolbell/kernel';
import type { Act, Booking } from '../src/domain/meals/booking.ts';
import { standardDiet } from '../src/domain/meals/diet.ts';
import { at, monday } from './facts.ts';

/** Lunch of Monday, booked the week before, cut-off at 07:30. */
export const booking = (facts: Partial<Booking> = {}): Booking => ({
  ...{ id: 'booking', studentId: 'an', studentName: 'An', classId: 'c', className: '1A', date: monday, meal: 'LUNCH', price: vnd(35_000n) },
  ...{ cutoffAt: at('07:30'), halfDayRule: 'ANY_HALF', sessions: ['MORNING', 'AFTERNOON'], diet: standardDiet },
  ...{ acts: [], left: undefined, noSchoolReportedAt: undefined, planId: undefined, extra: false, bookedAt: at('05:00') },
  state: { status: 'BOOKED' },
  kitchen: { portion: true, portionAtCutoff: true, dietAtCutoff: 'STANDARD', lateChanges: [] },
  ...facts,
});

export const cancel = (clock: string, facts: Partial<Act & { does: 'CANCEL' }> = {}): Act => ({
  ...{ id: `cancel ${clock}`, does: 'CANCEL', reason: 'GUARDIAN', at: at(clock), reportedAt: at(clock), by: 'mother', note: '' },
  ...facts,
});

export const restore = (clock: string, facts: Partial<Act & { does: 'RESTORE' }> = {}): Act => ({
  ...{ id: `restore ${clock}`, does: 'RESTORE', reason: 'GUARDIAN', at: at(clock), by: 'mother', note: '' },
  ...facts,
});
