import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bnh } from '../../problems/index.js';
import { optimize, type Problem, type RunRecord, runRecord } from '../../src/index.js';
import { emptyFolder, fronteira } from '../cli/command-line.js';
import { browserPath, launch } from './browser.js';
import { madeUp } from './made-up.js';
import { handMade } from './records.js';

const folder = emptyFolder();

async function pageOf(name: string, record: RunRecord, files: readonly string[] = []): Promise<string> {
  const run = join(folder, name);
  mkdirSync(join(run, 'front'), { recursive: true });
  writeFileSync(join(run, 'run.json'), JSON.stringify(record));
  for (const file of files) writeFileSync(join(run, 'front', file), '');
  const { code, stderr } = await fronteira(['report', run]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return join(run, 'report.html');
}

// Chromium is a large package: where there is none these tests are left out (on Debian: apt-get install chromium).
describe.skipIf(browserPath === undefined)('the report in a browser', () => {
  let browser: Browser;
  let page: Page;
  let noise: string[] = [];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  async function open(
    file: string,
    drawn = "fronteira.charts['chart-front'].instance() !== null",
    options: { width?: number; dark?: boolean } = {},
  ): Promise<void> {
    await page?.context().close();
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
    });
    page = await context.newPage();
    noise = [];
    page.on('console', (message) => noise.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (url !== pathToFileURL(file).href && !url.startsWith('data:')) noise.push(`request: ${url}`);
    });
    await page.goto(pathToFileURL(file).href);
    await until(drawn);
  }

  /** Runs an expression in the page with `fronteira` at hand. */
  const ask = <T>(expression: string): Promise<T> => page.evaluate(`(() => ${expression})()`) as Promise<T>;

  /** Waits until an expression holds. The page's own policy forbids Playwright's way, which evaluates text in it. */
  const until = (expression: string) =>
    expect.poll(() => page.evaluate(expression), { timeout: 20_000 }).toBe(true);

  /** Where the point of an evaluation stands on the screen. */
  async function pointOf(evaluation: number): Promise<{ x: number; y: number }> {
    const [x, y] = await ask<number[]>(`{
      const { data, store, charts } = fronteira;
      const [run] = data.runs;
      const at = [run.values[store.state.x][${evaluation}], run.values[store.state.y][${evaluation}]];
      return charts['chart-front'].instance().convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, at);
    }`);
    const box = (await page.locator('#chart-front').boundingBox())!;
    return { x: box.x + x, y: box.y + y };
  }

  const axisNames = () =>
    ask<string[]>(
      "{ const o = fronteira.charts['chart-front'].instance().getOption(); return [o.xAxis[0].name, o.yAxis[0].name]; }",
    );

  describe('of a run of a numeric problem', () => {
    let record: RunRecord;
    let file: string;
    beforeAll(async () => {
      const problem = bnh() as unknown as Problem;
      const run = await optimize(problem, { surrogate: false, algorithm: 'nsga2', budget: 120 });
      record = runRecord(run, {}, { fronteira: 'test' });
      file = await pageOf(
        'bnh',
        record,
        record.front.map((i) => `${i}.onnx`),
      );
    });

    it('opens from a disk with no request and nothing on the console, and draws every chart', async () => {
      await open(file);
      const length = await ask<number>('document.documentElement.scrollHeight');
      for (const id of ['chart-hypervolume', 'chart-parallel', 'chart-variables']) {
        await page.locator(`#${id}`).scrollIntoViewIfNeeded();
        await until(`fronteira.charts['${id}'].instance() !== null`);
        expect(await page.locator(`#${id} canvas`).count()).toBe(1);
      }
      // Nothing moves under the mouse when a chart is drawn.
      expect(await ask<number>('document.documentElement.scrollHeight')).toBe(length);
      expect(noise).toEqual([]);
      expect(await page.title()).toBe('bnh · fronteira');
      expect(await page.locator('#tiles').innerText()).toContain(String(record.front.length));
    });

    it('shows metrics and design vector of the point under the pointer', async () => {
      await open(file);
      const [i] = record.front;
      const { x, y } = await pointOf(i);
      await page.mouse.move(x - 40, y);
      await page.mouse.move(x, y, { steps: 4 });
      const tip = page.locator('#chart-front .tip');
      await tip.waitFor();
      expect(await tip.innerText()).toMatch(/evaluation \d+/);
      expect(await tip.innerText()).toContain('x1');
    });

    it('selects the point that is clicked, and offers its file', async () => {
      await open(file);
      const at = record.front.at(-1)!;
      const { x, y } = await pointOf(at);
      await page.mouse.click(x, y);
      const selected = await ask<number>('fronteira.store.state.selected.evaluation');
      expect(record.evaluations[selected].metrics).toEqual(record.evaluations[at].metrics);
      expect(await page.locator('#details h3').innerText()).toBe(`Evaluation ${selected}`);
      const link = page.locator('#details a[download]');
      expect(await link.getAttribute('href')).toBe(`front/${selected}.onnx`);
    });

    it('goes through the front by the arrow keys, and says where it is', async () => {
      await open(file);
      await page.locator('#chart-front').focus();
      await page.keyboard.press('Home');
      const name = Object.keys(record.problem.metrics)[1];
      const along = (i: number) => record.evaluations[i].metrics[name];
      const order = [...record.front].sort((a, b) => along(a) - along(b));
      const chosen = async () => along(await ask<number>('fronteira.store.state.selected.evaluation'));
      expect(await chosen()).toBe(along(order[0]));
      await page.keyboard.press('ArrowRight');
      expect(await chosen()).toBe(along(order[1]));
      await page.keyboard.press('End');
      expect(await chosen()).toBe(along(order.at(-1)!));
      expect(await page.locator('#spoken').textContent()).toMatch(/^Evaluation \d+, on the front: /);
    });

    it('puts any two columns on the axes', async () => {
      await open(file);
      const [first, second] = Object.keys(record.problem.metrics);
      expect(await axisNames()).toEqual([`${second} ↓`, `${first} ↓`]);
      await page.getByLabel('Across').selectOption({ label: 'x1' });
      await page.getByLabel('Up').selectOption({ label: 'evaluation' });
      expect(await axisNames()).toEqual(['x1', 'evaluation']);
    });

    it('leaves out what is unticked', async () => {
      await open(file);
      const shown = () =>
        ask<string[]>(
          "fronteira.charts['chart-front'].instance().getOption().series.map(({ id }) => id).filter((id) => ['front', 'feasible', 'infeasible'].includes(id))",
        );
      expect(await shown()).toContain('feasible');
      await page.locator('input[data-status=feasible]').uncheck();
      expect(await shown()).not.toContain('feasible');
    });

    it('sorts the table by a column, up and down', async () => {
      await open(file);
      const [first] = Object.keys(record.problem.metrics);
      const head = page.locator('table.runs th button').filter({ hasText: first });
      const best = async () =>
        Number(await page.locator('table.runs tbody tr').first().locator('td button').innerText());
      const values = record.evaluations.map(({ metrics }) => metrics[first]);
      await head.click();
      expect(values[await best()]).toBe(Math.min(...values));
      expect(await page.locator('table.runs th[aria-sort=ascending]').innerText()).toContain(first);
      await head.press('Enter');
      expect(values[await best()]).toBe(Math.max(...values));
    });

    it('filters the table, and says when nothing is left', async () => {
      await open(file);
      const search = page.getByLabel('Filter');
      await search.fill('front');
      expect(await page.locator('#table-pages').innerText()).toContain(`of ${record.front.length}`);
      await search.fill('x1 < -1');
      expect(await page.locator('#table-pages').innerText()).toContain('No evaluation is like that.');
    });

    describe('in parallel coordinates', () => {
      const kept = () => page.locator('#parallel-kept').innerText();
      const rows = async () =>
        Number(/of (\d+)$/.exec(await page.locator('#table-pages [role=status]').innerText())?.[1] ?? 0);
      /** Points of a chart but for what marks them. */
      const drawn = (id: string) =>
        ask<number>(
          `fronteira.charts['${id}'].instance().getOption().series.filter(({ type, id }) => type === 'scatter' && id !== 'baseline').reduce((sum, { data }) => sum + data.length, 0)`,
        );
      const brushOf = (column: number) =>
        ask<number[][]>(
          `fronteira.charts['chart-parallel'].instance().getModel().queryComponents({ mainType: 'parallelAxis', id: 'column-${column}' })[0].activeIntervals`,
        );
      async function show() {
        await open(file);
        await page.locator('#chart-parallel').scrollIntoViewIfNeeded();
        await until("fronteira.charts['chart-parallel'].instance() !== null");
      }

      it('keeps by keyboard what passes within bounds, in all charts and the table, and says so', async () => {
        await show();
        const names = Object.keys(record.problem.metrics);
        const values = (name: string) => record.evaluations.map(({ metrics }) => metrics[name]);
        const sorted = [...values(names[0])].sort((a, b) => a - b);
        const [low, high] = [Math.round(sorted[30]), Math.round(sorted[90])];
        const count = values(names[0]).filter((value) => value >= low && value <= high).length;
        await page.getByLabel('Axis').focus();
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.ariaLabel')).toBe(`${names[0]} from`);
        await page.keyboard.type(String(low));
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.ariaLabel')).toBe(`${names[0]} to`);
        await page.keyboard.type(String(high));
        await page.keyboard.press('Enter');
        expect(await kept()).toBe(`Kept: ${names[0]} from ${low} to ${high}: ${count} of 120 evaluations.`);
        expect(await page.locator('#parallel-kept').getAttribute('role')).toBe('status');
        expect(await rows()).toBe(count);
        expect(await brushOf(1)).toEqual([[low, high]]);
        await page.locator('#chart-front').scrollIntoViewIfNeeded();
        await expect.poll(() => drawn('chart-front')).toBe(count);
        await page.locator('#chart-variables').scrollIntoViewIfNeeded();
        await until("fronteira.charts['chart-variables'].instance() !== null");
        expect(await drawn('chart-variables')).toBe(2 * count);

        // A second axis narrows it further; each can be let go.
        await page.getByLabel('Axis').selectOption({ label: 'x1' });
        await page.getByLabel('x1 to').fill('2');
        await page.getByLabel('x1 to').press('Enter');
        const both = record.evaluations.filter(
          ({ x, metrics }) => x[0] <= 2 && metrics[names[0]] >= low && metrics[names[0]] <= high,
        ).length;
        expect(await kept()).toContain(`; x1 to 2: ${both} of 120 evaluations.`);
        expect(await rows()).toBe(both);
        await page.getByRole('button', { name: 'Let go', exact: true }).press('Enter');
        expect(await rows()).toBe(count);
        await page.getByRole('button', { name: 'Let go of all' }).press('Enter');
        expect(await page.evaluate('document.activeElement.tagName')).toBe('SELECT');
        expect(await kept()).toBe('');
        expect(await rows()).toBe(120);
        await page.locator('#chart-front').scrollIntoViewIfNeeded();
        await expect.poll(() => drawn('chart-front')).toBe(120);
        expect(noise).toEqual([]);
      });

      it('keeps the same by the mouse, and shows its bounds in the fields', async () => {
        await show();
        const box = (await page.locator('#chart-parallel').boundingBox())!;
        const axis = await ask<{ position: number[]; extent: number[] }>(
          `{ const model = fronteira.charts['chart-parallel'].instance().getModel().queryComponents({ mainType: 'parallelAxis', id: 'column-2' })[0];
             const { position } = model.axis.model.ecModel.getComponent('parallel').coordinateSystem.getAxisLayout(model.axis.dim);
             return { position, extent: model.axis.getExtent() }; }`,
        );
        const x = box.x + axis.position[0];
        const y = (share: number) =>
          box.y + axis.position[1] - share * Math.abs(axis.extent[1] - axis.extent[0]);
        await page.mouse.move(x, y(0.2));
        await page.mouse.down();
        await page.mouse.move(x, y(0.4), { steps: 5 });
        await page.mouse.move(x, y(0.7), { steps: 5 });
        await page.mouse.up();
        await until('fronteira.store.state.brushes.length === 1');
        await page.waitForTimeout(200);
        const [{ column, low, high }] = await ask<{ column: number; low: number; high: number }[]>(
          'fronteira.store.state.brushes',
        );
        expect(column).toBe(2);
        const name = Object.keys(record.problem.metrics)[1];
        const count = record.evaluations.filter(
          ({ metrics }) => metrics[name] >= low && metrics[name] <= high,
        ).length;
        expect(count).toBeGreaterThan(0);
        expect(await rows()).toBe(count);
        expect(Number(await page.getByLabel(`${name} from`).inputValue())).toBeCloseTo(low, 3);
        expect(Number(await page.getByLabel(`${name} to`).inputValue())).toBeCloseTo(high, 3);
        const scrolled = await page.evaluate('scrollY');
        await page.locator('#chart-front').scrollIntoViewIfNeeded();
        await expect.poll(() => drawn('chart-front')).toBe(count);
        await page.evaluate(`scrollTo(0, ${scrolled})`);
        // A click on the axis lets go.
        await page.mouse.click(x, y(0.05));
        await until('fronteira.store.state.brushes.length === 0');
        expect(await rows()).toBe(120);
        expect(noise).toEqual([]);
      });

      it('refuses bounds that cross, and says so', async () => {
        await show();
        await page.getByLabel('Axis').selectOption({ label: 'x1' });
        await page.getByLabel('x1 from').fill('3');
        await page.getByLabel('x1 from').press('Enter');
        await page.getByLabel('x1 to').fill('1');
        await page.getByLabel('x1 to').press('Enter');
        expect(await kept()).toBe('x1: the lower bound lies above the upper; nothing was changed.');
        expect(await page.getByLabel('x1 to').getAttribute('aria-invalid')).toBe('true');
        expect(await ask('fronteira.store.state.brushes.map(({ low }) => low)')).toEqual([3]);
      });
    });

    it('turns dark and light, and follows the system at first', async () => {
      await open(file, undefined, { dark: true });
      const look = () => page.evaluate('document.documentElement.dataset.theme');
      expect(await look()).toBe('dark');
      await page.getByRole('button', { name: 'Use light colours' }).click();
      expect(await look()).toBe('light');
    });

    it.each([
      ['at 200 % zoom', 640],
      ['on 320 pixels', 320],
    ])('needs no sideways scrolling %s', async (_, width) => {
      await open(file, undefined, { width });
      for (const id of ['chart-front', 'chart-parallel', 'chart-variables', 'table', 'facts']) {
        await page.locator(`#${id}`).scrollIntoViewIfNeeded();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    });
  });

  it('escapes names with HTML in them, in text, charts and tooltips', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const record = handMade({
      points: [
        [4, 2],
        [2, 1],
        [3, 1.5],
      ],
      front: [0, 1, 2],
    });
    const file = await pageOf('evil', {
      ...record,
      problem: {
        ...record.problem,
        name: `${evil}</script><script>alert(2)</script>`,
        variables: {
          [evil]: { kind: 'real', lower: 0, upper: 1 },
          roof: { kind: 'choice', values: [evil, 'turf'] },
        },
      },
    });
    await open(file);
    const { x, y } = await pointOf(2);
    await page.mouse.move(x - 30, y);
    await page.mouse.move(x, y, { steps: 4 });
    await page.locator('#chart-front .tip').waitFor();
    expect(await page.locator('#chart-front .tip').innerText()).toContain(evil);
    expect(await page.locator('h1').innerText()).toContain('</script>');
    await page.locator('#chart-variables').scrollIntoViewIfNeeded();
    expect(await page.locator('img').count()).toBe(0);
    expect(noise).toEqual([]);
  });

  it('says that nothing is feasible, and shows the closest', async () => {
    const record = handMade({
      points: [
        [4, 0.2],
        [2, 0.9],
        [3, 0.5],
      ],
      infeasible: [0, 1, 2],
      closest: [1],
    });
    await open(await pageOf('none', record));
    expect(await page.locator('#notice').innerText()).toContain('No feasible solution was found');
    expect(await page.locator('#details h3').innerText()).toBe('Evaluation 1');
    expect(await page.locator('#details').innerText()).toContain('closest to feasible');
    expect(noise).toEqual([]);
  });

  it.each([1, 6])('shows a run of %i objectives', async (objectives) => {
    await open(await pageOf(`objectives-${objectives}`, madeUp({ evaluations: 80, objectives })));
    expect(await axisNames()).toEqual(objectives === 1 ? ['evaluation', 'f1 ↓'] : ['f2 ↓', 'f1 ↓']);
    await page.locator('#chart-parallel').scrollIntoViewIfNeeded();
    await until("fronteira.charts['chart-parallel'].instance() !== null");
    expect(noise).toEqual([]);
  });

  it('shows a run that was stopped before its first evaluation', async () => {
    await open(await pageOf('nothing', handMade({ points: [] })));
    expect(await page.locator('#details').innerText()).toContain('There is no solution to show.');
    expect(noise).toEqual([]);
  });

  it('holds 5,000 evaluations', async () => {
    const file = await pageOf('large', madeUp({ evaluations: 5000, objectives: 2 }));
    await open(file);
    const drawn = await ask<number>(
      "fronteira.charts['chart-front'].instance().getOption().series.filter(({ id }) => id !== 'selected').reduce((sum, { data }) => sum + data.length, 0)",
    );
    expect(drawn).toBeGreaterThanOrEqual(5000);
    await page.getByRole('button', { name: 'Next ›' }).click();
    expect(await page.locator('#table-pages').innerText()).toContain('26 to 50 of 5000');
    expect(noise).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/(src|href)="?https?:/);
  });

  it('shows several runs: a line each, the median and the quartiles', async () => {
    const folders = [1, 2, 3].map((seed) => join(folder, `seed-${seed}`));
    for (const [k, run] of folders.entries()) {
      mkdirSync(run, { recursive: true });
      const record = handMade({
        points: [
          [4, 2],
          [2, 1],
        ],
        front: [0, 1],
        seed: k + 1,
        history: [k, 2 * k + 1],
      });
      writeFileSync(join(run, 'run.json'), JSON.stringify(record));
    }
    const file = join(folder, 'several', 'all.html');
    await fronteira(['report', ...folders, '-o', file]);
    await open(file);
    await page.locator('#chart-hypervolume').scrollIntoViewIfNeeded();
    await until("fronteira.charts['chart-hypervolume'].instance() !== null");
    const median = await ask<number[][]>(
      "fronteira.charts['chart-hypervolume'].instance().getOption().series.find(({ name }) => name === 'median').data",
    );
    expect(median).toEqual([
      [1, 1],
      [2, 3],
    ]);
    await page.getByLabel('Run').selectOption({ label: 'seed-3' });
    expect(await page.locator('#tiles').innerText()).toMatch(/runs\s+1/);
    expect(noise).toEqual([]);
  });

  it('shows a study: box plots, figures and pairs of every problem', async () => {
    const out = join(folder, 'study');
    const file = join(folder, 'study.json');
    const configurations = {
      '<i>random</i>': { algorithm: 'random' },
      'NSGA-II': { algorithm: 'nsga2', populationSize: 4 },
    };
    writeFileSync(
      file,
      JSON.stringify({
        problems: ['bnh'],
        configurations,
        options: { surrogate: false, budget: 12 },
        seeds: 3,
      }),
    );
    await fronteira(['study', file, '--out', out]);
    await open(join(out, 'study.html'), "fronteira.charts['chart-boxes-0'].instance() !== null");
    const boxes = await ask<{ type: string; data: unknown[] }[]>(
      "fronteira.charts['chart-boxes-0'].instance().getOption().series.map(({ type, data }) => ({ type, data }))",
    );
    expect(boxes.map(({ type, data }) => [type, data.length])).toEqual([
      ['boxplot', 2],
      ['scatter', 6],
    ]);
    expect(await page.locator('table.figures').first().innerText()).toContain('<i>random</i>');
    expect(await page.locator('main').innerText()).toContain(
      'With so few runs no difference can be significant',
    );
    await page.locator('#chart-courses-0').scrollIntoViewIfNeeded();
    await until("fronteira.charts['chart-courses-0'].instance() !== null");
    expect(noise).toEqual([]);
  });

  it('shows a factor study: every two metrics, by what was done', async () => {
    const out = join(folder, 'factors');
    const file = join(folder, 'factors.json');
    const factors = [
      { variables: ['x1'], levels: [0, 2, 5] },
      { variables: ['x2'], levels: [0, 3] },
    ];
    writeFileSync(file, JSON.stringify({ problem: 'bnh', factors, marks: { wide: ['x1'], high: ['x2'] } }));
    await fronteira(['study', file, '--out', out]);
    await open(join(out, 'factors.html'), "fronteira.charts['chart-factors'].instance() !== null");
    const groups = await ask<[string, number][]>(
      "fronteira.charts['chart-factors'].instance().getOption().series.map(({ name, data }) => [name, data.length])",
    );
    expect(groups).toEqual([
      ['none', 1],
      ['wide', 2],
      ['high', 1],
      ['both', 2],
    ]);
    expect(noise).toEqual([]);
  });
});
