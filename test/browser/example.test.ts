import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedAt } from '../../problems/compression/coding/packed-size.js';
import { STAND_IN_MODEL, standInDataset, unpack } from '../../problems/compression/index.js';
import { RECORD_BYTES, standInRecords } from '../../problems/compression/stand-in/images.js';
import { SIDE } from '../../problems/compression/stand-in/picture.js';
import { CLASS_NAMES } from '../../problems/compression/stand-in/shapes.js';
import { emptyFolder } from '../cli/command-line.js';
import { runOnnx } from '../compression/run-onnx.js';
import { browserPath, launch } from '../report/browser.js';
import { batchOf, classesOf } from './answers.js';
import { bundled } from './bundled.js';
import { RUNTIME, serve } from './served.js';

const guide = readFileSync(new URL('../../docs/in-the-browser.md', import.meta.url), 'utf8');
const block = (language: string) => guide.match(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's'))![1];

describe.skipIf(browserPath === undefined)('the example of the guide, in Chromium', () => {
  const COUNT = 6;
  const folder = emptyFolder();
  const container = packedAt(readFileSync(STAND_IN_MODEL));
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const program = join(folder, 'page.js');
    writeFileSync(program, block('js'));
    server = await serve({
      '/index.html': block('html'),
      '/page.js': (await bundled(program)).code,
      '/network.json': new URL(STAND_IN_MODEL_FACTS, import.meta.url),
      '/network.onnz': container,
      '/ort-wasm-simd-threaded.wasm': RUNTIME,
    });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('names the class of a picture that is chosen, as onnxruntime-node does', async () => {
    const batch = await batchOf(standInDataset({ split: 'test', count: COUNT }), COUNT);
    const { logits } = await runOnnx(unpack(container), { input: batch });
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${server.root}/index.html`);
    const answers: string[] = [];
    for (const picture of pictures(COUNT)) {
      await page.setInputFiles('input', { name: 'picture.bmp', mimeType: 'image/bmp', buffer: picture });
      await expect
        .poll(async () => errors.length > 0 || (await page.textContent('output')) !== '', { timeout: 20_000 })
        .toBe(true);
      expect(errors).toEqual([]);
      answers.push((await page.textContent('output'))!);
      await page.evaluate("document.querySelector('output').textContent = ''");
    }
    expect(answers).toEqual(classesOf(logits, COUNT).map((label) => CLASS_NAMES[label]));
    expect(new Set(answers).size).toBeGreaterThan(2);
  });
});

const STAND_IN_MODEL_FACTS = '../../problems/compression/stand-in/network.json';

/** The first pictures of the stand-in data as BMP files of 24 bits a pixel: rows from the bottom, blue, green, red. */
function pictures(count: number): Buffer[] {
  const records = standInRecords({ split: 'test', count });
  return Array.from({ length: count }, (_, index) => {
    const planes = records.subarray(index * RECORD_BYTES + 1);
    const file = Buffer.alloc(54 + 3 * SIDE * SIDE);
    file.write('BM');
    for (const [at, value] of [
      [2, file.length],
      [10, 54],
      [14, 40],
      [18, SIDE],
      [22, SIDE],
      [26, 0x180001],
    ])
      file.writeUInt32LE(value, at);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        for (let plane = 0; plane < 3; plane++)
          file[54 + 3 * ((SIDE - 1 - y) * SIDE + x) + 2 - plane] = planes[(plane * SIDE + y) * SIDE + x];
    return file;
  });
}
