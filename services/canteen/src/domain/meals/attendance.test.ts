import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { type AttendanceFact, awayAsTo, type MealRule, withFact } from './attendance.ts';

const rule = (facts: Partial<MealRule> = {}): MealRule => ({
  ...{ cutoffAt: at('07:30'), halfDayRule: 'ANY_HALF', sessions: ['MORNING', 'AFTERNOON'] },
  ...facts,
});
const fact = (version: number, clock: string, facts: Partial<AttendanceFact> = {}): AttendanceFact => ({
  ...{ version, session: 'MORNING', absent: true, reportedAt: at(clock) },
  ...facts,
});
const here = { absent: false };
const afternoon = { session: 'AFTERNOON' } as const;

test('who is absent is away from the report on; who comes late or is expected again is not', () => {
  expect(awayAsTo([], rule())).toBeUndefined();
  expect(awayAsTo([fact(1, '06:40')], rule())).toMatchObject({ reportedAt: at('06:40'), hereSince: undefined });
  expect(awayAsTo([fact(1, '06:40'), fact(2, '07:00', here)], rule())).toBeUndefined();
});

test.each([
  ['WHOLE_DAY', undefined, '07:00', undefined],
  ['MORNING', '06:40', '06:40', undefined],
  ['AFTERNOON', undefined, '07:00', '07:00'],
  ['ANY_HALF', '06:40', '06:40', '07:00'],
] as const)(
  'a half-day by the rule %s: absent in the morning, then both halves, then in the afternoon alone',
  (halfDayRule, ...reported) => {
    const both = [fact(1, '06:40'), fact(2, '07:00', afternoon)];
    const times = [[fact(1, '06:40')], both, [fact(2, '07:00', afternoon)]].map(
      (facts) => awayAsTo(facts, rule({ halfDayRule }))?.reportedAt,
    );
    expect(times).toEqual(reported.map((clock) => clock && at(clock)));
  },
);

test('a day with one half-day of school is whole with that one', () => {
  expect(awayAsTo([fact(1, '06:40')], rule({ halfDayRule: 'WHOLE_DAY', sessions: ['MORNING'] }))?.reportedAt).toEqual(at('06:40'));
});

test('a cut reported in time stays where its end is reported after the cut-off: no portion was cooked', () => {
  const facts = [fact(1, '06:40'), fact(2, '08:00', here)];
  expect(awayAsTo(facts, rule())).toMatchObject({ reportedAt: at('06:40'), hereSince: at('08:00') });
  expect(awayAsTo([...facts, fact(3, '09:00')], rule())).toMatchObject({
    reportedAt: at('06:40'),
    since: at('09:00'),
    hereSince: undefined,
  });
});

test('a cut reported late ends when the pupil is here after all: the portion was cooked', () => {
  expect(awayAsTo([fact(1, '07:45'), fact(2, '08:00', here)], rule())).toBeUndefined();
});

test('an absence that is reported earlier than was known counts from then', () => {
  expect(awayAsTo([fact(1, '07:45'), fact(2, '06:40')], rule())?.reportedAt).toEqual(at('06:40'));
});

test.each([
  ['of another reason', [fact(1, '07:15'), fact(2, '09:00')], 'ANY_HALF'],
  ['of the other half-day', [fact(1, '07:15'), fact(2, '12:40', afternoon)], 'ANY_HALF'],
  ['that leaves one half-day', [fact(1, '07:15'), fact(2, '12:40', afternoon), fact(3, '12:50', here)], 'ANY_HALF'],
  ['of both half-days', [fact(1, '07:15'), fact(2, '07:15', afternoon), fact(3, '09:00'), fact(4, '12:40', afternoon)], 'WHOLE_DAY'],
  ['before the other half-day is known', [fact(1, '07:15'), fact(2, '09:00'), fact(3, '07:15', afternoon)], 'WHOLE_DAY'],
] as const)('a cut that was in time does not become late by a later word %s of the same absence', (_, facts, halfDayRule) => {
  expect(awayAsTo(facts, rule({ halfDayRule }))).toMatchObject({ reportedAt: at('07:15'), hereSince: undefined });
});

test('a report of a half-day that does not count ends no absence', () => {
  const back = [fact(1, '06:40'), fact(2, '09:00', here)];
  const other = [...back, fact(3, '06:50', afternoon)];
  expect(awayAsTo(other, rule({ halfDayRule: 'MORNING' }))).toEqual(awayAsTo(back, rule({ halfDayRule: 'MORNING' })));
  expect(awayAsTo([...back, fact(3, '07:00', { ...afternoon, ...here })], rule())).toMatchObject({ hereSince: at('09:00') });
});

test('that a child comes after all, reported before the cut-off and written down later, ends the cut', () => {
  expect(awayAsTo([fact(1, '06:40'), fact(2, '09:00', here), fact(3, '07:00', here)], rule())).toBeUndefined();
});

test('an absence without an interruption that was reported in time is never late', () => {
  const one = fc.record({
    session: fc.constantFrom('MORNING' as const, 'AFTERNOON' as const),
    clock: fc.constantFrom('06:40', '07:29', '07:30', '09:00'),
  });
  const halfDayRule = fc.constantFrom('WHOLE_DAY' as const, 'MORNING' as const, 'AFTERNOON' as const, 'ANY_HALF' as const);
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), halfDayRule, (later, which) => {
      const facts = [fact(1, '06:40'), fact(2, '06:40', afternoon), ...later.map(({ clock, ...rest }, at) => fact(at + 3, clock, rest))];
      expect(awayAsTo(facts, rule({ halfDayRule: which }))?.reportedAt).toEqual(at('06:40'));
    }),
  );
});

test('facts in any order and however often end alike', () => {
  const clock = fc.constantFrom('06:40', '07:00', '07:29', '07:30', '08:00', '12:40');
  const one = fc.record({ session: fc.constantFrom('MORNING' as const, 'AFTERNOON' as const), absent: fc.boolean(), clock });
  const halfDayRule = fc.constantFrom('WHOLE_DAY' as const, 'MORNING' as const, 'AFTERNOON' as const, 'ANY_HALF' as const);
  const received = fc.array(one, { maxLength: 6 }).chain((marks) => {
    const facts = marks.map(({ clock: text, ...rest }, index) => fact(index + 1, text, rest));
    const order = fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 });
    return fc.record({ facts: fc.constant(facts), order, halfDayRule });
  });
  fc.assert(
    fc.property(received, ({ facts, order, halfDayRule: which }) => {
      const kept = order.reduce(withFact, { studentId: 'an', date: monday, facts: [] });
      expect(awayAsTo(kept.facts, rule({ halfDayRule: which }))).toEqual(awayAsTo(facts, rule({ halfDayRule: which })));
    }),
  );
});
