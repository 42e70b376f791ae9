import type { Estimate } from './statistics.ts';

/** Where a bench runs: the same engines for floor and subject. */
export interface World {
  readonly mongoUri: string;
  readonly brokers: readonly string[];
  /** Folder for this run's files. */
  readonly stateDir: string;
  /** Short mode: fewer and shorter rounds, at most three minutes for each bench. */
  readonly short: boolean;
  readonly say: (line: string) => void;
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

export interface Bench {
  readonly name: string;
  readonly run: (world: World) => Promise<Row[]>;
}

/** A row for a ratio that must not fall below `must`; judged by the lower end of its interval. */
export function ratioRow(options: {
  name: string;
  what: string;
  unit: string;
  must: number;
  floor: number;
  subject: number;
  ratio: Estimate;
  invariants: string;
}): Row {
  const { must, ratio, ...rest } = options;
  return { ...rest, ratio, must: `≥ ${must.toFixed(2)}`, passed: ratio.low >= must };
}
