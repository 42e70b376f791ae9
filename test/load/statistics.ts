/** A ratio with its spread: the median of paired ratios and the ends of a 95 % bootstrap interval. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2_000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that a share of all values does not exceed: 0.99 for the p99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function estimate(values: readonly number[]): Estimate {
  // A fixed seed: the same measurements give the same interval, whoever computes it.
  const random = seeded(20_261_121);
  const medians = Array.from({ length: resamples }, () => median(values.map(() => values[Math.floor(random() * values.length)] ?? 0)));
  medians.sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.floor(share * (resamples - 1))] ?? Number.NaN;
  return { median: median(values), low: at(0.025), high: at(0.975) };
}

/** Mulberry32, a small generator that is good enough to resample. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What one side of a pair did: units of work, and how long it took. */
export interface Measured {
  readonly units: number;
  readonly seconds: number;
}

export interface Paired {
  readonly floor: number[];
  readonly subject: number[];
  /** Rate of the subject divided by the rate of the floor, pair by pair; the first pair is left out. */
  readonly ratios: number[];
}

/** Runs floor and subject in turn, A B B A, so that a machine that drifts favours neither. Rates are units per second. */
export async function alternate(
  pairs: number,
  floor: (round: number) => Promise<Measured>,
  subject: (round: number) => Promise<Measured>,
): Promise<Paired> {
  const paired: Paired = { floor: [], subject: [], ratios: [] };
  const rate = ({ units, seconds }: Measured): number => units / seconds;
  for (let pair = 0; pair <= pairs; pair++) {
    const first = pair % 2 === 0 ? floor : subject;
    const second = first === floor ? subject : floor;
    const a = rate(await first(2 * pair));
    const b = rate(await second(2 * pair + 1));
    const [ofFloor, ofSubject] = first === floor ? [a, b] : [b, a];
    if (pair === 0) continue; // Caches, connections and compiled code are cold.
    paired.floor.push(ofFloor);
    paired.subject.push(ofSubject);
    paired.ratios.push(ofSubject / ofFloor);
  }
  return paired;
}
