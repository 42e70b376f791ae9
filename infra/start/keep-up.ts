import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalProcess } from '../engines/index.ts';
import { type Log, reasonOf } from '../engines/wait.ts';
import { backOff } from './back-off.ts';

/**
 * Engines that end by themselves are started again on their ports and data, until the answered function is called.
 * One that was killed through its own handle stays down until whoever killed it starts it again.
 */
export function keepUp(members: readonly LocalProcess[], log: Log): () => void {
  let over = false;
  for (const member of members) {
    const pauseAfter = backOff();
    let startedAt = Date.now();
    const bringBack = async (how: string): Promise<void> => {
      if (over) return;
      const pauseMs = pauseAfter(Date.now() - startedAt);
      log(
        `${member.name} ended by itself (${how}); it is started again in ${pauseMs / 1_000} s, with its data. Its log: ${member.logFile}`,
      );
      await sleep(pauseMs, undefined, { ref: false });
      if (over) return;
      startedAt = Date.now();
      await member.restart();
      log(`${member.name} serves again.`);
    };
    member.watch((how) => {
      bringBack(how).catch((error) => {
        // Where it ended once more, that end was heard too, and is the next story.
        if (!over) log(`${member.name} does not serve yet (${reasonOf(error)}).`);
      });
    });
  }
  return () => {
    over = true;
  };
}
