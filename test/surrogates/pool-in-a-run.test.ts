import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { optimize } from '../../src/optimize.js';
import { defineProblem, minimize } from '../../src/problem.js';
import { real } from '../../src/space.js';
import { regressors } from '../../src/surrogates/catalogue.js';

const problemOf = (second: (a: number, b: number) => number) =>
  defineProblem({
    name: 'two bowls',
    variables: { a: real(0, 1), b: real(0, 1) },
    metrics: { first: minimize(), second: minimize() },
    evaluate: ({ a, b }) => ({ first: 3 + a + b * b, second: second(a, b) }),
  });
const small = { budget: 16, initial: 12, generations: 5, populationSize: 10, seed: 2 } as const;

describe('a run over the pool', () => {
  test('keeps for every output what was chosen, how the outputs were bent, and every score', async () => {
    const run = await optimize(
      problemOf((a, b) => Math.exp(9 * (1 - a)) + b),
      { ...small, surrogate: 'spearman' },
    );
    const outputs = run.models.map(({ round, name }) => `${round} ${name}`);
    expect(outputs).toEqual(['1 first', '1 second', '2 first', '2 second']);
    for (const { regressor, transform, score, candidates, warning } of run.models) {
      expect(candidates.slice(0, regressors.length).map(({ name }) => name)).toEqual(
        regressors.map(({ name }) => name),
      );
      const chosen = candidates.find(
        (candidate) => candidate.name === regressor && (candidate.transform ?? 'none') === transform,
      );
      expect(chosen?.score).toBe(score);
      expect(warning).toBeUndefined();
    }
  });

  test('warns under MAPE of the output that passes near zero, and of no other', async () => {
    const run = await optimize(
      problemOf((a) => Math.max(0, 1 - 2 * a)),
      { ...small, surrogate: 'mape' },
    );
    for (const { name, warning } of run.models) {
      if (name === 'second') expect(warning).toMatch(/near zero/);
      else expect(warning).toBeUndefined();
    }
  });

  test('leaves one out where asked to, and refuses folds that leave nothing out', async () => {
    const problem = problemOf((a, b) => 1 + (1 - a) ** 2 + b);
    const byFolds = await optimize(problem, { ...small, surrogate: 'mse' });
    const one = await optimize(problem, { ...small, surrogate: 'mse', folds: 'leave-one-out' });
    expect(byFolds.options.folds).toBe(5);
    expect(one.options.folds).toBe('leave-one-out');
    const scores = (run: typeof one) => run.models[0].candidates.map(({ score }) => score);
    expect(scores(one)).not.toEqual(scores(byFolds));
    for (const folds of [1, 2.5, Number.NaN, 'all'])
      await expect(optimize(problem, { ...small, folds: folds as number })).rejects.toThrow(InputError);
  });

  test('records infinite outputs as failed evaluations, and stands huge ones', async () => {
    const run = await optimize(
      problemOf((a, b) => (a < 0.3 ? Number.POSITIVE_INFINITY : b < 0.5 ? -1e300 : 1e300 * a)),
      { ...small, surrogate: 'mape' },
    );
    expect(run.evaluations).toHaveLength(16);
    const failures = run.evaluations.filter(({ error }) => error !== null);
    expect(failures.length).toBeGreaterThan(0);
    for (const { error, x } of failures) {
      expect(error).toMatch(/second must be finite/);
      expect(x[0]).toBeLessThan(0.3);
    }
    expect(run.models.some(({ name }) => name === 'evaluation fails')).toBe(true);
  });
});
