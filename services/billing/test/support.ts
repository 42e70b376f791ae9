import { type SchoolDate, vnd } from '@schoolbell/kernel';
import { everySchool } from '@schoolbell/service-kit';
import type { LunchSupport } from '../src/domain/meals/support.ts';
import { findSupportSchools } from '../src/usecases/meals/find-support-schools.ts';
import { grantLunchSupport } from '../src/usecases/meals/grant-lunch-support.ts';
import { passSupportedDays } from '../src/usecases/meals/pass-supported-days.ts';
import { settleLunchSupport } from '../src/usecases/meals/settle-lunch-support.ts';
import type { Billing } from './given.ts';

/** 30,000 đ a day of Hồ Chí Minh City from 7-12-2026 on, unless told otherwise. Answers its id. */
export async function givenSupport(billing: Billing, studentId: string, told: Partial<LunchSupport> = {}): Promise<string> {
  const id = crypto.randomUUID();
  const span = { effectiveFrom: '2026-12-07' as SchoolDate, effectiveUntil: undefined };
  const right = { id, studentId, amountPerDay: vnd(30_000n), ...span, source: 'HCMC' as const, citation: 'QĐ 812/QĐ-UBND', ...told };
  const granted = await billing.transact((tx) => grantLunchSupport(tx, right));
  if (!granted.ok) throw new Error(granted.refusal.code);
  return id;
}

/** As the clock does, until nothing is left. Answers whether the school had anything to do. */
export async function settleSupports(billing: Billing): Promise<boolean> {
  const schools = await billing.database.read({ schoolId: everySchool }, findSupportSchools);
  while (await billing.transact((tx) => passSupportedDays(tx, 2)));
  while (await billing.transact((tx) => settleLunchSupport(tx, 2)));
  return schools.includes(billing.schoolId);
}
