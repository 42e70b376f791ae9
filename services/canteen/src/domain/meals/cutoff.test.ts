import { expect, test } from 'vitest';
import { at, day, rule } from '../../../test/facts.ts';
import { cutoffAt, halvesThatCount, ruleContent } from './cutoff.ts';

test('a cut-off counts calendar days back and is a clock time of Vietnam', () => {
  expect(cutoffAt(rule({ daysBefore: 0, time: '07:30' }), day('2026-11-23'))).toEqual(at('07:30', day('2026-11-23')));
  expect(cutoffAt(rule({ daysBefore: 1, time: '16:00' }), day('2026-11-23'))).toEqual(at('16:00', day('2026-11-22')));
});

test('a day with one half-day of school is whole with that one', () => {
  expect(halvesThatCount('WHOLE_DAY', ['MORNING'])).toEqual({ halves: ['MORNING'], any: false });
  expect(halvesThatCount('ANY_HALF', ['MORNING', 'AFTERNOON'])).toEqual({ halves: ['MORNING', 'AFTERNOON'], any: true });
  expect(halvesThatCount('AFTERNOON', ['MORNING', 'AFTERNOON'])).toEqual({ halves: ['AFTERNOON'], any: false });
});

test('two rules differ by their content and not by their ids', () => {
  expect(ruleContent(rule())).toEqual(ruleContent(rule()));
  expect(ruleContent(rule())).not.toEqual(ruleContent(rule({ halfDayRule: 'WHOLE_DAY' })));
});
