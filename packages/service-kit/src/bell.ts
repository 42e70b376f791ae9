/** Wakes one loop that rests: rung when there is work, ended when it must stop. */
export function createBell() {
  let rung = false;
  let ended = false;
  let waiting: { readonly wake: () => void; readonly forRing: boolean } | undefined;
  const wait = async (ms: number, forRing: boolean): Promise<void> => {
    if (ended || ms <= 0 || (forRing && rung)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting = { wake, forRing };
    });
    waiting = undefined;
  };
  return {
    /** May be rung at every commit, so it is no more than a flag: aborting a signal makes an error with a stack each time. */
    ring: (): void => {
      rung = true;
      if (waiting?.forRing) waiting.wake();
    },
    /** Comes back when the bell has rung since the last call, or after `ms`. */
    rungWithin: async (ms: number): Promise<void> => {
      await wait(ms, true);
      rung = false;
    },
    stoppedWithin: (ms: number): Promise<void> => wait(ms, false),
    end: (): void => {
      ended = true;
      waiting?.wake();
    },
  };
}
