import { setImmediate as turn } from 'node:timers/promises';
import { createBell } from './bell.ts';
import type { Logger } from './logger.ts';
import { metrics } from './metrics.ts';

/** Work that no request and no event starts. Two runs of one tick never overlap within a process. */
export interface Tick {
  /** "invoice-runs", for logs and metrics. */
  readonly name: string;
  /** Pause between two runs, in ms. */
  readonly everyMs: number;
  /** Least pause before the first run, in ms; none without it. */
  readonly firstAfterMs?: number;
  /** Does one portion; true = more is waiting, run again at once. `stopping` aborts when the service stops: what can be left is then left. */
  readonly run: (stopping: AbortSignal) => Promise<boolean>;
}

export interface Ticking {
  /** Ends the pause, because there is work; a pause after an error lasts its full time. */
  wake(): void;
  /** Aborts the current run and waits for its end. */
  stop(): Promise<void>;
}

const longestBackOffMs = 5_000;

/** Runs a tick for as long as the service lives. An error is logged and counted; the pause then grows, and shrinks again with the first success. */
export function startTick({ name, everyMs, firstAfterMs = 0, run }: Tick, log: Logger): Ticking {
  const stopping = new AbortController();
  let failures = 0;
  const bell = createBell();
  const loop = async (): Promise<void> => {
    // Several instances started together would otherwise look for the same work at the same instant, for ever.
    await bell.rungWithin(firstAfterMs + Math.random() * Math.min(everyMs, Math.max(1_000, firstAfterMs)));
    while (!stopping.signal.aborted) {
      try {
        const more = await run(stopping.signal);
        failures = 0;
        // Even a tick that always has more must let timers and sockets have their turn.
        await (more ? turn() : bell.rungWithin(everyMs * (0.9 + Math.random() * 0.2)));
      } catch (error) {
        failures++;
        metrics.retries.inc({ where: `tick ${name}` });
        log.warn({ err: error, tick: name, failures }, 'A tick failed and is tried again');
        await bell.stoppedWithin(Math.max(everyMs, Math.min(longestBackOffMs, 100 * 2 ** Math.min(failures, 12))));
      }
    }
  };
  const ended = loop();
  return {
    wake: bell.ring,
    async stop() {
      stopping.abort();
      bell.end();
      await ended;
    },
  };
}

/** Wakes a tick by its name. A name that no tick has is a slip in the code: work that is committed does not fail for it, but the log says it, once. */
export function wakeByName(ticking: ReadonlyMap<string, Pick<Ticking, 'wake'>>, log: Logger): (name: string) => void {
  const told = new Set<string>();
  return (name) => {
    const tick = ticking.get(name);
    if (tick) return tick.wake();
    // Before the ticks are started nothing is missed: the first runs come at once.
    if (ticking.size === 0 || told.has(name)) return;
    told.add(name);
    log.warn({ tick: name, ticks: [...ticking.keys()] }, 'No tick has this name, so none was woken');
  };
}
