import { setTimeout as sleep } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import type { Listening } from './consumer.ts';
import { withDeadline } from './kafka.ts';
import type { Logger } from './logger.ts';
import type { Relay } from './relay.ts';

export interface Readiness {
  /** Why the service should get no traffic; empty when it is ready. */
  reasons(): readonly string[];
  /** Ends the watch: from now on the reason is that it stops. */
  stop(): Promise<void>;
}

interface Watched {
  readonly db: mongo.Db;
  readonly relay: Pick<Relay, 'healthy'>;
  readonly listeners: ReadonlyMap<string, Pick<Listening, 'healthy'>>;
  readonly log: Logger;
  /** Called at first, and when ready turns to not ready or back. */
  readonly onChange: (ready: boolean) => void;
}

const everyMs = 2_000;
// A starting service is checked more often: somebody waits for it.
const everyAtStartMs = 100;
const pingMs = 2_000;

export function watchReadiness({ db, relay, listeners, log, onChange }: Watched): Readiness {
  const stopping = new AbortController();
  let reasons: readonly string[] = ['starting'];
  let once = false;

  const look = async (): Promise<void> => {
    const found: string[] = [];
    if (!(await answers(db))) found.push('MongoDB does not answer');
    if (!relay.healthy()) found.push('events do not reach Kafka');
    for (const [group, listening] of listeners) if (!listening.healthy()) found.push(`the listener ${group} does not run`);
    if (stopping.signal.aborted) return;
    const changed = found.length === 0 ? reasons.length > 0 : reasons.join() !== found.join();
    const turned = (found.length === 0) !== (reasons.length === 0);
    reasons = found;
    if (changed && found.length > 0) log.warn({ reasons }, 'not ready');
    if (turned) onChange(found.length === 0);
    once ||= found.length === 0;
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(once ? everyMs : everyAtStartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    reasons: () => reasons,
    async stop() {
      stopping.abort();
      const wasReady = reasons.length === 0;
      reasons = ['stopping'];
      if (wasReady) onChange(false);
      await ended;
    },
  };
}

async function answers(db: mongo.Db): Promise<boolean> {
  try {
    // A ping alone would be answered by a secondary too; a write needs the primary.
    const hello = await withDeadline(db.command({ hello: 1 }, { timeoutMS: pingMs }), pingMs + 500);
    return hello.isWritablePrimary === true;
  } catch {
    return false;
  }
}
