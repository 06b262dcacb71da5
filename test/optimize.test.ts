import { describe, expect, expectTypeOf, it } from 'vitest';
import { bnh, compress7, zdt1 } from '../problems/index.js';
import {
  atLeast,
  choice,
  defineProblem,
  hypervolume,
  InputError,
  integer,
  maximize,
  minimize,
  type OptimizeOptions,
  optimize,
  type Run,
  real,
  record,
} from '../src/index.js';

/** A small mixed problem: thickness costs weight and gives strength, the material decides how much of each. */
const beam = (calls: { count: number } = { count: 0 }) =>
  defineProblem({
    name: 'beam',
    variables: { thickness: real(1, 10), ribs: integer(0, 4), material: choice('steel', 'aluminium') },
    metrics: { weight: minimize(), strength: maximize(), calls: record() },
    constraints: [atLeast('strength', 4)],
    evaluate: ({ thickness, ribs, material }) => {
      calls.count++;
      const density = material === 'steel' ? 2 : 1;
      return {
        weight: density * (thickness + 0.5 * ribs),
        strength: density * (Math.sqrt(thickness) + ribs / 3),
        calls: calls.count,
      };
    },
  });

const small: OptimizeOptions = {
  surrogate: 'mse',
  budget: 16,
  initial: 8,
  populationSize: 12,
  generations: 20,
  seed: 3,
};
const withoutTimes = (run: Run) => ({
  ...run,
  problem: run.problem.name,
  evaluations: run.evaluations.map((evaluation) => ({ ...evaluation, seconds: 0 })),
});

