import { expect, test } from 'vitest';
import { at } from '../../../test/facts.ts';
import { cameBack, wentAway } from './away.ts';

const cutoffAt = at('07:30');

test('of one absence the first word counts', () => {
  const away = wentAway(undefined, at('07:00'));
  expect(away).toEqual({ reportedAt: at('07:00'), since: at('07:00'), hereSince: undefined });
  expect(wentAway(away, at('09:00'))).toEqual(away);
  expect(wentAway(away, at('06:30'))).toMatchObject({ reportedAt: at('06:30'), since: at('06:30') });
});

test('who comes back before the cut-off eats; who was reported in time and comes back after it has no portion', () => {
  const inTime = wentAway(undefined, at('07:00'));
  expect(cameBack(undefined, at('07:10'), cutoffAt)).toBeUndefined();
  expect(cameBack(inTime, at('07:29'), cutoffAt)).toBeUndefined();
  expect(cameBack(inTime, at('07:30'), cutoffAt)).toEqual({ ...inTime, hereSince: at('07:30') });
  expect(cameBack(wentAway(undefined, at('07:30')), at('08:00'), cutoffAt)).toBeUndefined();
});

test('an absence that was interrupted after the cut-off is one cut, and lasts since it was reported again', () => {
  const back = cameBack(wentAway(undefined, at('07:00')), at('08:00'), cutoffAt);
  expect(cameBack(back, at('08:30'), cutoffAt)).toEqual(back);
  expect(wentAway(back, at('09:00'))).toEqual({ reportedAt: at('07:00'), since: at('09:00'), hereSince: undefined });
});
