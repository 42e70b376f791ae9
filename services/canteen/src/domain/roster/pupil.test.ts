import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, day } from '../../../test/facts.ts';
import type { Away } from '../meals/away.ts';
import { atSchool, leavingFor, type Stay, withStay } from './pupil.ts';

const pupil = (leftOn?: string) => ({
  ...{ id: 'an', name: 'Bùi Thanh Giang', classId: 'c', className: '1A' },
  leftOn: leftOn === undefined ? undefined : day(leftOn),
});

test('a pupil is at the school up to the last day', () => {
  expect(atSchool(pupil('2026-11-23'), 'an', day('2026-11-23'))).toMatchObject({ ok: true });
  expect(atSchool(pupil('2026-11-23'), 'an', day('2026-11-24'))).toMatchObject({
    refusal: { code: 'STUDENT_LEFT', leftOn: '2026-11-23', studentId: 'an', className: '1A' },
  });
  expect(atSchool(undefined, 'an', day('2026-11-24'))).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN', studentId: 'an' } });
});

const left = (version: number, leftOn: string, clock: string): Stay => ({ version, leftOn: day(leftOn), at: at(clock) });
const here = (version: number, clock: string): Stay => ({ version, leftOn: undefined, at: at(clock) });

/** Lunch of the 24th, cut-off at 07:30. */
const meal = { date: day('2026-11-24'), cutoffAt: at('07:30', day('2026-11-24')) };
const leaving = (...stays: Stay[]) => leavingFor(stays, meal);
const [monday, tuesday, december] = [at('07:00'), (clock: string) => at(clock, meal.date), at('06:00', day('2026-12-07'))];
const away = (since: Date, facts: Partial<Away> = {}): Away => ({ reportedAt: since, since, hereSince: undefined, ...facts });

test('a leaving counts once: its first announcement does while nothing says otherwise', () => {
  expect(leaving(here(1, '06:00'), left(2, '2026-11-20', '07:00'), left(3, '2026-11-23', '09:00'))).toEqual(away(monday));
  expect(leaving(left(2, '2026-11-20', '07:00'), here(3, '08:00'), left(4, '2026-11-20', '09:00'))).toEqual(away(at('09:00')));
  expect(leaving(left(2, '2026-11-20', '07:00'), here(3, '08:00'))).toBeUndefined();
  expect(leaving(left(2, '2026-11-24', '07:00'))).toBeUndefined();
});

test('who is back after the cut-off of a meal had no portion of it: the cut stays', () => {
  const gone = left(2, '2026-11-20', '07:00');
  expect(leaving(gone, { ...here(3, '06:00'), at: tuesday('07:29') })).toBeUndefined();
  expect(leaving(gone, { ...here(3, '06:00'), at: tuesday('07:30') })).toEqual(away(monday, { hereSince: tuesday('07:30') }));
  expect(leaving(gone, { ...here(3, '06:00'), at: december })).toEqual(away(monday));
});

test('a leaving that was reported too late ends on the day of the meal; who is back weeks later was not there', () => {
  const late = { ...left(2, '2026-11-20', '07:00'), at: tuesday('08:00') };
  expect(leaving(late, { ...here(3, '06:00'), at: tuesday('09:00') })).toBeUndefined();
  expect(leaving(late, { ...here(3, '06:00'), at: december })).toEqual(away(tuesday('08:00')));
});

test('when a leaving was announced does not depend on the order of the events', () => {
  const stay = fc.record({ gone: fc.boolean(), minute: fc.integer({ min: 0, max: 59 }) });
  fc.assert(
    fc.property(fc.array(stay, { maxLength: 6 }), (all) => {
      const stays = all.map(({ gone, minute }, version) => ({
        ...{ version, at: tuesday(`07:${String(minute).padStart(2, '0')}`) },
        leftOn: gone ? day('2026-11-20') : undefined,
      }));
      expect(leavingFor(stays.toReversed(), meal)).toEqual(leavingFor(stays, meal));
    }),
  );
});

test('the newest event says who and where, and every one of them is remembered once', () => {
  const known = { ...pupil(), stays: [here(3, '06:00')] };
  const late = withStay(known, { ...pupil('2026-11-20'), className: '1B' }, left(2, '2026-11-20', '05:00'));
  expect(late).toMatchObject({ className: '1A', leftOn: undefined });
  expect(late.stays).toHaveLength(2);
  expect(withStay(known, { ...pupil(), className: '1B' }, here(4, '07:00'))).toMatchObject({ className: '1B' });
  expect(withStay(known, pupil(), here(3, '06:00')).stays).toHaveLength(1);
});
