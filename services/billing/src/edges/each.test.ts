import { createLogger } from '@schoolbell/service-kit';
import { expect, test } from 'vitest';
import { each } from './each.ts';

const log = createLogger('billing', 'silent');
const items = ['a', 'b', 'c'].map((schoolId) => ({ schoolId }));

async function failing(error: Error): Promise<{ done: string[]; putOff: string[]; failed: unknown }> {
  const [done, putOff]: [string[], string[]] = [[], []];
  const work = async ({ schoolId }: { schoolId: string }): Promise<void> => {
    if (schoolId === 'b') throw error;
    done.push(schoolId);
  };
  const failed = await each(items, log, work, async ({ schoolId }) => void putOff.push(schoolId)).catch((fault: unknown) => fault);
  return { done, putOff, failed };
}

test('one school that fails is put off, the others are served, and the tick fails', async () => {
  const broken = new TypeError('broken');
  expect(await failing(broken)).toEqual({ done: ['a', 'c'], putOff: ['b'], failed: broken });
});

test('where MongoDB was away nothing is put off: a run whose service was killed goes on as soon as its locks are free', async () => {
  const away = Object.assign(new Error('MongoDB did not answer in time'), { name: 'OutcomeUnknownError' });
  expect(await failing(away)).toEqual({ done: ['a', 'c'], putOff: [], failed: away });
});
