import { expect, test } from 'vitest';
import { booking } from '../../../test/bookings.ts';
import { at } from '../../../test/facts.ts';
import type { Booking, BookingState } from '../meals/booking.ts';
import { standardDiet } from '../meals/diet.ts';
import { kitchenSees } from './kitchen-view.ts';

const cut = (clock: string, hereSince?: string): BookingState => ({
  ...{ status: 'CANCELLED', reason: 'ABSENT', reportedAt: at(clock) },
  hereSince: hereSince === undefined ? undefined : at(hereSince),
});
const cutLate: BookingState = { status: 'CUT_LATE', reason: 'ABSENT', reportedAt: at('07:45') };
const sees = (before: Booking | undefined, after: Partial<Booking>, clock: string) =>
  kitchenSees(before, booking(after), { now: at(clock), reportedAt: at('06:40') });

test('what is written before the cut-off moves both figures, and nothing of it is late', () => {
  expect(sees(booking(), { state: cut('06:40') }, '07:29')).toEqual({
    ...{ portion: false, portionAtCutoff: false, dietAtCutoff: 'STANDARD', lateChanges: [] },
  });
});

test('what is written from the cut-off on moves the figure of now alone, and is shown apart', () => {
  expect(sees(booking(), { state: cut('06:40') }, '07:30')).toEqual({
    ...{ portion: false, portionAtCutoff: true, dietAtCutoff: 'STANDARD' },
    lateChanges: [{ kind: 'CUT_HEARD_LATE', reportedAt: at('06:40'), heardAt: at('07:30') }],
  });
});

test('a portion whose pupil was reported away too late is cooked', () => {
  const view = sees(booking(), { state: cutLate }, '07:50');
  expect(view).toMatchObject({ portion: true, portionAtCutoff: true, lateChanges: [{ kind: 'CUT_LATE', reportedAt: at('07:45') }] });
});

test('a late change is listed once: assessing again does not move its time, and what is over is gone', () => {
  const known = booking({ state: cutLate, kitchen: sees(booking(), { state: cutLate }, '07:50') });
  expect(sees(known, { state: cutLate }, '09:00').lateChanges).toMatchObject([{ heardAt: at('07:50') }]);
  expect(sees(known, {}, '09:00').lateChanges).toEqual([]);
});

test('a pupil who is here without a portion is shown until somebody restores it', () => {
  const before = booking({
    state: cut('06:40'),
    kitchen: { portion: false, portionAtCutoff: false, dietAtCutoff: 'STANDARD', lateChanges: [] },
  });
  expect(sees(before, { state: cut('06:40', '08:00') }, '08:05').lateChanges).toEqual([
    { kind: 'HERE_WITHOUT_PORTION', reportedAt: at('08:00'), heardAt: at('08:05') },
  ]);
  expect(sees(before, {}, '08:10')).toMatchObject({ portion: true, portionAtCutoff: false, lateChanges: [{ kind: 'RESTORED' }] });
});

test('a meal booked after the cut-off is a portion more than the kitchen knew of', () => {
  expect(sees(undefined, { extra: true }, '08:00')).toMatchObject({
    portion: true,
    portionAtCutoff: false,
    lateChanges: [{ kind: 'EXTRA' }],
  });
});

test('a diet that changes after the cut-off is listed as such, beside the one of the cut-off', () => {
  const soft = { ...standardDiet, kind: 'SOFT' as const };
  const view = sees(booking(), { diet: soft }, '08:00');
  expect(view).toMatchObject({ dietAtCutoff: 'STANDARD', lateChanges: [{ kind: 'DIET_CHANGED', heardAt: at('08:00') }] });
  const again = sees(booking({ diet: soft, kitchen: view }), { diet: { ...soft, avoided: ['EGGS'] } }, '08:10');
  expect(again.lateChanges).toMatchObject([{ kind: 'DIET_CHANGED', heardAt: at('08:10') }]);
  expect(sees(booking(), { diet: soft }, '07:00')).toMatchObject({ dietAtCutoff: 'SOFT', lateChanges: [] });
});
