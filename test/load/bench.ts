import type { Estimate } from './statistics.ts';

/** Where a bench may work, and how long. */
export interface Place {
  /** Folder for this run's files. */
  readonly stateDir: string;
  /** Short mode: fewer and shorter rounds, at most three minutes for each bench. */
  readonly short: boolean;
  readonly say: (line: string) => void;
}

/** Where a bench runs: the same engines for floor and subject. */
export interface World extends Place {
  readonly mongoUri: string;
  readonly brokers: readonly string[];
  /** Empty where the engines are not processes of this machine. */
  readonly mongodPids: readonly number[];
}

/** One row of the table. Absolute figures are noise on a shared machine; ratios and bounds are what is gated. */
export interface Row {
  readonly name: string;
  readonly what: string;
  /** Units per second, or the figure of a guard. */
  readonly floor?: number;
  readonly subject: number;
  readonly unit: string;
  /** Subject divided by floor. */
  readonly ratio?: Estimate;
  readonly must: string;
  readonly passed: boolean;
  /** What was checked afterwards, and holds: a fast run with broken books is a failure. */
  readonly invariants: string;
}

/**
 * `engines` says what it needs. APART: engines on processor 0 and everything measured on processor 1, so that floor and subject are
 * compared under the same limits. BESIDE: all processors for all, as a user has it. OWN: it brings its own.
 */
export type Bench =
  | { readonly name: string; readonly engines: 'APART' | 'BESIDE'; readonly run: (world: World) => Promise<Row[]> }
  | { readonly name: string; readonly engines: 'OWN'; readonly run: (place: Place) => Promise<Row[]> };

interface Compared {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly floor: number;
  readonly subject: number;
  readonly ratio: Estimate;
  readonly invariants: string;
}

/** A row for a ratio that must not fall below `must`; judged by the lower end of its interval. */
export function ratioRow({ must, ...row }: Compared & { must: number }): Row {
  return { ...row, must: `≥ ${must.toFixed(2)}`, passed: row.ratio.low >= must };
}

/** A row for a ratio that must not rise above `most`; judged by the upper end of its interval. */
export function costRow({ most, ...row }: Compared & { most: number }): Row {
  return { ...row, must: `≤ ${most.toFixed(2)}`, passed: row.ratio.high <= most };
}

/** A row for a figure of its own that must not rise above `most`. */
export function guardRow({ most, ...row }: Omit<Compared, 'floor' | 'ratio'> & { most: number }): Row {
  return { ...row, must: `≤ ${most}`, passed: row.subject <= most };
}
