import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { clockFor } from '../../../problems/compression/inference/clock.js';

/** Milliseconds that a clock counts while nothing is done. */
async function idle(threads: number): Promise<number> {
  const clock = clockFor(threads);
  const start = clock();
  await wait(200);
  return clock() - start;
}

test('runs on several threads are timed by the clock on the wall', async () => {
  expect(await idle(2)).toBeGreaterThan(195);
});

// Elsewhere the count may be too coarse, and the clock stands in.
test.runIf(process.platform === 'linux')('time that a run on one thread waits does not count', async () => {
  expect(await idle(1)).toBeLessThan(100);
});

test('work counts on one thread', () => {
  const clock = clockFor(1);
  const start = clock();
  const end = performance.now() + 1000;
  while (clock() - start < 20) if (performance.now() > end) break;
  expect(clock() - start).toBeGreaterThanOrEqual(20);
});
