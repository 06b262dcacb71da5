import { describe, expect, it } from 'vitest';
import { type BatchForm, prepareBatches } from '../../../problems/compression/inference/batches.js';
import { InputError } from '../../../src/index.js';
import { dataOf } from './networks.js';

const seven = dataOf(
  Array.from({ length: 7 }, (_, i) => [i, 10 + i]),
  new Array(7).fill(0),
);
const form = (parts: Partial<BatchForm>): BatchForm => ({ size: 3, fixed: false, type: 'float32', ...parts });

async function all(dataset: typeof seven, wanted: BatchForm, keptBytes?: number) {
  const batches = await prepareBatches(dataset, wanted, { keptBytes });
  return Promise.all(Array.from({ length: batches.count }, (_, index) => batches.at(index)));
}

describe('prepareBatches', () => {
  it('cuts the samples in order', async () => {
    const batches = await all(
      dataOf(
        Array.from({ length: 5 }, (_, i) => [i]),
        [0, 0, 0, 0, 0],
      ),
      form({}),
    );
    expect(batches).toEqual([
      { first: 0, valid: 3, dims: [3, 1], data: Float32Array.of(0, 1, 2) },
      { first: 3, valid: 2, dims: [2, 1], data: Float32Array.of(3, 4) },
    ]);
  });

  it('repeats the last sample up to two rows, or up to the size that the model fixes', async () => {
    const free = await all(seven, form({}));
    expect(free[2]).toEqual({ first: 6, valid: 1, dims: [2, 2], data: Float32Array.of(6, 16, 6, 16) });
    const fixed = await all(seven, form({ fixed: true }));
    expect(fixed[2].data).toEqual(Float32Array.of(6, 16, 6, 16, 6, 16));
    expect(fixed[2].valid).toBe(1);
    const single = await all(seven, form({ size: 1, fixed: true }));
    expect(single).toHaveLength(7);
    expect(single[6]).toEqual({ first: 6, valid: 1, dims: [1, 2], data: Float32Array.of(6, 16) });
  });

  it('names the full batches, or the only one, as those to time', async () => {
    expect((await prepareBatches(seven, form({}))).timed).toBe(2);
    expect((await prepareBatches(seven, form({ size: 7 }))).timed).toBe(1);
    expect((await prepareBatches(seven, form({ size: 50, fixed: true }))).timed).toBe(1);
  });

  it('gives the same batches when they are too many to keep', async () => {
    let reads = 0;
    const counted = {
      ...seven,
      read(first: number, count: number, out: Float32Array) {
        reads++;
        return seven.read(first, count, out);
      },
    };
    // 7 samples of 2 floats are 56 bytes
    const kept = await prepareBatches(counted, form({}), { keptBytes: 56 });
    expect(reads).toBe(3);
    const reread = await prepareBatches(counted, form({}), { keptBytes: 55 });
    expect(reads).toBe(3);
    for (let i = 0; i < 3; i++) expect(await reread.at(i)).toEqual(await kept.at(i));
    expect(reads).toBe(6);
  });

  it('refuses batches of more than 2 GiB before it reads any', async () => {
    // 7 samples of 2 floats of 4 bytes: a free size takes only as many rows as there are samples
    await expect(prepareBatches(seven, form({ size: 2 ** 40 }))).resolves.toMatchObject({ count: 1 });
    const fixed = prepareBatches(seven, form({ size: 2 ** 28 + 1, fixed: true }));
    await expect(fixed).rejects.toThrow(InputError);
    await expect(fixed).rejects.toThrow(/at most 2 GiB, got 268435457 samples of shape \[2\]/);
    const large = { ...seven, sampleShape: [1e9, 1e9] };
    await expect(prepareBatches(large, form({}))).rejects.toThrow(/got 3 samples of shape \[1000000000, 1/);
  });

  it('gives float16 as bits', async () => {
    const [batch] = await all(
      dataOf(
        [
          [1, -2],
          [0.5, 65504],
        ],
        [0, 0],
      ),
      form({ type: 'float16' }),
    );
    expect(batch.data).toEqual(Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x7bff));
  });

  it('stops between batches when the signal is aborted', async () => {
    const controller = new AbortController();
    const dataset = { ...seven, read: () => controller.abort(new Error('enough')) };
    await expect(prepareBatches(dataset, form({}), { signal: controller.signal })).rejects.toThrow('enough');
  });
});
