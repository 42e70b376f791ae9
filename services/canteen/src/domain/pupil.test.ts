import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, day } from '../../test/facts.ts';
import { atSchool, leavingTold, type Stay, withStay } from './pupil.ts';

const pupil = (leftOn?: string) => ({
  ...{ id: 'an', name: 'Bùi Thanh Giang', classId: 'c', className: '1A' },
  leftOn: leftOn === undefined ? undefined : day(leftOn),
});

test('a pupil is at the school up to the last day', () => {
  expect(atSchool(pupil('2026-11-23'), 'an', day('2026-11-23'))).toMatchObject({ ok: true });
  expect(atSchool(pupil('2026-11-23'), 'an', day('2026-11-24'))).toMatchObject({ refusal: { code: 'STUDENT_LEFT', leftOn: '2026-11-23' } });
  expect(atSchool(undefined, 'an', day('2026-11-24'))).toMatchObject({ refusal: { code: 'STUDENT_UNKNOWN', studentId: 'an' } });
});

const left = (version: number, leftOn: string, clock: string): Stay => ({ version, leftOn: day(leftOn), at: at(clock) });
const here = (version: number, clock: string): Stay => ({ version, leftOn: undefined, at: at(clock) });

test('who leaves is told of once: the first word of it counts while nothing says otherwise', () => {
  const date = day('2026-11-24');
  expect(leavingTold([here(1, '06:00'), left(2, '2026-11-20', '07:00'), left(3, '2026-11-23', '09:00')], date)).toEqual(at('07:00'));
  expect(leavingTold([left(2, '2026-11-20', '07:00'), here(3, '08:00'), left(4, '2026-11-20', '09:00')], date)).toEqual(at('09:00'));
  expect(leavingTold([left(2, '2026-11-20', '07:00'), here(3, '08:00')], date)).toBeUndefined();
  expect(leavingTold([left(2, '2026-11-24', '07:00')], date)).toBeUndefined();
});

test('when a leaving was told does not depend on the order in which it is heard', () => {
  const stay = fc.record({ gone: fc.boolean(), minute: fc.integer({ min: 0, max: 59 }) });
  fc.assert(
    fc.property(fc.array(stay, { maxLength: 6 }), (told) => {
      const stays = told.map(({ gone, minute }, version) => ({
        ...{ version, at: at(`07:${String(minute).padStart(2, '0')}`) },
        leftOn: gone ? day('2026-11-20') : undefined,
      }));
      const date = day('2026-11-23');
      expect(leavingTold(stays.toReversed(), date)).toEqual(leavingTold(stays, date));
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
