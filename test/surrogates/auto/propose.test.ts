import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  atMost,
  choice,
  defineProblem,
  integer,
  minimize,
  type OptimizeOptions,
  optimize,
  type Problem,
  real,
  record,
} from '../../../src/index.js';

const quick: OptimizeOptions = { budget: 16, populationSize: 20, generations: 20 };

/** Two distances: the front lies between (0, 0) and (1, 1). */
const between = (evaluate?: (a: number, b: number) => object, extra: object = {}) =>
  defineProblem({
    name: 'between',
    variables: { a: real(-1, 2), b: real(-1, 2) },
    metrics: { left: minimize(), right: minimize(), ...extra },
    evaluate: ({ a, b }) =>
      ({ left: a * a + b * b, right: (a - 1) ** 2 + (b - 1) ** 2, ...evaluate?.(a, b) }) as never,
  }) as unknown as Problem;

const vectors = (run: { readonly evaluations: readonly { readonly x: Float64Array }[] }) =>
  run.evaluations.map(({ x }) => [...x].join());

describe('the default optimizer', () => {
  it('comes near the front within few evaluations, and never pays for a vector twice', async () => {
    const run = await optimize(between(), { ...quick, budget: 24 });
    expect(run.options.surrogate).toBe('auto');
    expect(new Set(vectors(run)).size).toBe(24);
    // On the front, sqrt(left) + sqrt(right) = sqrt(2).
    const late = run.evaluations.slice(14);
    const near = late.filter(({ f }) => Math.sqrt(f[0]) + Math.sqrt(f[1]) < 1.01 * Math.SQRT2);
    expect(near.length).toBeGreaterThanOrEqual(8);
  });

  it('is the same run for the same seed, and another for another', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => optimize(between(), { ...quick, seed })),
    );
    expect(vectors(again)).toEqual(vectors(first));
    expect(again.models).toEqual(first.models);
    expect(vectors(other)).not.toEqual(vectors(first));
  });

  it('does not mind which way an objective points', async () => {
    const turned = defineProblem({
      name: 'turned',
      variables: { a: real(-1, 2), b: real(-1, 2) },
      metrics: { left: { role: 'maximize' }, right: minimize() },
      evaluate: ({ a, b }) => ({ left: -(a * a + b * b), right: (a - 1) ** 2 + (b - 1) ** 2 }),
    });
    expect(vectors(await optimize(turned as unknown as Problem, quick))).toEqual(
      vectors(await optimize(between(), quick)),
    );
  });

  it('records the model of every output and what it was compared with', async () => {
    const run = await optimize(between(), { ...quick, budget: 10 });
    expect(run.models.map(({ round, name }) => [round, name])).toEqual(
      [1, 1, 2, 2, 3, 3]
        .slice(0, run.models.length)
        .map((round, i) => [round, i % 2 === 0 ? 'left' : 'right']),
    );
    for (const { metric, regressor, score } of run.models) {
      expect(metric).toBe('likelihood');
      expect(regressor).toMatch(/^gaussian-process, (matern|gaussian)$/);
      expect(Number.isFinite(score)).toBe(true);
    }
    expect(run.models[0].candidates.length).toBe(10);
    expect(run.models[0].score).toBe(
      Math.min(...run.models[0].candidates.map(({ score }) => score ?? Infinity)),
    );
  });

  it('proposes a batch of any size, all different', async () => {
    for (const infill of [1, 5]) {
      const run = await optimize(between(), { ...quick, infill, budget: 13 });
      expect(new Set(vectors(run)).size).toBe(13);
    }
  });

  it('works with integers and choices, and ends when a finite space is exhausted', async () => {
    const mixed = defineProblem({
      name: 'mixed',
      variables: { n: integer(0, 3), kind: choice('low', 'high') },
      metrics: { a: minimize(), b: minimize() },
      evaluate: ({ n, kind }) => ({ a: n, b: (3 - n) * (kind === 'low' ? 1 : 2) }),
    });
    const run = await optimize(mixed as unknown as Problem, { ...quick, budget: 50, initial: 3 });
    expect(run.ended).toBe('exhausted');
    expect(new Set(vectors(run)).size).toBe(8);
    expect(run.front).toHaveLength(5);
  });

  it('finds a small feasible region by the values of the constraint', async () => {
    const problem = defineProblem({
      name: 'corner',
      variables: { a: real(0, 1), b: real(0, 1) },
      metrics: { a: minimize(), b: minimize(), away: record() },
      constraints: [atMost('away', 0.05)],
      evaluate: ({ a, b }) => ({ a, b, away: Math.hypot(a - 0.83, b - 0.77) }),
    });
    const run = await optimize(problem as unknown as Problem, { ...quick, budget: 26 });
    expect(run.evaluations.slice(0, 6).some(({ feasible }) => feasible)).toBe(false);
    expect(run.front.length).toBeGreaterThanOrEqual(5);
  });

  it('goes on where nothing is feasible, one thing is, outputs are constant, or all fails', async () => {
    const bounded = (bound: number) =>
      defineProblem({
        name: 'bounded',
        variables: { a: real(0, 1) },
        metrics: { f: minimize(), one: minimize(), g: record() },
        constraints: [atMost('g', bound)],
        evaluate: ({ a }) => ({ f: a, one: 1, g: Math.abs(a - 0.5) + 1 }),
      }) as unknown as Problem;
    for (const bound of [0, 1.01]) {
      const run = await optimize(bounded(bound), { ...quick, budget: 12 });
      expect(run.evaluations).toHaveLength(12);
      if (bound === 0) expect(run.front).toHaveLength(0);
    }
    const broken = between(() => {
      throw new Error('out of order');
    });
    const run = await optimize(broken, { ...quick, budget: 10 });
    expect(run.evaluations.map(({ error }) => error)).toEqual(Array(10).fill('out of order'));
    expect(new Set(vectors(run)).size).toBe(10);
  });

  it('keeps clear of where evaluations fail', async () => {
    const problem = between((a) => {
      if (a < 0.5) throw new Error('too far left');
      return {};
    });
    // The best half of the front is out of reach, and what is left lies along the edge: a search that did not learn
    // where evaluations fail would look nowhere else.
    const late: boolean[] = [];
    for (const seed of [1, 2, 3, 4]) {
      const run = await optimize(problem, { ...quick, budget: 30, seed });
      late.push(...run.evaluations.slice(16).map(({ error }) => error !== null));
    }
    expect(late.filter(Boolean).length).toBeLessThan((2 / 3) * late.length);
  });

  it('prefers the cheaper of two that promise as much', async () => {
    const mean = async (options: OptimizeOptions) => {
      let sum = 0;
      for (const seed of [1, 2, 3]) {
        // What b does is nothing but the price.
        const problem = defineProblem({
          name: 'price',
          variables: { a: real(0, 1), b: real(0, 1) },
          metrics: { f: minimize(), g: minimize(), price: record() },
          evaluate: ({ a, b }) => ({ f: a ** 2, g: (1 - a) ** 2, price: Math.exp(4 * b) }),
        }) as unknown as Problem;
        const run = await optimize(problem, { ...quick, seed, ...options });
        for (const { metrics } of run.evaluations.slice(6)) sum += metrics[2];
      }
      return sum / 30;
    };
    expect(await mean({ cost: 'price' })).toBeLessThan(0.5 * (await mean({})));
    await expect(optimize(between(), { cost: 'price' })).rejects.toThrow(
      'the cost must be one of the metrics left, right, got "price"',
    );
    await expect(optimize(between(), { cost: 'left', surrogate: 'mape' })).rejects.toThrow(
      'a cost is for the surrogate "auto", got "left" beside "mape"',
    );
  });

  it('says that a cost was not above 0', async () => {
    const warnings = async (price: (a: number) => number) => {
      const problem = between((a) => ({ price: price(a) }), { price: record() });
      const { models } = await optimize(problem, { ...quick, budget: 10, cost: 'price' });
      return new Set(models.map(({ name, warning }) => `${name}: ${warning}`));
    };
    const doubt = 'a cost must be finite and above 0, got -2: such a one is taken for the nearest that is';
    expect(await warnings((a) => (a < 0.5 ? -2 : 7))).toContain(`cost: price: ${doubt}`);
    expect(await warnings((a) => (a < 0.5 ? 2 : 7))).toContain('cost: price: undefined');
  });

  it('smooths what was declared noisy', async () => {
    let state = 1;
    const noise = () => {
      state = (state * 16807) % 2147483647; // a plain generator: the evaluation is what is noisy, not the search
      return state / 2147483647 - 0.5;
    };
    const problem = defineProblem({
      name: 'noisy',
      variables: { a: real(0, 1) },
      metrics: { f: minimize({ noisy: true }), g: minimize() },
      evaluate: ({ a }) => ({ f: a + 0.3 * noise(), g: 1 - a }),
    });
    const run = await optimize(problem as unknown as Problem, { ...quick, budget: 20 });
    expect(run.evaluations).toHaveLength(20);
    expect(problem.metrics.f.noisy).toBe(true);
  });

  it('takes one, three and five objectives', async () => {
    for (const m of [1, 3, 5]) {
      const names = Array.from({ length: m }, (_, j) => `f${j}`);
      const problem = defineProblem({
        name: 'many',
        variables: { a: real(0, 1), b: real(0, 1), c: real(0, 1) },
        metrics: Object.fromEntries(names.map((name) => [name, minimize()])),
        evaluate: ({ a, b, c }) =>
          Object.fromEntries(
            names.map((name, j) => [name, (a - j / m) ** 2 + (b - 0.5) ** 2 + c * ((j % 3) + 1)]),
          ),
      });
      const run = await optimize(problem as unknown as Problem, { ...quick, budget: 14 });
      expect(new Set(vectors(run)).size).toBe(14);
    }
  });

  it('chooses by other rules and with other models', async () => {
    for (const surrogate of ['auto', 'mse'] as const)
      for (const infillRule of ['expected-hypervolume', 'hypervolume', 'distance'] as const) {
        const run = await optimize(between(), { ...quick, budget: 14, surrogate, infillRule });
        expect(run.options.infillRule).toBe(infillRule);
        expect(new Set(vectors(run)).size).toBe(14);
        const near = run.evaluations
          .slice(6)
          .filter(({ f }) => Math.sqrt(f[0]) + Math.sqrt(f[1]) < 1.1 * Math.SQRT2);
        expect(near.length, `${surrogate} ${infillRule}`).toBeGreaterThanOrEqual(3);
      }
    await expect(optimize(between(), { infillRule: 'best' as never })).rejects.toThrow(
      'the infill rule must be one of expected-hypervolume, hypervolume, distance, or { name, pick }, got "best"',
    );
  });

  it('explores with the share of the points that it is told to', async () => {
    const spread = async (exploration: number, surrogate: 'auto' | 'mse') => {
      const run = await optimize(between(), { ...quick, budget: 22, exploration, surrogate });
      const far = run.evaluations.slice(6).filter(({ x: [a, b] }) => Math.abs(a - b) > 0.5);
      return far.length;
    };
    // The front is where a = b.
    for (const surrogate of ['auto', 'mse'] as const) {
      expect(await spread(1, surrogate)).toBeGreaterThanOrEqual(8);
      expect(await spread(0, surrogate)).toBeLessThanOrEqual(4);
    }
    await expect(optimize(between(), { exploration: 1.5 })).rejects.toThrow(
      'the share of exploration must lie in [0, 1], got 1.5',
    );
  });

  it('spends a budget of seconds', async () => {
    const slow = between();
    const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
    const problem = defineProblem({
      name: 'slow',
      variables: { a: real(0, 1) },
      metrics: { f: minimize(), g: minimize() },
      evaluate: async ({ a }) => {
        await wait();
        return { f: a, g: 1 - a };
      },
    }) as unknown as Problem;
    for (const surrogate of [false, 'auto'] as const) {
      const run = await optimize(problem, { ...quick, surrogate, budget: { seconds: 0.2 } });
      expect(run.ended).toBe('budget');
      expect(run.evaluations.length).toBeGreaterThan(0);
      expect(run.options.budget).toEqual({ seconds: 0.2 });
    }
    await expect(optimize(slow, { budget: { seconds: 0 } })).rejects.toThrow(
      'a budget of time must be a number of seconds above 0, got 0',
    );
  });

  it('replays a journal to the same proposals', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fronteira-auto-'));
    try {
      const journal = join(folder, 'run.jsonl');
      const whole = await optimize(between(), quick);
      let calls = 0;
      const stop = new AbortController();
      const problem = between(() => {
        if (++calls === 9) stop.abort();
        return {};
      });
      await optimize(problem, { ...quick, journal, signal: stop.signal });
      const resumed = await optimize(between(), { ...quick, journal });
      expect(calls).toBeLessThan(16);
      expect(vectors(resumed)).toEqual(vectors(whole));
      expect(resumed.models).toEqual(whole.models);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
