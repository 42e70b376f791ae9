const shortestMs = 200;
const longestMs = 5_000;
/** A program that lived this long was well; its next end is a new story. */
const steadyMs = 10_000;

/** Answers how long to wait before a program that has ended is started again: longer each time while it keeps dying young. */
export function backOff(): (livedMs: number) => number {
  let pauseMs = shortestMs / 2;
  return (livedMs) => {
    pauseMs = livedMs > steadyMs ? shortestMs : Math.min(longestMs, pauseMs * 2);
    return pauseMs;
  };
}
