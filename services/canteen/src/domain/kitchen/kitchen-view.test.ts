import { expect, test } from 'vitest';
import { booking } from '../../../test/bookings.ts';
import { at } from '../../../test/facts.ts';
import type { Booking, Standing } from '../meals/booking.ts';
import { standardDiet } from '../meals/diet.ts';
import { kitchenSees } from './kitchen-view.ts';

const cut = (clock: string, hereSince?: string): Standing => ({
  ...{ status: 'CANCELLED', reason: 'ABSENT', reportedAt: at(clock) },
  hereSince: hereSince === undefined ? undefined : at(hereSince),
});
const cutLate: Standing = { status: 'CUT_LATE', reason: 'ABSENT', reportedAt: at('07:45') };
const sees = (before: Booking | undefined, after: Partial<Booking>, clock: string) =>
  kitchenSees(before, booking(after), { now: at(clock), reportedAt: at('06:40') });

test('what is written before the cut-off moves both figures, and nothing of it is late', () => {
  expect(sees(booking(), { standing: cut('06:40') }, '07:29')).toEqual({
    ...{ portion: false, toldPortion: false, toldDiet: 'STANDARD', lateChanges: [] },
  });
});

test('what is written from the cut-off on moves the figure of now alone, and is shown apart', () => {
  expect(sees(booking(), { standing: cut('06:40') }, '07:30')).toEqual({
    ...{ portion: false, toldPortion: true, toldDiet: 'STANDARD' },
    lateChanges: [{ kind: 'CUT_HEARD_LATE', reportedAt: at('06:40'), heardAt: at('07:30') }],
  });
});

test('a portion whose pupil was told too late to be away is cooked', () => {
  const view = sees(booking(), { standing: cutLate }, '07:50');
  expect(view).toMatchObject({ portion: true, toldPortion: true, lateChanges: [{ kind: 'CUT_LATE', reportedAt: at('07:45') }] });
});

test('a late change is heard once: looking again does not move its time, and what is over is gone', () => {
  const heard = booking({ standing: cutLate, kitchen: sees(booking(), { standing: cutLate }, '07:50') });
  expect(sees(heard, { standing: cutLate }, '09:00').lateChanges).toMatchObject([{ heardAt: at('07:50') }]);
  expect(sees(heard, {}, '09:00').lateChanges).toEqual([]);
});

test('a pupil who is here without a portion is shown until somebody restores it', () => {
  const before = booking({
    standing: cut('06:40'),
    kitchen: { portion: false, toldPortion: false, toldDiet: 'STANDARD', lateChanges: [] },
  });
  expect(sees(before, { standing: cut('06:40', '08:00') }, '08:05').lateChanges).toEqual([
    { kind: 'HERE_WITHOUT_PORTION', reportedAt: at('08:00'), heardAt: at('08:05') },
  ]);
  expect(sees(before, {}, '08:10')).toMatchObject({ portion: true, toldPortion: false, lateChanges: [{ kind: 'RESTORED' }] });
});

test('a meal booked after the cut-off is a portion more than the kitchen was told', () => {
  expect(sees(undefined, { extra: true }, '08:00')).toMatchObject({ portion: true, toldPortion: false, lateChanges: [{ kind: 'EXTRA' }] });
});

test('a diet that changes after the cut-off is told as such, beside what was told', () => {
  const soft = { ...standardDiet, kind: 'SOFT' as const };
  const view = sees(booking(), { diet: soft }, '08:00');
  expect(view).toMatchObject({ toldDiet: 'STANDARD', lateChanges: [{ kind: 'DIET_CHANGED', heardAt: at('08:00') }] });
  const again = sees(booking({ diet: soft, kitchen: view }), { diet: { ...soft, avoided: ['EGGS'] } }, '08:10');
  expect(again.lateChanges).toMatchObject([{ kind: 'DIET_CHANGED', heardAt: at('08:10') }]);
  expect(sees(booking(), { diet: soft }, '07:00')).toMatchObject({ toldDiet: 'SOFT', lateChanges: [] });
});
