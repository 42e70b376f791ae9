import { addDays } from '@schoolbell/kernel';
import { expect, test } from 'vitest';
import { at, monday } from '../../../test/facts.ts';
import { by, cook, destruction, must, sample } from '../../../test/kitchen-facts.ts';
import { degrees, destroySample, type Hold, isHeld, type NewSample, takeSample } from './sample.ts';

const tuesday = addDays(monday, 1);
const taking = { date: monday, now: at('11:30'), by };
const take = (facts: Partial<NewSample> = {}) => takeSample(sample('s', facts), 'Cá thu', taking);
const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'done' : result.refusal?.code);

test('a sample must be kept for 24 hours from the moment it was taken, whenever that is written down', () => {
  expect(must(take()).destroyableFrom).toEqual(at('10:30', tuesday));
});

test.each([
  ['99 g', { amount: 99 }, 'SAMPLE_TOO_SMALL'],
  ['100 g', { amount: 100 }, 'done'],
  ['149 ml', { form: 'LIQUID', amount: 149 }, 'SAMPLE_TOO_SMALL'],
  ['150 ml', { form: 'LIQUID', amount: 150 }, 'done'],
  ['1.9 °C', { celsiusTenths: 19 }, 'SAMPLE_TOO_WARM'],
  ['2 °C', { celsiusTenths: 20 }, 'done'],
  ['8 °C', { celsiusTenths: 80 }, 'done'],
  ['8.1 °C', { celsiusTenths: 81 }, 'SAMPLE_TOO_WARM'],
  ['a time to come', { takenAt: at('11:45') }, 'CLOCK_AHEAD'],
  ['the day before', { takenAt: at('10:30', addDays(monday, -1)) }, 'NOT_OF_THE_DAY'],
] as const)('a sample of %s', (_, facts, wanted) => {
  expect(code(take(facts))).toBe(wanted);
});

test('a sample that is too small is refused with where the number comes from', () => {
  expect(take({ amount: 10 })).toMatchObject({ refusal: { least: 100, unit: 'g', citation: expect.stringContaining('QĐ 1246') } });
});

const kept = must(take());
const destroying = { holds: [] as Hold[], replacedBy: undefined, now: at('11:30', tuesday), by };
const hold = (facts: Partial<Hold> = {}): Hold => ({
  id: 'h',
  reason: 'Nghi ngộ độc',
  heldAt: at('12:00'),
  heldBy: 'nurse',
  release: undefined,
  ...facts,
});
const release = (releasedAt: Date) => ({ document: 'Công văn 45/TTYT', releasedAt, releasedBy: 'principal' });

test.each([
  ['a minute before its time', { destroyedAt: at('10:29', tuesday) }, {}, 'SAMPLE_TOO_YOUNG'],
  ['at its time', { destroyedAt: at('10:30', tuesday) }, {}, 'done'],
  ['in the future', { destroyedAt: at('12:00', tuesday) }, {}, 'CLOCK_AHEAD'],
  ['while it is held', {}, { holds: [hold()] }, 'SAMPLE_HELD'],
  ['while it is held, at a time before the hold', {}, { holds: [hold({ heldAt: at('11:20', tuesday) })] }, 'SAMPLE_HELD'],
  ['after it was released', {}, { holds: [hold({ release: release(at('10:50', tuesday)) })] }, 'done'],
  ['at a time at which it was held', {}, { holds: [hold({ release: release(at('11:20', tuesday)) })] }, 'SAMPLE_HELD'],
  ['by a record that was put right', {}, { replacedBy: 'other' }, 'SAMPLE_REPLACED'],
  ['with nobody else to see it', { witness: cook.toUpperCase() }, {}, 'WITNESS_IS_DESTROYER'],
] as const)('a sample is destroyed %s', (_, input, known, wanted) => {
  expect(code(destroySample(kept, destruction(input), { ...destroying, ...known }))).toBe(wanted);
});

test('a sample is destroyed once: the same record again is the first answer, another one is refused', () => {
  const gone = must(destroySample(kept, destruction(), destroying));
  expect(gone.destroyed).toMatchObject({ destroyedBy: cook, witness: 'Lê Thị Ánh Ngọc', recordedBy: by });
  expect(destroySample(gone, destruction(), { ...destroying, now: at('12:00', tuesday) })).toEqual({ ok: true, value: gone });
  expect(code(destroySample(gone, destruction({ witness: 'Khác' }), destroying))).toBe('SAMPLE_ALREADY_DESTROYED');
});

test('samples are held until every hold is released', () => {
  expect(isHeld([])).toBe(false);
  expect(isHeld([hold({ release: release(at('13:00')) }), hold({ id: 'g' })])).toBe(true);
  expect(isHeld([hold({ release: release(at('13:00')) })])).toBe(false);
});

test('a temperature is written as a book writes it', () => {
  expect([degrees(45), degrees(80), degrees(-180)]).toEqual(['4,5', '8', '-18']);
});
