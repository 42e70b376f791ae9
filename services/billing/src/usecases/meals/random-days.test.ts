import { type SchoolDate, vnd } from '@schoolbell/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Billing, testSchools } from '../../../test/given.ts';
import { billMonth } from '../../../test/meals.ts';
import { givenSupport, settleSupports } from '../../../test/support.ts';
import type { MealFact, PortionStatus } from '../../domain/meals/portion.ts';
import { voidInvoice } from '../invoices/void-invoice.ts';
import { receiveMealFacts } from './receive-meal-facts.ts';

const schools = testSchools();
const dates = ['2026-11-27', '2026-11-30', '2026-12-01', '2026-12-07', '2026-12-31', '2027-01-04'] as const;
const statuses = ['BOOKED', 'CANCELLED', 'CUT_LATE'] as const;

/** What canteen says of a pupil's six lunches, one event behind the other: first that they are booked, then of one or all of them. */
const story = fc.array(
  fc.oneof(
    fc.record({ meal: fc.nat(5), status: fc.constantFrom(...statuses) }),
    fc.record({ meals: fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }), price: fc.bigInt(1n, 60_000n) }),
  ),
  { maxLength: 8 },
);
const between = fc.constantFrom('HEAR', 'HEAR', 'HEAR', 'HEAR', 'BILL 2026-11', 'BILL 2026-12', 'BILL 2027-01', 'VOID', 'SUPPORT' as const);

interface Meal {
  readonly bookingId: string;
  readonly date: SchoolDate;
  readonly price: bigint;
  readonly status: PortionStatus;
}

/** The events of a story, and where it ends. */
function told(steps: readonly Step[]): { events: readonly (readonly MealFact[])[]; meals: readonly Meal[] } {
  const start = dates.map((date): Meal => ({ bookingId: crypto.randomUUID(), date: date as SchoolDate, price: 35_000n, status: 'BOOKED' }));
  return toldBy(start, steps);
}

type Step = { readonly meal: number; readonly status: PortionStatus } | { readonly meals: readonly number[]; readonly price: bigint };

function toldBy(start: readonly Meal[], steps: readonly Step[]) {
  const meals = [...start];
  const fact = ({ bookingId, date, price, status }: Meal, version: number, isPriceOnly = false): MealFact => ({
    ...{ bookingId, date, meal: 'LUNCH', price: vnd(price), version },
    status: isPriceOnly ? undefined : status,
  });
  const events = [meals.map((meal) => fact(meal, 1))];
  for (const [at, step] of steps.entries()) {
    const touched = 'meal' in step ? [step.meal] : step.meals;
    for (const [index, meal] of meals.entries()) {
      if (touched.includes(index)) meals[index] = 'meal' in step ? { ...meal, status: step.status } : { ...meal, price: step.price };
    }
    events.push(touched.flatMap((index) => (meals[index] ? [fact(meals[index], at + 2, !('meal' in step))] : [])));
  }
  return { events, meals };
}

async function act(billing: Billing, what: string): Promise<void> {
  if (what.startsWith('BILL')) await billMonth(billing, what.slice(5));
  if (what === 'SUPPORT') await settleSupports(billing);
  if (what !== 'VOID') return;
  const { rows } = await billing.read((tx) => tx.invoices.list({ after: '', size: 100 }));
  const open = rows.find(({ status }) => status !== 'VOID');
  if (open) await billing.transact((tx) => voidInvoice(tx, { invoiceId: open.id, reason: 'nhầm' }));
}

test('on random days, in any order and whatever is billed or voided in between, families pay for what was eaten or cut late, less support', async () => {
  const run = fc.tuple(
    fc.tuple(story, story),
    fc.array(between, { minLength: 20, maxLength: 40 }),
    fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
  );
  await fc.assert(
    fc.asyncProperty(run, async ([stories, steps, shuffle]) => {
      const billing = schools.newSchool();
      billing.database.setNow(new Date('2026-12-15T03:00:00Z'));
      const pupils = [];
      for (const steps of stories) pupils.push({ studentId: await billing.given.student(), ...told(steps) });
      await givenSupport(billing, pupils[0]?.studentId ?? '', { effectiveFrom: '2026-11-27' as SchoolDate });
      // Everything is told twice, in any order.
      const news = pupils.flatMap(({ studentId, events }) => [...events, ...events].map((facts) => ({ studentId, facts })));
      const order = news.map((each, at) => ({ each, place: shuffle[at % shuffle.length] ?? 0 })).sort((a, b) => a.place - b.place);
      for (const [at, { each }] of order.entries()) {
        await billing.transact((tx) => receiveMealFacts(tx, { ...each, studentName: 'A', eventId: 'e', occurredAt: new Date() }));
        await act(billing, steps[at] ?? 'HEAR');
      }
      for (const last of ['SUPPORT', 'BILL 2026-11', 'BILL 2027-01']) await act(billing, last);

      const books = await billing.books();
      const supported = (meal: Meal) =>
        meal.status === 'BOOKED' && meal.date < '2026-12-15' ? (meal.price < 30_000n ? meal.price : 30_000n) : 0n;
      let food = 0n;
      let support = 0n;
      for (const [at, { studentId, meals }] of pupils.entries()) {
        const eaten = meals.reduce((sum, { status, price }) => (status === 'CANCELLED' ? sum : sum + price), 0n);
        const publicly = at === 0 ? meals.reduce((sum, meal) => sum + supported(meal), 0n) : 0n;
        expect((books[`receivable:${studentId}`] ?? 0n) + (books[`credit:${studentId}`] ?? 0n)).toBe(eaten - publicly);
        food += eaten;
        support += publicly;
      }
      expect([-(books['meals:LUNCH'] ?? 0n), books['subsidy:HCMC'] ?? 0n]).toEqual([food, support]);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});
