import { expect, test } from 'vitest';
import { gatherFetched } from './gather-fetched.ts';

function fetched(partition: number) {
  return { batch: { partition, messages: ['one'] } };
}

test('partitions of one fetch are worked on together, those of the next one after them', async () => {
  const rounds: number[][] = [];
  const begun = Promise.withResolvers<void>();
  let end = (): void => undefined;
  const take = gatherFetched(async (payloads: readonly ReturnType<typeof fetched>[]) => {
    rounds.push(payloads.map(({ batch }) => batch.partition));
    begun.resolve();
    if (rounds.length === 1) await new Promise<void>((resolve) => (end = resolve));
  });
  const first = [take(fetched(0)), take(fetched(3))];
  await begun.promise;
  // Of another broker, while the first are at work.
  const second = [take(fetched(1)), take(fetched(2))];
  await new Promise(setImmediate);
  expect(rounds).toEqual([[0, 3]]);
  end();
  await Promise.all([...first, ...second]);
  expect(rounds).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

test('work that fails fails each of its batches, and the next ones are taken up', async () => {
  let tries = 0;
  const take = gatherFetched(async () => {
    if (++tries === 1) throw new Error('The partition was taken away');
  });
  const ends = await Promise.allSettled([take(fetched(0)), take(fetched(1))]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await take(fetched(0));
  expect(tries).toBe(2);
});
