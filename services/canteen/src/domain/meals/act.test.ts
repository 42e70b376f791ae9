import { expect, test } from 'vitest';
import { booking } from '../../../test/bookings.ts';
import { at, day, lunch } from '../../../test/facts.ts';
import { cancelling, restoring } from './act.ts';
import type { BookingState, CancelReason } from './booking.ts';
import type { Order } from './order.ts';

const order = (facts: Partial<Order> = {}): Order => ({
  ...{ id: 'order', does: 'CANCEL', studentIds: ['an'], meals: [lunch()], note: '', reportedAt: undefined },
  ...facts,
});
const asked = (scope: 'SCHOOL' | 'CHILDREN', clock: string, facts: Partial<Order> = {}) => ({
  order: order(facts),
  actor: { subject: 'who', scope },
  now: at(clock),
  openFrom: day('2026-09-05'),
});
const cut = (reason: CancelReason): BookingState => ({ status: 'CANCELLED', reason, reportedAt: at('06:00'), hereSince: undefined });

test('a parent cancels until the cut-off, and is told when it was', () => {
  expect(cancelling(booking(), asked('CHILDREN', '07:29'))).toMatchObject({
    value: { act: { does: 'CANCEL', reason: 'GUARDIAN', reportedAt: at('07:29') } },
  });
  expect(cancelling(booking(), asked('CHILDREN', '07:30'))).toEqual({
    ok: false,
    refusal: { code: 'CUTOFF_PASSED', ...lunch(), cutoffAt: at('07:30') },
  });
});

test('the office cancels later too, with the time at which it was told, and not of a school year gone by', () => {
  expect(cancelling(booking(), asked('SCHOOL', '09:00', { reportedAt: at('06:50') }))).toMatchObject({
    value: { act: { reason: 'OFFICE', at: at('09:00'), reportedAt: at('06:50') } },
  });
  const old = booking({ date: day('2026-09-04'), cutoffAt: at('07:30', day('2026-09-04')) });
  expect(cancelling(old, asked('SCHOOL', '09:00'))).toMatchObject({ refusal: { code: 'TOO_LONG_AGO', earliest: '2026-09-05' } });
});

test('who restores after the cut-off says why', () => {
  const off = booking({ state: cut('GUARDIAN') });
  expect(restoring(off, asked('SCHOOL', '09:00'))).toMatchObject({ refusal: { code: 'REASON_MISSING' } });
  expect(restoring(off, asked('SCHOOL', '09:00', { note: 'Em đến lớp' }))).toMatchObject({ value: { act: { reason: 'OFFICE' } } });
  expect(restoring(off, asked('CHILDREN', '07:00'))).toMatchObject({ value: { act: { reason: 'GUARDIAN' } } });
  expect(restoring(off, asked('CHILDREN', '09:00', { note: 'x' }))).toMatchObject({ refusal: { code: 'CUTOFF_PASSED' } });
});

test('a parent withdraws leave instead of restoring, nobody restores on a closed day, and what is on stays on', () => {
  expect(restoring(booking({ state: cut('ABSENT') }), asked('CHILDREN', '07:00'))).toMatchObject({
    refusal: { code: 'CUT_FOR_ABSENCE' },
  });
  const closed = booking({ state: cut('NO_SCHOOL') });
  expect(restoring(closed, asked('SCHOOL', '07:00'))).toMatchObject({ refusal: { code: 'CLOSED_THAT_DAY' } });
  expect(restoring(booking(), asked('CHILDREN', '09:00'))).toEqual({ ok: true, value: undefined });
});
