import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { restAfter } from './rest.ts';

// Who has a backlog does not rest.
const backlog = 50;

/** What kafkajs brings of one partition. */
interface Fetched {
  readonly batch: { readonly messages: readonly unknown[] };
}

/**
 * Hands over together what kafkajs brings partition by partition: it takes the partitions of one fetch up one after the other, and
 * fetches again when the last of them is done. Each call ends as the work on its batch ended.
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
