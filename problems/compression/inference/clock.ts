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

/** The longest step of the count, and how long it is looked for, in milliseconds. */
const COARSEST = 0.1;
const PATIENCE = 5;

function isFine(): boolean {
  const start = wallTime();
  const before = processorTime();
  while (wallTime() - start < PATIENCE) {
    const step = processorTime() - before;
    if (step > 0) return step < COARSEST;
  }
  return false;
}

const wallTime: Clock = () => performance.now();

/** Of all threads of this process, with what the system did for it. */
const processorTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
