import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngines } from '@schoolbell/infra/engines';
import type { TestProject } from 'vitest/node';

/** One mongod and one broker for all tests of a run, with nothing in them, and gone when it ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'schoolbell-test-'));
  const forget = () => rm(stateDir, { recursive: true, force: true });
  try {
    const engines = await startEngines({ stateDir, log: (line) => console.log(line), mongo: { testCommands: true } });
    project.provide('mongoUri', engines.mongodb.uri);
    project.provide('kafkaBrokers', [...engines.kafka.brokers]);
    return async () => {
      await engines.stop();
      await forget();
    };
  } catch (error) {
    await forget();
    throw error;
  }
}
