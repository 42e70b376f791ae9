import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { restAfter } from './rest.ts';

// With a backlog the consumer does not rest.
const backlog = 50;

/** What kafkajs brings of one partition. */
interface Fetched {
  readonly batch: { readonly messages: readonly unknown[] };
}

/**
 * Collects the batches of one fetch, which kafkajs delivers partition by partition, and processes them together. Each call resolves or
 * rejects as the processing of its own batch did.
 */
export function gatherFetched<F extends Fetched>(work: (fetched: readonly F[]) => Promise<void>) {
  let gathered: F[] = [];
  let round: Promise<void> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const take = async (): Promise<void> => {
    await before;
    await turn();
    const fetched = gathered;
    gathered = [];
    round = undefined;
    const begun = performance.now();
    const working = work(fetched);
    before = working.catch(() => undefined);
    await working;
    const count = fetched.reduce((sum, { batch }) => sum + batch.messages.length, 0);
    if (count < backlog) await sleep(restAfter(performance.now() - begun));
  };
  return (payload: F): Promise<void> => {
    gathered.push(payload);
    round ??= take();
    return round;
  };
}
