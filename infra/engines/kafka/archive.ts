import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../cache.ts';
import { takeLock } from '../lock.ts';
import { openClaims } from '../ports.ts';
import { createProcesses } from '../processes.ts';
import { type Log, withProgress } from '../wait.ts';
import { type KafkaHome, kafkaVersion } from './fetch.ts';
import { startLocalKafka } from './local.ts';

/**
 * Java flags that load Kafka's classes from an archive, which halves the start of a broker. Java makes the archive at
 * the end of one short run of a broker, and ignores it by itself when Java or the jars have changed since.
 */
export async function classArchive(home: KafkaHome, log: Log): Promise<string[]> {
  const archive = join(cacheDir(), `kafka-${kafkaVersion}-java-${home.javaVersion}.jsa`);
  if (!existsSync(archive)) {
    await withProgress(log, 'Preparing Kafka for quick starts (once)', () => record(home, archive)).catch(() => giveUp(archive));
  }
  return existsSync(archive) && statSync(archive).size > 0 ? [`-XX:SharedArchiveFile=${archive}`] : [];
}

async function record(home: KafkaHome, archive: string): Promise<void> {
  const stateDir = join(cacheDir(), 'kafka-first-run');
  mkdirSync(stateDir, { recursive: true });
  const lock = await takeLock(stateDir, () => {});
  const draft = join(stateDir, 'draft.jsa');
  const processes = createProcesses(lock, () => {});
  const claims = openClaims();
  try {
    const kafka = { ...home, jvm: [], brokerJvm: [`-XX:ArchiveClassesAtExit=${draft}`] };
    await startLocalKafka(kafka, { brokers: 1, port: undefined }, { stateDir, processes, claims });
  } finally {
    await processes.stopAll();
    claims.release();
    lock.release();
  }
  renameSync(draft, archive);
  rmSync(stateDir, { recursive: true, force: true });
}

/** An empty file says: this Java makes no archive, do not try at every start. */
function giveUp(archive: string): void {
  if (!existsSync(archive)) writeFileSync(archive, '');
}