describe('optimize', () => {
  it('types the front from the declaration', async () => {
    const run = await optimize(beam(), { ...small, surrogate: false });
    expectTypeOf(run.front[0].variables).toEqualTypeOf<{
      readonly thickness: number;
      readonly ribs: number;
      readonly material: 'steel' | 'aluminium';
    }>();
    expectTypeOf(run.front[0].metrics.weight).toEqualTypeOf<number>();
    expect(['steel', 'aluminium']).toContain(run.front[0].variables.material);
  });

  for (const surrogate of [false, 'mape'] as const)
    it(`returns the feasible solutions that none dominates (surrogate ${surrogate})`, async () => {
      const run = await optimize(beam(), { ...small, surrogate });
      expect(run.evaluations).toHaveLength(16);
      expect(run.front.length).toBeGreaterThan(0);
      const beats = (a: Run['evaluations'][number], b: Run['evaluations'][number]) =>
        a.feasible && a.f.every((value, j) => value <= b.f[j]) && a.f.some((value, j) => value < b.f[j]);
      const expected = run.evaluations.flatMap((evaluation, i) =>
        evaluation.feasible && !run.evaluations.some((other) => beats(other, evaluation)) ? [i] : [],
      );
      expect(run.front.map(({ evaluation }) => evaluation)).toEqual(expected);
      for (const { metrics } of run.front) expect(metrics.strength).toBeGreaterThanOrEqual(4);
    });

  it('never evaluates a vector twice', async () => {
    const run = await optimize(beam(), small);
    const seen = new Set(run.evaluations.map(({ x }) => x.join()));
    expect(seen.size).toBe(run.evaluations.length);
  });

  it('is the same run for the same seed and another one for another', async () => {
    const [first, again, other] = await Promise.all(
      [3, 3, 4].map((seed) => optimize(beam(), { ...small, seed })),
    );
    expect(withoutTimes(again as Run)).toEqual(withoutTimes(first as Run));
    expect((other as Run).evaluations.map(({ x }) => x)).not.toEqual(
      (first as Run).evaluations.map(({ x }) => x),
    );
  });

  it('is the same run when an objective is negated and its direction flipped', async () => {
    const evaluate = ({ a, b }: { a: number; b: number }) => ({ left: a ** 2 + b, right: (a - 2) ** 2 + b });
    const variables = { a: real(-3, 3), b: real(0, 1) };
    const plain = defineProblem({
      name: 'p',
      variables,
      metrics: { left: minimize(), right: minimize() },
      evaluate,
    });
    const flipped = defineProblem({
      name: 'p',
      variables,
      metrics: { left: minimize(), right: maximize() },
      evaluate: (values) => ({ left: evaluate(values).left, right: -evaluate(values).right }),
    });
    for (const surrogate of [false, 'spearman'] as const) {
      const one = await optimize(plain, { ...small, surrogate });
      const two = await optimize(flipped, { ...small, surrogate });
      expect(two.evaluations.map(({ x }) => x)).toEqual(one.evaluations.map(({ x }) => x));
      expect(two.hypervolume.value).toBe(one.hypervolume.value);
    }
  });

  it('records the regressor of every output and round with its score', async () => {
    const run = await optimize(beam(), {
      ...small,
      surrogate: { objectives: 'mape', constraints: 'spearman' },
    });
    expect(run.models.map(({ round, name, metric }) => [round, name, metric])).toEqual(
      [1, 2, 3, 4].flatMap((round) => [
        [round, 'weight', 'mape'],
        [round, 'strength', 'mape'],
        [round, 'strength >= 4', 'spearman'],
      ]),
    );
    for (const { score } of run.models) expect(score).toBeGreaterThanOrEqual(0);
  });

  it('keeps the hypervolume of the front after each evaluation', async () => {
    const run = await optimize(beam(), { ...small, referencePoint: { weight: 20, strength: 3 } });
    const { value, history, referencePoint } = run.hypervolume;
    expect(referencePoint).toEqual({ weight: 20, strength: 3 });
    const points = run.front.flatMap(({ metrics }) => [metrics.weight, -metrics.strength]);
    expect(value).toBeCloseTo(hypervolume(points, run.front.length, [20, -3]), 12);
    expect(history).toHaveLength(16);
    expect(history.at(-1)).toBe(value);
    for (let i = 1; i < history.length; i++) expect(history[i]).toBeGreaterThanOrEqual(history[i - 1]);
  });

  it('places the reference point a tenth beyond the declared ranges', async () => {
    const problem = defineProblem({
      name: 'ranged',
      variables: { a: real(0, 1) },
      metrics: { cost: minimize({ range: [0, 10] }), gain: maximize({ range: [0.5, 1] }) },
      evaluate: ({ a }) => ({ cost: a, gain: a }),
    });
    const run = await optimize(problem, { surrogate: false, budget: 4 });
    expect(run.hypervolume.referencePoint.cost).toBeCloseTo(11, 12);
    expect(run.hypervolume.referencePoint.gain).toBeCloseTo(0.45, 12);
  });

  it('keeps a failed evaluation, counts it against the budget, and goes on', async () => {
    const problem = defineProblem({
      name: 'fragile',
      variables: { a: real(0, 1), b: real(0, 1) },
      metrics: { one: minimize(), two: minimize() },
      evaluate: ({ a, b }) => {
        if (a > 0.7) throw new Error('the bench broke');
        return { one: a + b, two: b > 0.5 ? Number.NaN : 1 - a + b };
      },
    });
    const run = await optimize(problem, { ...small, budget: 20 });
    const errors = run.evaluations.map(({ error }) => error);
    expect(errors).toContain('the bench broke');
    expect(errors).toContain('the metric two must be finite, got NaN');
    expect(run.evaluations).toHaveLength(20);
    expect(run.front.every(({ metrics }) => Number.isFinite(metrics.two))).toBe(true);
  });

  it('learns where evaluations fail and keeps away from there', async () => {
    const problem = defineProblem({
      name: 'cliff',
      variables: { a: real(0, 1), b: real(0, 1) },
      metrics: { gain: maximize(), cost: minimize() },
      evaluate: ({ a, b }) => {
        if (a > 0.7) throw new Error('out of memory');
        return { gain: a + b * b, cost: b - 0.1 * a };
      },
    });
    for (const seed of [1, 2]) {
      const run = await optimize(problem, { surrogate: 'spearman', budget: 40, generations: 100, seed });
      const failures = run.evaluations.filter(({ error, origin }) => error !== null && origin === 'infill');
      expect(failures.length).toBeLessThan(17); // of 34 infill points; without the lesson nearly all fail
      expect(run.models.some(({ name }) => name === 'evaluation fails')).toBe(true);
    }
  });

  it('survives when every evaluation fails', async () => {
    const problem = defineProblem({
      name: 'broken',
      variables: { a: real(0, 1) },
      metrics: { one: minimize(), two: minimize() },
      evaluate: () => {
        throw new Error('no');
      },
    });
    for (const surrogate of [false, 'random'] as const) {
      const run = await optimize(problem, { surrogate, budget: 10 });
      expect(run.evaluations).toHaveLength(10);
      expect(run.front).toEqual([]);
      expect(run.hypervolume.value).toBe(0);
    }
  });

  it('shows the closest solutions when none is feasible', async () => {
    const problem = defineProblem({
      name: 'infeasible',
      variables: { a: real(0, 1) },
      metrics: { one: minimize(), two: maximize() },
      constraints: [atLeast('two', 2)],
      evaluate: ({ a }) => ({ one: a, two: a }),
    });
    const run = await optimize(problem, { ...small, surrogate: 'mse' });
    expect(run.front).toEqual([]);
    const largest = Math.max(...run.evaluations.map(({ metrics }) => metrics[1]));
    expect(run.closest.map(({ metrics }) => metrics.two)).toEqual([largest]);
  });

  it('ends when a discrete space is exhausted', async () => {
    const problem = defineProblem({
      name: 'tiny',
      variables: { a: integer(0, 2), b: choice('x', 'y') },
      metrics: { one: minimize(), two: minimize() },
      evaluate: ({ a, b }) => ({ one: a, two: b === 'x' ? -a : 1 - a }),
    });
    for (const surrogate of [false, 'mse'] as const) {
      const run = await optimize(problem, { ...small, surrogate, budget: 50, initial: 4 });
      expect(new Set(run.evaluations.map(({ x }) => x.join())).size).toBe(run.evaluations.length);
      expect(run.evaluations).toHaveLength(6);
      expect(run.ended).toBe('exhausted');
    }
  });

  it('ends within one evaluation when the signal is aborted, with what was found', async () => {
    const controller = new AbortController();
    const run = await optimize(beam(), {
      ...small,
      signal: controller.signal,
      onProgress: ({ evaluations }) => {
        if (evaluations.length === 5) controller.abort();
      },
    });
    expect(run.ended).toBe('aborted');
    expect(run.evaluations).toHaveLength(5);
  });

  it('hears a timer although no evaluation waits for anything', async () => {
    const problem = defineProblem({
      name: 'busy',
      variables: { a: real(0, 1) },
      metrics: { one: minimize(), two: maximize() },
      evaluate: ({ a }) => {
        for (const until = performance.now() + 5; performance.now() < until; );
        return { one: a, two: a };
      },
    });
    const run = await optimize(problem, {
      surrogate: false,
      budget: 100_000,
      signal: AbortSignal.timeout(200),
    });
    expect(run.ended).toBe('aborted');
    expect(run.evaluations.length).toBeLessThan(1000);
  });

  it('solves numeric problems, a maximised objective included', async () => {
    const run = await optimize(compress7(), { surrogate: false, budget: 60, populationSize: 10 });
    for (const { metrics } of run.front) expect(metrics['accuracy']).toBeGreaterThanOrEqual(90);
    const again = await optimize(zdt1(5), { surrogate: 'mse', budget: 14, generations: 10 });
    expect(again.evaluations).toHaveLength(14);
  });

  it('finds more with a surrogate than at random, at the same budget', async () => {
    const options = { budget: 40, generations: 100, referencePoint: { f1: 140, f2: 50 } };
    const assisted = await optimize(bnh(), { ...options, surrogate: 'spearman' });
    const random = await optimize(bnh(), { ...options, surrogate: false, algorithm: 'random' });
    expect(assisted.hypervolume.value).toBeGreaterThan(random.hypervolume.value);
  });

  describe('refuses, in one sentence with the law and the value,', () => {
    const cases: [string, Record<string, unknown>, RegExp][] = [
      ['an unknown algorithm', { algorithm: 'nsga9' }, /^the algorithm must be one of ctaea, .*got "nsga9"$/],
      ['an unknown metric', { surrogate: 'rmse' }, /^the selection metric must be one of mse, .*got "rmse"$/],
      [
        'half a pair of metrics',
        { surrogate: { objectives: 'mse' } },
        /"constraints" must be one of .* got undefined$/,
      ],
      ['a metric for an unknown output', { surrogate: { height: 'mse' } }, /got "height"$/],
      ['a budget of nothing', { budget: 0 }, /^the budget must be a whole number from 1, got 0$/],
      ['half an evaluation', { budget: 1.5 }, /got 1.5$/],
      [
        'a seed that is no 32-bit integer',
        { seed: 2 ** 33 },
        /^the seed must be a 32-bit integer, got 8589934592$/,
      ],
      ['an initial sample above the budget', { budget: 5, initial: 6 }, /budget of 5, got 6$/],
      [
        'a population of one',
        { populationSize: 1 },
        /^the population size must be a whole number from 2, got 1$/,
      ],
      ['an option that is none', { bugdet: 5 }, /^the options are algorithm, .*got "bugdet"$/],
      [
        'a population past all memory',
        { populationSize: 1e9 },
        /^the population size must be at most 100000, got 1000000000$/,
      ],
      ['no infill', { infill: 0 }, /^infill must be a whole number from 1, got 0$/],
      ['a reference point of unknown objectives', { referencePoint: { height: 1 } }, /got "height"$/],
      [
        'a surrogate that is none',
        { surrogate: true },
        /^the surrogate must be 'auto', .* or false, got true$/,
      ],
      ['no options', null as never, /^the options of optimize must be an object, got null$/],
      ['exploration in words', { exploration: '0.5' }, /^the share of exploration must lie in .* got "0.5"$/],
      ['a listener that is no function', { onProgress: 3 }, /^onProgress must be a function, got 3$/],
      ['notices for no function', { onNotice: 3 }, /^onNotice must be a function, got 3$/],
      ['a signal that is none', { signal: {} }, /^the signal must be an AbortSignal, got {}$/],
      [
        'a reference point without names',
        { referencePoint: [20, 3] },
        /each of weight, strength, got \[20,3\]$/,
      ],
      ['half a reference point', { referencePoint: { weight: 1 } }, /for strength, got undefined$/],
    ];
    for (const [what, options, message] of cases)
      it(what, async () => {
        const calls = { count: 0 };
        const running = optimize(beam(calls), options as OptimizeOptions);
        await expect(running).rejects.toThrow(InputError);
        await expect(running).rejects.toThrow(message);
        expect(calls.count).toBe(0);
      });
  });
});
