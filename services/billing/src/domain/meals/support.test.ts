import { type SchoolDate, sum, vnd, zero } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Portion } from './portion.ts';
import { end, grant, type LunchSupport, settleSupport } from './support.ts';

const day = (text: string) => text as SchoolDate;
const right: LunchSupport = {
  ...{ id: 'g1', studentId: 's1', amountPerDay: vnd(30_000n), effectiveFrom: day('2026-09-07'), effectiveUntil: undefined },
  ...{ source: 'HCMC', citation: 'QĐ 812/QĐ-UBND', settledUntil: day('2026-09-07') },
};
const portion: Portion = {
  ...{ bookingId: 'b1', date: day('2026-12-07'), meal: 'LUNCH', price: vnd(35_000n), pricedBy: 1, status: 'BOOKED', standsBy: 1 },
  ...{ charges: [], credited: zero, supported: undefined, entries: 0 },
};
const over = day('2026-12-08');
const amountsOf = (told: Partial<Portion>, rights: readonly LunchSupport[] = [right], today = over) =>
  settleSupport({ ...portion, ...told }, rights, today).changes.map(({ amount, source }) => `${source} ${amount.minorUnits}`);

test('a lunch that was eaten is supported once its day is over, by no more than it cost', () => {
  expect(amountsOf({})).toEqual(['HCMC 30000']);
  expect(amountsOf({ price: vnd(25_000n) })).toEqual(['HCMC 25000']);
  expect(amountsOf({}, [right], day('2026-12-07'))).toEqual([]);
  expect(amountsOf({ meal: 'SNACK' })).toEqual([]);
  expect(amountsOf({}, [])).toEqual([]);
});

test('public money pays for no meal that was cut, in time or late, nor outside the days of the right', () => {
  expect(amountsOf({ status: 'CANCELLED' })).toEqual([]);
  expect(amountsOf({ status: 'CUT_LATE' })).toEqual([]);
  expect(amountsOf({ date: day('2026-09-04') })).toEqual([]);
  expect(amountsOf({}, [{ ...right, effectiveUntil: day('2026-12-07') }])).toEqual([]);
});

test('what turns out later is corrected by the difference, and money of another source goes back to it', () => {
  const supported = { supported: { amount: vnd(30_000n), source: 'HCMC' } };
  expect(amountsOf(supported)).toEqual([]);
  expect(amountsOf({ ...supported, status: 'CUT_LATE' })).toEqual(['HCMC -30000']);
  expect(amountsOf({ ...supported, price: vnd(20_000n) })).toEqual(['HCMC -10000']);
  expect(amountsOf(supported, [{ ...right, source: 'OTHER' }])).toEqual(['HCMC -30000', 'OTHER 30000']);
});

test('however often standing, price and rights change, what was told adds up to what stands', () => {
  const told = fc.record({
    status: fc.constantFrom('BOOKED' as const, 'CANCELLED' as const, 'CUT_LATE' as const),
    price: fc.bigInt(0n, 50_000n).map(vnd),
    rights: fc.constantFrom([], [right], [{ ...right, source: 'OTHER' as const, amountPerDay: vnd(10_000n) }]),
  });
  fc.assert(
    fc.property(fc.array(told), (steps) => {
      let now = portion;
      const amounts = [];
      const entries = [];
      for (const { rights, ...standing } of steps) {
        const settled = settleSupport({ ...now, ...standing }, rights, over);
        amounts.push(...settled.changes.map(({ amount }) => amount));
        entries.push(...settled.changes.map(({ entry }) => entry));
        now = settled.portion;
      }
      expect(sum(amounts)).toEqual(now.supported?.amount ?? zero);
      expect(entries).toEqual(entries.map((_, at) => at));
    }),
  );
});

test('no right goes above the ceiling of whose money it is, and its citation is told', () => {
  const { settledUntil, ...wanted } = right;
  expect(grant(undefined, { ...wanted, amountPerDay: vnd(40_000n) }, [])).toMatchObject({ value: { settledUntil } });
  expect(grant(undefined, { ...wanted, amountPerDay: vnd(40_001n) }, [])).toMatchObject({
    refusal: { code: 'SUPPORT_OVER_CEILING', ceiling: vnd(40_000n), citation: expect.stringContaining('TP.HCM') },
  });
  expect(grant(undefined, { ...wanted, source: 'HANOI', amountPerDay: vnd(30_001n) }, [])).toMatchObject({
    refusal: { code: 'SUPPORT_OVER_CEILING', ceiling: vnd(30_000n) },
  });
  expect(grant(undefined, { ...wanted, source: 'OTHER', amountPerDay: vnd(50_000n) }, [])).toMatchObject({ ok: true });
});

test('two rights of a pupil never hold on the same day, and one that ended makes room', () => {
  const other = { ...right, id: 'g2' };
  expect(grant(undefined, other, [right])).toMatchObject({ refusal: { code: 'SUPPORT_OVERLAPS', otherId: 'g1', span: '2026-09-07/..' } });
  const ended = end(right, day('2027-01-01'));
  if (!ended.ok) throw new Error('refused');
  expect(grant(undefined, { ...other, effectiveFrom: day('2027-01-01') }, [ended.value])).toMatchObject({ ok: true });
  expect(grant(undefined, { ...right, effectiveUntil: right.effectiveFrom }, [])).toMatchObject({
    refusal: { code: 'SUPPORT_ENDS_TOO_EARLY' },
  });
});

test('the same right again is the first one, also after its end was brought forward; with other content its id is taken', () => {
  expect(grant(right, right, [right])).toEqual({ ok: true, value: right });
  const ended = { ...right, effectiveUntil: day('2027-01-01') };
  expect(grant(ended, right, [ended])).toEqual({ ok: true, value: ended });
  expect(grant(right, { ...right, amountPerDay: vnd(1n) }, [right])).toMatchObject({ refusal: { code: 'ID_REUSED', id: 'g1' } });
});

test('a right ends earlier than it would, never later and never before it began', () => {
  const ended = { ...right, effectiveUntil: day('2027-01-01') };
  expect(end(ended, day('2027-01-01'))).toEqual({ ok: true, value: ended });
  expect(end(ended, right.effectiveFrom)).toMatchObject({ value: { effectiveUntil: '2026-09-07' } });
  expect(end(ended, day('2026-09-01'))).toMatchObject({ refusal: { code: 'SUPPORT_ENDS_TOO_EARLY' } });
  expect(end(ended, day('2027-02-01'))).toMatchObject({ refusal: { code: 'SUPPORT_ENDED_BEFORE', effectiveUntil: '2027-01-01' } });
});
