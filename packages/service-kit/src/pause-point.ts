import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = process.env.SCHOOLBELL_PAUSE_FILE;

/**
 * A place where a fault test holds a real process before it kills it. While the file that SCHOOLBELL_PAUSE_FILE names holds the
 * name of the place, the process stops there for ever and says so in `<file>.reached`. Nobody else sets the variable.
 */
export async function pausePoint(name: string): Promise<void> {
  if (file === undefined || !existsSync(file) || readFileSync(file, 'utf8') !== name) return;
  writeFileSync(`${file}.reached`, name);
  await new Promise<never>(() => setInterval(() => undefined, 60_000));
}
