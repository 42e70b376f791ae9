import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './identity.ts';
import { type Log, withProgress } from './wait.ts';

export function cacheDir(): string {
  const dir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'schoolbell', 'engines');
  mkdirSync(dir, { recursive: true });
  return dir;
}

export interface Fetch {
  /** Folder in the cache; it names the version. */
  readonly folder: string;
  readonly what: string;
  readonly into: (draft: string) => Promise<void>;
  readonly log: Log;
}

/** The folder appears under its own name only when it is complete, so an interrupted fetch is simply done again. */
export async function fetchOnce({ folder, what, into, log }: Fetch): Promise<string> {
  const place = join(cacheDir(), folder);
  const drafts = () => readdirSync(cacheDir()).filter((name) => name.startsWith(`.${folder}.`));
  const isBusy = (draft: string) => processIdentity(Number(draft.split('.').at(-1))) !== undefined;
  if (!existsSync(place))
    for (const draft of drafts()) if (!isBusy(draft)) rmSync(join(cacheDir(), draft), { recursive: true, force: true });
  if (!existsSync(place) && drafts().length > 0) {
    log(`${what}: another process is at it, waiting …`);
    while (!existsSync(place) && drafts().some(isBusy)) await sleep(200);
  }
  if (existsSync(place)) return place;
  const draft = join(cacheDir(), `.${folder}.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    await withProgress(log, what, () => into(draft));
    publish(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return place;
}

function publish(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    // Two processes that began in the same instant both fetch; the one that ends second keeps what is there.
    if (!existsSync(place)) throw error;
  }
}
