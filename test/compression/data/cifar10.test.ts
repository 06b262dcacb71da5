import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCifar10 } from '../../../problems/compression/data/cifar10.js';
import { InputError } from '../../../src/index.js';
import { scratchFolder } from './scratch-folder.js';

const folder = scratchFolder();

/** A file of records: pixel p of the r-th record is (r * 31 + p) mod 256. */
function file(name: string, labels: readonly number[]): string {
  const path = join(folder, name);
  const bytes = Buffer.alloc(labels.length * 3073);
  labels.forEach((label, r) => {
    bytes[r * 3073] = label;
    for (let p = 0; p < 3072; p++) bytes[r * 3073 + 1 + p] = (r * 31 + p) % 256;
  });
  writeFileSync(path, bytes);
  return path;
}

const refusal = async (paths: string[], options = {}) => {
  const error: unknown = await readCifar10(paths, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

describe('readCifar10', () => {
  it('gives labels and pixels of several files one after the other', async () => {
    const dataset = await readCifar10([file('a.bin', [3, 9]), file('b.bin', [0])], {});
    expect(dataset.count).toBe(3);
    expect(dataset.name).toBe('cifar10:a.bin,b.bin');
    expect(dataset.sampleShape).toEqual([3, 32, 32]);
    expect([...dataset.labels]).toEqual([3, 9, 0]);
    expect(dataset.classNames?.[3]).toBe('cat');
    const out = new Float32Array(2 * 3072);
    await dataset.read(1, 2, out);
    expect(out[5]).toBe(Math.fround((31 + 5) / 255)); // record 1 of a.bin
    expect(out[3072 + 5]).toBe(Math.fround(5 / 255)); // record 0 of b.bin
  });

  it('normalises each plane by its own mean and std, rounding once', async () => {
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const dataset = await readCifar10([file('norm.bin', [1, 2])], { mean, std });
    const out = new Float32Array(2 * 3072);
    await dataset.read(0, 2, out);
    for (let r = 0; r < 2; r++)
      for (let p = 0; p < 3072; p++) {
        const channel = Math.floor(p / 1024);
        const pixel = (r * 31 + p) % 256;
        expect(out[r * 3072 + p]).toBe(Math.fround((pixel / 255 - mean[channel]) / std[channel]));
      }
  });

  it('reads any stretch of samples as the whole says', async () => {
    const dataset = await readCifar10([file('long.bin', [0, 1, 2, 3, 4, 5, 6])], {});
    const whole = new Float32Array(7 * 3072);
    await dataset.read(0, 7, whole);
    await fc.assert(
      fc.asyncProperty(fc.nat(6), fc.nat(6), async (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const part = new Float32Array((last - first) * 3072);
        await dataset.read(first, last - first, part);
        expect(part).toEqual(whole.subarray(first * 3072, last * 3072));
      }),
      { numRuns: 20 },
    );
  });

  it('takes the first samples over the files when limited, and all when the limit is larger', async () => {
    const paths = [file('l1.bin', [1, 2]), file('l2.bin', [3, 4])];
    expect([...(await readCifar10(paths, { limit: 3 })).labels]).toEqual([1, 2, 3]);
    expect([...(await readCifar10(paths, { limit: 1 })).labels]).toEqual([1]);
    expect((await readCifar10(paths, { limit: 99 })).count).toBe(4);
  });

  it('takes the names of the classes from the options', async () => {
    const dataset = await readCifar10([file('named.bin', [0])], { classNames: ['x', 'y'] });
    expect(dataset.classNames).toEqual(['x', 'y']);
  });

  it('refuses what is no CIFAR-10 file in one sentence with the value', async () => {
    const good = file('good.bin', [1]);
    const empty = join(folder, 'empty.bin');
    writeFileSync(empty, '');
    const short = join(folder, 'short.bin');
    writeFileSync(short, Buffer.alloc(3072));
    mkdirSync(join(folder, 'sub'));
    expect(await refusal([])).toMatch(/at least one file, got none/);
    expect(await refusal([join(folder, 'nowhere.bin')])).toMatch(/must exist, got ".*nowhere\.bin"/);
    expect(await refusal([join(folder, 'sub')])).toMatch(/must be a file, got ".*sub", which is a folder/);
    expect(await refusal([empty])).toMatch(/empty/);
    expect(await refusal([good, short])).toMatch(/whole records of 3073 bytes, got 3072 bytes in ".*short/);
    expect(await refusal([good, file('label.bin', [1, 10])])).toMatch(
      /label must lie in 0 \.\. 9, got 10 in record 1 of ".*label\.bin"/,
    );
  });

  it('checks the size of a file that the limit does not reach', async () => {
    const short = join(folder, 'short2.bin');
    writeFileSync(short, Buffer.alloc(10));
    expect(await refusal([file('first.bin', [1]), short], { limit: 1 })).toMatch(/10 bytes/);
  });

  it.each([0, -1, 1.5, Number.NaN, '3'])('refuses the limit %s', async (limit) => {
    expect(await refusal([file('limit.bin', [1])], { limit })).toMatch(/limit .* whole number from 1, got/);
  });

  it.each([
    [{ mean: [0.5] }, /mean must have one number a channel, 3 .*, got 1/],
    [{ std: [1, 1, 1, 1] }, /std must have one number a channel, 3 .*, got 4/],
    [{ std: [1, 0, 1] }, /std must be above 0, got 0/],
    [{ std: [1, 1, -2] }, /std must be above 0, got -2/],
    [{ std: [1e-320, 1, 1] }, /range of float32, got mean 0 and std 1e-320 for channel 0/],
    [{ mean: [0, 1e300, 0] }, /range of float32, got mean 1e\+300 and std 1 for channel 1/],
    [{ mean: [0, Number.NaN, 0] }, /mean must be a finite number, got NaN/],
  ])('refuses the normalisation %j', async (options, message) => {
    expect(await refusal([file('norm2.bin', [1])], options)).toMatch(message);
  });
});

const real = fileURLToPath(new URL('../../../../shared/data/cifar10/test_batch.bin', import.meta.url));
describe.skipIf(!existsSync(real))('readCifar10 on real images (in ../shared, skipped where absent)', () => {
  it('finds every class among the first 1000 test images', async () => {
    const dataset = await readCifar10([real], { limit: 1000 });
    expect(new Set(dataset.labels).size).toBe(10);
  });
});
