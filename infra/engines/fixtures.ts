import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';
import { processIdentity } from './identity.ts';

/** A directory of this test file; gone when the file is done. */
export function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'schoolbell-engines-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function logBook(): { lines: string[]; log: (line: string) => void } {
  const lines: string[] = [];
  return { lines, log: (line) => lines.push(line) };
}

export async function withMongo<T>(uri: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 120_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

export function isAlive(pid: number): boolean {
  return processIdentity(pid) !== undefined;
}
