import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Block } from '../../../problems/compression/recovery/block-costs.js';
import type * as InThreads from '../../../problems/compression/recovery/in-threads.js';
import { costsInThreads as here } from '../../../problems/compression/recovery/in-threads.js';
import { randomOf } from '../../../src/index.js';

// Threads run compiled code: this needs the build that `npm test` makes.
const address = new URL('../../../dist/problems/compression/recovery/in-threads.js', import.meta.url);

interface Numbered extends Block {
  readonly index: number;
}

/** Blocks of several widths, with moments of rows of their own. */
function* blocks(count: number): Generator<Numbered> {
  for (let index = 0; index < count; index++) {
    const random = randomOf('blocks', index);
    const width = 20 + 7 * index;
    const rows = Float64Array.from({ length: 5 * width }, () => random.normal());
    const covariance = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        covariance[i * width + j] = i === j ? 0.1 : 0;
        for (let row = 0; row < 5; row++)
          covariance[i * width + j] += rows[row * width + i] * rows[row * width + j];
      }
    yield {
      index,
      width,
      covariance,
      weights: Float64Array.from({ length: 3 * width }, () => random.normal()),
    };
  }
}

async function costsOf(costsInThreads: typeof here, threads: number, count = 9): Promise<Float64Array[]> {
  const costs: Float64Array[] = [];
  await costsInThreads(blocks(count), { threads }, ({ index }, found) => {
    costs[index] = found.slice();
  });
  return costs;
}

describe('the costs of blocks in threads', () => {
  let threaded: typeof here;
  beforeAll(async () => {
    expect(existsSync(fileURLToPath(address)), 'needs the build: npm run build').toBe(true);
    threaded = ((await import(address.href)) as typeof InThreads).costsInThreads;
  });

  test('they are the same, bit for bit, whatever the number of threads', async () => {
    const alone = await costsOf(here, 1);
    expect(alone.map(({ length }) => length)).toEqual(Array.from(blocks(9), ({ width }) => 3 * width));
    for (const threads of [1, 2, 3, 12]) expect(await costsOf(threaded, threads)).toEqual(alone);
    expect(await costsOf(threaded, 2, 0)).toEqual([]);
  });

  for (const threads of [1, 2])
    test(`a signal stops ${threads} of them between blocks and within, with its reason`, async () => {
      const stop = new AbortController();
      const seen: number[] = [];
      const run = threaded(blocks(50), { threads, signal: stop.signal }, ({ index }) => {
        seen.push(index);
        stop.abort(new Error('enough'));
      });
      await expect(run).rejects.toThrow('enough');
      expect(seen.length).toBe(1);
    });

  test('what goes wrong in a thread, or with what it gives, is what the caller hears', async () => {
    const bad = [{ width: -1, covariance: new Float64Array(1), weights: new Float64Array(1) }];
    await expect(threaded(bad, { threads: 2 }, () => {})).rejects.toThrow(RangeError);
    const full = () => {
      throw new Error('no room');
    };
    await expect(threaded(blocks(5), { threads: 2 }, full)).rejects.toThrow('no room');
  });

  test('a process whose threads are done, stopped or broken ends by itself', () => {
    const program = `
      import { costsInThreads } from ${JSON.stringify(address.href)};
      const block = (width) => ({ width, covariance: new Float64Array(4).fill(1), weights: new Float64Array(2) });
      const stop = new AbortController();
      const options = { threads: 2, signal: stop.signal };
      await costsInThreads([block(2), block(2), block(2)], options, () => {});
      await costsInThreads([block(2), block(-1)], options, () => {}).catch((error) => console.log(error.name));
      await costsInThreads([block(2), block(2)], options, () => stop.abort()).catch((error) => console.log(error.name));
    `;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'RangeError\nAbortError\n', stderr: '' });
  });
});
