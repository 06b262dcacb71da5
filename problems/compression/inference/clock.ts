/** Milliseconds since some moment. */
export type Clock = () => number;

/**
 * What runs of so many threads are timed with: on one thread the processor's time, which is the clock's on a quiet machine and does not count how long others had the
 * processor on a busy one; on several threads, or where the system counts the processor's time in steps too coarse, the clock.
 */
export function clockFor(threads: number): Clock {
  fine ??= isFine();
  return threads === 1 && fine ? processorTime : wallTime;
}

let fine: boolean | undefined;

/** The longest step of a fine count, in milliseconds; the steps that are looked at, and how often it is asked for them: for some 30 milliseconds. */
const COARSEST = 0.1;
const STEPS = 10;
const PATIENCE = 20_000;

/** By the shortest of several steps: others may have had the processor, or other threads of this process have been at work, during one. */
function isFine(): boolean {
  let shortest = Number.POSITIVE_INFINITY;
  let last = processorTime();
  for (let asked = 0, steps = 0; asked < PATIENCE && steps < STEPS; asked++) {
    const now = processorTime();
    if (now === last) continue;
    shortest = Math.min(shortest, now - last);
    last = now;
    steps++;
  }
  return shortest < COARSEST;
}

const wallTime: Clock = () => performance.now();

/** Of all threads of this process, with what the system did for it. */
const processorTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
