import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readImageFolder } from '../../../problems/compression/data/image-folder.js';
import { InputError, RunError } from '../../../src/index.js';
import { scratchFolder } from './scratch-folder.js';

const scratch = scratchFolder();
afterEach(() => vi.doUnmock('sharp'));

type Colour = readonly [number, number, number];

async function picture(
  path: string,
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.set(colourAt(x, y), (y * width + x) * 3);
  mkdirSync(join(path, '..'), { recursive: true });
  await sharp(pixels, { raw: { width, height, channels: 3 } }).toFile(path);
}

const plain = (colour: Colour) => () => colour;
const sample = async (dataset: Awaited<ReturnType<typeof readImageFolder>>, index: number) => {
  const out = new Float32Array(dataset.sampleShape.reduce((a, b) => a * b));
  await dataset.read(index, 1, out);
  return Array.from(out, (value) => Math.round(value * 255));
};
const refusal = async (folder: string, options = {}) => {
  const error: unknown = await readImageFolder(folder, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

describe('readImageFolder', () => {
  it('takes the sub-folders by name as classes, and the files in turns', async () => {
    const folder = join(scratch, 'turns');
    await picture(join(folder, 'dog', 'b.png'), 2, 2, plain([40, 0, 0]));
    await picture(join(folder, 'dog', 'a.png'), 2, 2, plain([30, 0, 0]));
    await picture(join(folder, 'cat', '2.PNG'), 2, 2, plain([20, 0, 0]));
    await picture(join(folder, 'cat', '10.png'), 2, 2, plain([10, 0, 0]));
    await picture(join(folder, 'cat', '3.png'), 2, 2, plain([25, 0, 0]));
    writeFileSync(join(folder, 'cat', 'notes.txt'), 'no image');
    writeFileSync(join(folder, 'readme.md'), 'no class');
    mkdirSync(join(folder, '.hidden'));
    const dataset = await readImageFolder(folder, {});
    expect(dataset.name).toBe('images:turns');
    expect(dataset.classNames).toEqual(['cat', 'dog']);
    expect([...dataset.labels]).toEqual([0, 1, 0, 1, 0]);
    const reds = await Promise.all([0, 1, 2, 3, 4].map(async (i) => (await sample(dataset, i))[0]));
    expect(reds).toEqual([10, 30, 20, 40, 25]);
    expect([...(await readImageFolder(folder, { limit: 3 })).labels]).toEqual([0, 1, 0]);
  });

  it('gives planes R, G, B, row-major, of a PNG exactly', async () => {
    const folder = join(scratch, 'planes');
    await picture(join(folder, 'k', 'x.png'), 3, 2, (x, y) => [
      x + 10 * y,
      100 + x + 10 * y,
      200 + x + 10 * y,
    ]);
    const dataset = await readImageFolder(folder, {});
    expect(dataset.sampleShape).toEqual([3, 2, 3]);
    const plane = [0, 1, 2, 10, 11, 12];
    expect(await sample(dataset, 0)).toEqual([0, 100, 200].flatMap((base) => plane.map((p) => base + p)));
  });

  it('decodes JPEG and WebP, drops transparency, and makes RGB of grey', async () => {
    const folder = join(scratch, 'forms');
    await picture(join(folder, 'k', 'a.jpg'), 8, 8, plain([200, 200, 200]));
    await picture(join(folder, 'k', 'b.webp'), 8, 8, plain([200, 200, 200]));
    const rgba = {
      width: 8,
      height: 8,
      channels: 4 as const,
      background: { r: 200, g: 200, b: 200, alpha: 0.2 },
    };
    await sharp({ create: rgba })
      .png()
      .toFile(join(folder, 'k', 'c.png'));
    await sharp(Buffer.alloc(64, 200), { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'k', 'd.png'));
    const dataset = await readImageFolder(folder, {});
    expect(dataset.count).toBe(4);
    for (let i = 0; i < 4; i++)
      for (const value of await sample(dataset, i)) expect(Math.abs(value - 200)).toBeLessThanOrEqual(3);
  });

  it('makes the middle of the longer side fill another aspect', async () => {
    const folder = join(scratch, 'crop');
    // 30 x 10: red | green | blue thirds; the middle 10 x 10 is green.
    await picture(join(folder, 'k', 'x.png'), 30, 10, (x) =>
      x < 10 ? [255, 0, 0] : x < 20 ? [0, 255, 0] : [0, 0, 255],
    );
    const dataset = await readImageFolder(folder, { sampleShape: [3, 10, 10] });
    const values = await sample(dataset, 0);
    expect(values.slice(0, 100).every((v) => v === 0)).toBe(true);
    expect(values.slice(100, 200).every((v) => v === 255)).toBe(true);
    const half = await sample(await readImageFolder(folder, { sampleShape: [3, 5, 5] }), 0);
    expect(half[25 + 12]).toBe(255); // green in the centre of the shrunk picture
    expect(half[12]).toBe(0);
  });

  it('gives one grey plane where the network takes one channel', async () => {
    const folder = join(scratch, 'grey');
    await picture(join(folder, 'k', 'x.png'), 4, 4, plain([120, 120, 120]));
    const dataset = await readImageFolder(folder, { sampleShape: [1, -1, -1], mean: [0], std: [1] });
    expect(dataset.sampleShape).toEqual([1, 4, 4]);
    for (const value of await sample(dataset, 0)) expect(Math.abs(value - 120)).toBeLessThanOrEqual(1);
  });

  it('takes the class from the list of names where there is one', async () => {
    const folder = join(scratch, 'named');
    await picture(join(folder, 'cat', 'x.png'), 2, 2, plain([1, 1, 1]));
    await picture(join(folder, 'dog', 'x.png'), 2, 2, plain([1, 1, 1]));
    const dataset = await readImageFolder(folder, { classNames: ['fox', 'dog', 'cat'] });
    expect([...dataset.labels]).toEqual([2, 1]);
    expect(await refusal(folder, { classNames: ['cat', 'fox'] })).toMatch(/name of a class .*got "dog"/);
  });

  it('refuses a folder that holds no classes or images, and an image that can not be decoded', async () => {
    const bare = join(scratch, 'bare');
    mkdirSync(bare);
    expect(await refusal(bare)).toMatch(/one sub-folder a class, got none/);
    mkdirSync(join(bare, 'cat'));
    expect(await refusal(bare)).toMatch(/images in its sub-folders, got none/);
    writeFileSync(join(bare, 'cat', 'bad.png'), 'this is no image');
    expect(await refusal(bare, { sampleShape: [3, 4, 4] })).toMatch(/decodable, got ".*bad\.png"/);
    expect(await refusal(bare)).toMatch(/decodable, got ".*bad\.png"/);
    expect(await refusal(join(scratch, 'nowhere'))).toMatch(/existing folder, got ".*nowhere"/);
    expect(await refusal(join(bare, 'cat', 'bad.png'))).toMatch(/existing folder/);
  });

  it('refuses a shape that images can not have, and a normalisation of another channel count', async () => {
    const folder = join(scratch, 'turns');
    expect(await refusal(folder, { sampleShape: [4, 2, 2] })).toMatch(
      /\[3, height, width\].*got \[4, 2, 2\]/,
    );
    expect(await refusal(folder, { sampleShape: [10] })).toMatch(/got \[10\]/);
    expect(await refusal(folder, { mean: [0.5] })).toMatch(/3 for this data, got 1/);
  });

  it('says how to add sharp where it is absent', async () => {
    vi.doMock('sharp', () => {
      throw new Error('Cannot find package');
    });
    const error: unknown = await readImageFolder(join(scratch, 'planes'), {}).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RunError);
    expect((error as Error).message).toContain('npm install sharp');
  });
});
