import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedAt } from '../../problems/compression/coding/packed-size.js';
import { loadModel, STAND_IN_MODEL, standInDataset, unpack } from '../../problems/compression/index.js';
import { runOnnx } from '../compression/run-onnx.js';
import { browserPath, launch } from '../report/browser.js';
import { batchOf, classesOf } from './answers.js';
import { bundled } from './bundled.js';
import { exportedForms } from './exported-forms.js';
import { RUNTIME, serve } from './served.js';

describe('fronteira/unpack, bundled for a browser', () => {
  it('needs nothing of Node and no other package', async () => {
    expect((await bundled('problems/compression/coding/unpack.ts')).missing).toEqual([]);
    // What does need Node is told apart.
    expect((await bundled('problems/compression/onnx/load.ts')).missing).toContain('node:fs');
  });

  it('is small: at most 24 kB minified', async () => {
    const { code } = await bundled('problems/compression/coding/unpack.ts', true);
    expect(code).toContain('ONNZ');
    expect(code.length).toBeLessThan(24_000);
  });
});

// Chromium is a large package: where there is none these tests are left out (on Debian: apt-get install chromium).
describe.skipIf(browserPath === undefined)('a page in Chromium', () => {
  const COUNT = 256;
  const methods = ['mixing', 'table'] as const;
  const containers = new Map<string, Uint8Array>();
  const calibration = standInDataset({ split: 'train', count: 32 });
  const forms = ['dynamic int8', 'static int8 per channel', 'channels removed, recovered'];
  const models = new Map<string, Uint8Array>();
  const noise: string[] = [];
  let browser: Browser;
  let page: Page;
  let server: Awaited<ReturnType<typeof serve>>;
  let pictures: Awaited<ReturnType<typeof batchOf>>;

  beforeAll(async () => {
    pictures = await batchOf(standInDataset({ split: 'test', count: COUNT }), COUNT);
    const standIn = readFileSync(STAND_IN_MODEL);
    for (const method of methods) containers.set(method, packedAt(standIn, { method }));
    for (const { name, make } of exportedForms(loadModel(STAND_IN_MODEL), calibration))
      if (forms.includes(name)) models.set(name, await make());
    const damaged = containers.get('mixing')!.slice();
    damaged[damaged.length >> 1] ^= 4;
    server = await serve({
      '/index.html': '<!doctype html><title>unpack</title><script type="module" src="page.js"></script>',
      '/page.js': (await bundled('test/browser/page.ts')).code,
      '/ort-wasm-simd-threaded.wasm': RUNTIME,
      '/pictures': new Uint8Array(pictures.data.buffer),
      '/mixing.onnz': containers.get('mixing')!,
      '/table.onnz': containers.get('table')!,
      '/damaged.onnz': damaged,
      ...Object.fromEntries(forms.map((name, i) => [`/${i}.onnx`, models.get(name)!])),
    });
    browser = await launch();
    page = await browser.newPage();
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    await page.goto(`${server.root}/index.html`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const inPage = (file: string) =>
    page.evaluate<number[]>(`answers('${file}', '/pictures', ${JSON.stringify(pictures.dims)})`);

  it.each(methods)(
    'unpacks a container coded by %s to the file that Node unpacks, byte for byte',
    async (method) => {
      const inNode = createHash('sha256')
        .update(unpack(containers.get(method)!))
        .digest('hex');
      expect(await page.evaluate(`unpacked('/${method}.onnz')`)).toBe(inNode);
    },
  );

  it.each(methods)(
    'classifies pictures with a model from a container coded by %s as onnxruntime-node does',
    async (method) => {
      const { logits } = await runOnnx(unpack(containers.get(method)!), { input: pictures });
      const scores = await inPage(`/${method}.onnz`);
      expect(scores).toHaveLength(logits.length);
      expect(classesOf(scores, COUNT)).toEqual(classesOf(logits, COUNT));
      expect(noise).toEqual([]);
    },
  );

  it.each(forms)(
    'classifies pictures with the model in the form %s as onnxruntime-node does',
    async (name) => {
      const { logits } = await runOnnx(models.get(name)!, { input: pictures });
      expect(classesOf(await inPage(`/${forms.indexOf(name)}.onnx`), COUNT)).toEqual(
        classesOf(logits, COUNT),
      );
      expect(noise).toEqual([]);
    },
  );

  it('refuses a damaged container in one sentence', async () => {
    expect(await page.evaluate("unpacked('/damaged.onnz')")).toMatch(
      /^InputError: a container is damaged: its bytes must have the checksum at its end, got another$/,
    );
  });
});
