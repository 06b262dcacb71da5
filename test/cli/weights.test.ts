import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModel, node, valueInfo } from '../../problems/compression/onnx/build.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { browserPath, launch } from '../report/browser.js';
import { emptyFolder, fronteira, type Outcome } from './command-line.js';

const folder = emptyFolder();
const out = (name: string) => join(folder, name);
const study = [
  'rate-distortion',
  'stand-in',
  '--data',
  'stand-in',
  '--limit',
  '40',
  '--threads',
  '1',
  '--levels',
  '4,32,256',
  '--quantizers',
  'midtread,float 5 (2+2)',
  '--scopes',
  'tensor,channel',
];

describe('fronteira weights', () => {
  let printed: Outcome;
  beforeAll(async () => {
    printed = await fronteira(['weights', 'stand-in', '--out', out('weights'), '--svg']);
  });

  it('prints tables of at most 80 columns, and writes the page, the figures and three charts', () => {
    expect(printed.stderr).toBe('');
    expect(printed.code).toBe(0);
    const lines = printed.stdout.split('\n').filter((line) => !/correlated|written to|note:/.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(printed.stdout).toMatch(/^all layers +\d+ +0\.0 %/m);
    expect(readdirSync(out('weights')).sort()).toEqual([
      'weights-correlations.svg',
      'weights-layers.svg',
      'weights-overall.svg',
      'weights.html',
      'weights.json',
    ]);
    const [nearest] = JSON.parse(readFileSync(out('weights/weights.json'), 'utf8')).overall.fits;
    expect(readFileSync(out('weights/weights-overall.svg'), 'utf8')).toContain(`>${nearest.family}</text>`);
  });

  it('prints as JSON what it writes', async () => {
    const { stdout, code } = await fronteira(['weights', 'stand-in', '--json']);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(out('weights/weights.json'), 'utf8'));
    const { layers, overall } = JSON.parse(stdout);
    expect(overall.fits).toHaveLength(8);
    expect(overall.count).toBe(layers.reduce((sum: number, { count }: { count: number }) => sum + count, 0));
  });
});

describe('fronteira rate-distortion', () => {
  it('measures, goes on where it was, and refuses a folder of other data', async () => {
    const first = await fronteira([...study, '--out', out('curves'), '--svg', '--json']);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const data = JSON.parse(first.stdout);
    expect(data.points).toHaveLength(2 * (3 + 1));
    // 256 levels change next to nothing.
    const fine = data.points.find(
      ({ levels, scope }: { levels: number; scope: string }) => levels === 256 && scope === 'channel',
    );
    expect(Math.abs(fine.correct - data.baseline.correct)).toBeLessThanOrEqual(1);
    expect(data.best[0].bits).toBeLessThan(fine.bits);
    expect(readdirSync(out('curves')).sort()).toEqual([
      'points.jsonl',
      'rate-distortion-channel-top1.svg',
      'rate-distortion-channel-top5.svg',
      'rate-distortion-tensor-top1.svg',
      'rate-distortion-tensor-top5.svg',
      'rate-distortion.html',
      'rate-distortion.json',
    ]);
    const kept = readFileSync(out('curves/points.jsonl'), 'utf8');
    const again = await fronteira([...study, '--out', out('curves')]);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^40 images; as it is top-1 /);
    expect(Math.max(...again.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(readFileSync(out('curves/points.jsonl'), 'utf8')).toBe(kept);
    const other = await fronteira([...study.with(5, '41'), '--out', out('curves')]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/kept results must be of the same model and data/);
  }, 120_000);
});

describe('bad input', () => {
  const empty = writeModel(
    buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 3, 32, 32])],
      outputs: [valueInfo('y', 'float32', ['n', 3072])],
      nodes: [node('Flatten', ['x'], ['y'])],
      initializers: [],
    }),
  );
  writeFileSync(out('empty.onnx'), empty);
  it.each<[string, string[], RegExp]>([
    ['no model', ['weights', out('none.onnx')], /must be an existing file/],
    ['no layers', ['weights', out('empty.onnx')], /constant weights of a floating-point type, got none/],
    ['charts without a folder', ['weights', 'stand-in', '--svg'], /--svg must be given with the folder/],
    ['no data', ['rate-distortion', 'stand-in'], /required option '--data <spec>'/],
    [
      'no layers to quantize',
      ['rate-distortion', out('empty.onnx'), '--data', 'stand-in', '--limit', '8'],
      /constant weights to be quantized, got none/,
    ],
    ['odd levels', [...study, '--levels', '5'], /levels must be powers of two from 4 to 65536, got 5/],
    ['a quantizer that is none', [...study, '--quantizers', 'x'], /a quantizer must be one of .* got "x"/],
    [
      'a scope that is none',
      [...study, '--scopes', 'row'],
      /--scopes must be some of model, tensor, channel/,
    ],
    ['a folder that is a file', [...study, '--out', out('empty.onnx')], /folder .* got /],
  ])('is refused in one sentence: %s', async (_, args, sentence) => {
    const { code, stdout, stderr } = await fronteira(args);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe.skipIf(browserPath === undefined)('the pages in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(path: string): Promise<{ page: Page; noise: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const noise: string[] = [];
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) noise.push(request.url());
    });
    await page.goto(`file://${out(path)}`);
    return { page, noise };
  }
  it('can read every static chart as XML', async () => {
    const page = await browser.newPage();
    for (const of of ['weights', 'curves'])
      for (const name of readdirSync(out(of)).filter((file) => file.endsWith('.svg'))) {
        const text = readFileSync(out(`${of}/${name}`), 'utf8');
        const parsed = `new DOMParser().parseFromString(${JSON.stringify(text)}, 'image/svg+xml')`;
        const errors = await page.evaluate(`${parsed}.querySelectorAll('parsererror').length`);
        expect([name, errors]).toEqual([name, 0]);
      }
    await page.close();
  });

  const drawn = (page: Page, chart: string) =>
    expect
      .poll(() => page.evaluate(`fronteira.charts['${chart}'].instance() !== null`), { timeout: 20_000 })
      .toBe(true);

  it('draw every chart of the weights, and the fits of the layer that is chosen', async () => {
    const { page, noise } = await open('weights/weights.html');
    for (const chart of ['chart-histogram', 'chart-layers', 'chart-correlations']) {
      await page.locator(`#${chart}`).scrollIntoViewIfNeeded();
      await drawn(page, chart);
    }
    await page.locator('select').selectOption('1');
    const { layers } = JSON.parse(readFileSync(out('weights/weights.json'), 'utf8'));
    await expect
      .poll(() => page.locator('.figures tbody tr').first().textContent())
      .toContain(layers[0].fits[0].family);
    expect(noise).toEqual([]);
    await page.close();
  });

  it('draw the curves of every scope and answer', async () => {
    const { page, noise } = await open('curves/rate-distortion.html');
    await drawn(page, 'chart-rate-distortion');
    const axis = () =>
      page.evaluate("fronteira.charts['chart-rate-distortion'].instance().getOption().yAxis[0].name");
    expect(await axis()).toBe('top-1 accuracy, %');
    await page.locator('select').nth(1).selectOption('withinFive');
    await page.locator('select').nth(0).selectOption('channel');
    expect(await axis()).toBe('top-5 accuracy, %');
    expect(noise).toEqual([]);
    await page.close();
  });
});
