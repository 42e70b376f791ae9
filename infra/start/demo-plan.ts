import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, parseSchoolDate, schoolDateOf } from '@schoolbell/kernel';
import { v7 as uuidv7 } from 'uuid';
import { readState, writeState } from '../engines/state.ts';
import { projectRoot } from './run-file.ts';

/** The demo school's ids and days are chosen once: a second start with kept data sends the same again, and nothing happens twice. */
export interface DemoPlan {
  readonly imports: Readonly<Record<string, string>>;
  readonly feeItemIds: readonly string[];
  readonly calendarId: string;
  readonly runId: string;
  readonly title: string;
  readonly effectiveFrom: string;
  readonly dueOn: string;
  /** The day on which its meal plans begin. */
  readonly mealsFrom: string;
}

export const demoFiles = { roster: 'C1-HocSinh.xlsx', contacts: 'phu-huynh.csv' } as const;

export function demoFile(fileName: string): Buffer {
  return readFileSync(join(projectRoot, 'infra', 'demo', 'school', fileName));
}

/** Whether the Schoolbell of this state directory was ever started with the demo school. */
export function hasDemoSchool(stateDir: string): boolean {
  return existsSync(planFile(stateDir));
}

export function openPlan(stateDir: string, { feeItems }: { feeItems: number }): DemoPlan {
  const file = planFile(stateDir);
  const known = readState<DemoPlan>(file);
  const hashes = Object.values(demoFiles).map((name) => createHash('sha256').update(demoFile(name)).digest('hex'));
  // A changed file is another import.
  const imports = Object.fromEntries(hashes.map((hash) => [hash, known?.imports[hash] ?? uuidv7()]));
  const made = newPlan(imports, feeItems);
  const plan: DemoPlan = known ? { ...made, ...known, imports: { ...known.imports, ...imports } } : made;
  writeState(file, plan);
  return plan;
}

function planFile(stateDir: string): string {
  return join(stateDir, 'demo.json');
}

function newPlan(imports: DemoPlan['imports'], feeItems: number): DemoPlan {
  const today = schoolDateOf(new Date());
  const [year = '', month = ''] = today.split('-');
  const schoolYear = Number(month) >= 9 ? Number(year) : Number(year) - 1;
  return {
    imports,
    feeItemIds: Array.from({ length: feeItems }, () => uuidv7()),
    calendarId: uuidv7(),
    runId: uuidv7(),
    title: `Thu tháng ${month}/${year}`,
    effectiveFrom: `${schoolYear}-09-01`,
    mealsFrom: today,
    dueOn: addDays(parseSchoolDate(today) ?? today, 14),
  };
}
