import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../problems/compression/data/load.js';
import { InputError } from '../../../src/index.js';
import { scratchFolder } from './scratch-folder.js';

const folder = scratchFolder();
let modules = 0;
/** A module of its own for each text: modules are loaded once a path. */
const loader = (text: string) => {
  const path = join(folder, `loader${modules++}.mjs`);
  writeFileSync(path, text);
  return path;
};
/** A loader of 4 samples of 2 numbers, with parts replaced. */
const returning = (parts: string) =>
  loader(`export default (options) => ({
    name: 'mine', count: 4, sampleShape: [2], labels: [0, 1, 1, 0], options,
    read(first, count, out) { for (let i = 0; i < 2 * count; i++) out[i] = 2 * first + i; }, ${parts} })`);
const refusal = async (spec: string, options = {}) => {
  const error: unknown = await loadDataset(spec, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

describe('loadDataset', () => {
  it('reads CIFAR-10 files separated by commas', async () => {
    const paths = ['a.bin', 'b.bin'].map((name) => join(folder, name));
    for (const path of paths) writeFileSync(path, Buffer.alloc(3073, 7));
    const dataset = await loadDataset(`cifar10:${paths.join(',')}`, {});
    expect(dataset.count).toBe(2);
    expect([...dataset.labels]).toEqual([7, 7]);
  });

  it("takes a user's module by scheme or by its bare path, at once or as a promise", async () => {
    const path = returning('');
    for (const spec of [path, `module:${path}`]) {
      const dataset = await loadDataset(spec, {});
      expect(dataset.name).toBe('mine');
      expect(dataset.labels).toEqual(Int32Array.of(0, 1, 1, 0));
      const out = new Float32Array(4);
      await dataset.read(1, 2, out);
      expect([...out]).toEqual([2, 3, 4, 5]);
    }
    const promised = loader(`export default async ({ limit }) => ({ count: limit, sampleShape: [1],
      labels: new Int32Array(limit), read(first, count, out) { out.fill(1, 0, count); } })`);
    expect((await loadDataset(promised, { limit: 6 })).count).toBe(6);
  });

  it('cuts a module that passes the limit over', async () => {
    const dataset = await loadDataset(returning(''), { limit: 3 });
    expect(dataset.count).toBe(3);
    expect([...dataset.labels]).toEqual([0, 1, 1]);
  });

  it("calls a module's read as the method of its data set", async () => {
    const path = loader(`class Own { count = 1; sampleShape = [1]; labels = [0]; value = 8;
      read(first, count, out) { out[0] = this.value; } }
      export default () => new Own()`);
    const out = new Float32Array(1);
    await (await loadDataset(path, {})).read(0, 1, out);
    expect(out[0]).toBe(8);
  });

  it.each([
    ['count: 0', /count .* whole number from 1, got 0/],
    ['count: "4"', /count .* got "4"/],
    ['labels: [0, 1]', /labels .* one a sample, 4, got 2/],
    ['labels: [0, 1, 1.5, 0]', /labels .* whole numbers from 0, got 1\.5 for sample 2/],
    ['labels: [0, -1, 1, 0]', /got -1 for sample 1/],
    ['labels: 7', /labels .* list, got 7/],
    ['sampleShape: [2, 0]', /sampleShape .* from 1, got \[2,0\]/],
    ['sampleShape: undefined', /sampleShape .* got undefined/],
    ['read: 1', /read .* function, got 1/],
    ['read() {}', /fill every place .* got NaN in place 0/],
    ['read(a, b, out) { out[0] = 1; }', /got NaN in place 1/],
    ['read() { throw new Error("disk gone"); }', /without an error, got "disk gone"/],
    ['read() { return Promise.reject({ code: 7 }); }', /without an error, got ".*code.*7/],
    ['read() { return Promise.reject(Object.create(null)); }', /without an error, got/],
    ['classNames: "cat"', /classNames .* list of strings, got "cat"/],
    ['classNames: ["cat"]', /classNames .* every class in use, got 1 names and label 1 for sample 1/],
    ['count: 4n', /count .* whole number from 1, got 4n/],
    ['labels: new BigInt64Array(4)', /labels .* whole numbers from 0, got 0n for sample 0/],
    ['labels: 4n', /labels .* list, got 4n/],
    ['sampleShape: new BigInt64Array(2)', /sampleShape .* from 1, got BigInt64Array/],
    ['sampleShape: [1e9, 1e9]', /sampleShape .* at most 134217728 numbers, got 1000000000000000000 in/],
    ['get labels() { throw new Error("no labels"); }', /without an error, got "no labels"/],
    ['get read() { throw 5n; }', /without an error, got "5n"/],
  ])('refuses a module whose data set has %s', async (parts, message) => {
    expect(await refusal(returning(parts))).toMatch(message);
  });

  it.each([
    ['out[2 * count - 1] = NaN', 'NaN', 1],
    ['out[2 * count - 1] = Infinity', 'Infinity', 1],
    ['out.set([Infinity, -Infinity], 2 * count - 2)', 'Infinity', 0],
    ['out.subarray(2 * count - 1).fill(1 / 0)', 'Infinity', 1],
  ])('refuses a later sample that is not finite when it is read: %s', async (spoil, value, place) => {
    const dataset = await loadDataset(
      returning(`read(first, count, out) { out.fill(1, 0, 2 * count); if (first + count === 4) ${spoil}; }`),
      {},
    );
    await dataset.read(0, 3, new Float32Array(6));
    const error: unknown = await Promise.resolve(dataset.read(1, 3, new Float32Array(6))).catch((e) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain(`finite number, got ${value} in place ${place} of sample 3`);
  });

  it('refuses a later sample that is not filled, and leaves the rest of the array alone', async () => {
    const dataset = await loadDataset(returning('read(first, count, out) { out[0] = out[1] = 1; }'), {});
    const out = new Float32Array(6).fill(7);
    await dataset.read(2, 1, out);
    expect([...out]).toEqual([1, 1, 7, 7, 7, 7]);
    await expect(dataset.read(1, 2, out)).rejects.toThrow('got NaN in place 0 of sample 2');
  });

  it('takes labels of any typed array of numbers, and as many names as labels in use', async () => {
    const dataset = await loadDataset(
      returning('labels: Uint8Array.of(0, 1, 1, 2), classNames: ["a", "b"]'),
      { limit: 3 },
    );
    expect([...dataset.labels]).toEqual([0, 1, 1]);
  });

  it('refuses a module that is missing, broken, or exports or returns something else', async () => {
    expect(await refusal(join(folder, 'none.mjs'))).toMatch(/existing file, got ".*none\.mjs"/);
    expect(await refusal(`module:${folder}`)).toMatch(/existing file/);
    expect(await refusal(loader('export const x = 1;'))).toMatch(/function by default, got undefined/);
    expect(await refusal(loader('export default 3;'))).toMatch(/function by default, got 3/);
    expect(await refusal(loader('throw new Error("at load");'))).toMatch(/got "at load"/);
    expect(await refusal(loader('export default () => null;'))).toMatch(/return a data set, got null/);
    expect(await refusal(loader('export default () => { throw 5; };'))).toMatch(/without an error, got "5"/);
  });

  it('lists the schemes when it knows none of them', async () => {
    for (const spec of ['mnist:file', 'test_batch.bin', '', 'cifar10', 'constructor:x'])
      expect(await refusal(spec)).toMatch(/cifar10:FILE.*images:FOLDER.*module:PATH.*stand-in, got/);
    expect(await refusal('cifar10:')).toMatch(/followed by a path/);
    expect(await refusal('cifar10:,')).toMatch(/at least one file/);
  });

  it('makes the stand-in pictures, as many as the limit says', async () => {
    const dataset = await loadDataset('stand-in', { limit: 5 });
    expect(dataset.count).toBe(5);
    expect(dataset.sampleShape).toEqual([3, 32, 32]);
    const out = new Float32Array(5 * 3072);
    await dataset.read(0, 5, out);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(await refusal('stand-in', { limit: 0 })).toMatch(/limit/);
    expect(await refusal('stand-in', { limit: 3e9 })).toMatch(/at most 1000000, got 3000000000/);
  });
});
