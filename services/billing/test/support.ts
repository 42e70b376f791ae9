import { type SchoolDate, schoolDateOf, vnd } from '@schoolbell/kernel';
import type { LunchSupport } from '../src/domain/meals/support.ts';
import { grantLunchSupport } from '../src/usecases/meals/grant-lunch-support.ts';
import { passSupportedDays } from '../src/usecases/meals/pass-supported-days.ts';
import { settleLunchSupport } from '../src/usecases/meals/settle-lunch-support.ts';
import type { Billing } from './given.ts';

/** 30,000 đ a day of Hồ Chí Minh City from 7-12-2026 on, unless `changed` says otherwise. Answers its id. */
export async function givenSupport(billing: Billing, studentId: string, changed: Partial<LunchSupport> = {}): Promise<string> {
  const id = crypto.randomUUID();
  const span = { effectiveFrom: '2026-12-07' as SchoolDate, effectiveUntil: undefined };
  const right = { id, studentId, amountPerDay: vnd(30_000n), ...span, source: 'HCMC' as const, citation: 'QĐ 812/QĐ-UBND', ...changed };
  const granted = await billing.transact((tx) => grantLunchSupport(tx, right));
  if (!granted.ok) throw new Error(granted.refusal.code);
  return id;
}

/** As the clock does, until nothing is left. Answers whether the school had anything to do. */
export async function settleSupports(billing: Billing): Promise<boolean> {
  const waiting = await billing.read(async (tx) => [
    ...(await tx.supports.unsettled(schoolDateOf(tx.now), 1)),
    ...(await tx.mealMonths.unchecked(1)),
  ]);
  while (await billing.transact((tx) => passSupportedDays(tx, 2)));
  while (await billing.transact((tx) => settleLunchSupport(tx, 2)));
  return waiting.length > 0;
}
