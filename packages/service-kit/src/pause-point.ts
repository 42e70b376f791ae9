/**
 * A place where a fault test may hold a real process before it kills it: SCHOOLBELL_PAUSE_AT names one, and the process stops
 * there for ever. It says so on stderr, so that the test knows when to kill.
 */
export async function pausePoint(name: string): Promise<void> {
  if (process.env.SCHOOLBELL_PAUSE_AT !== name) return;
  process.stderr.write(`paused at ${name}\n`);
  await new Promise<never>(() => setInterval(() => undefined, 60_000));
}
