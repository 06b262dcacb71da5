import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { optimize } from '../../src/optimize.js';
import { defineProblem, minimize } from '../../src/problem.js';
import { real } from '../../src/space.js';
import type { OwnInfillRule } from '../../src/surrogates/infill.js';
import type { OwnMetric } from '../../src/surrogates/metrics.js';
import type { Regressor } from '../../src/surrogates/regressor.js';

const problem = defineProblem({
  name: 'two bowls',
  variables: { a: real(0, 1), b: real(0, 1) },
  metrics: { first: minimize(), second: minimize() },
  evaluate: ({ a, b }) => ({ first: 3 + a + b * b, second: 1 + (1 - a) ** 2 + b }),
});
const small = { budget: 16, initial: 12, generations: 5, populationSize: 10, seed: 2 } as const;

/** Predicts the least output everywhere. */
const least: Regressor = {
  name: 'least',
  fit: (_, y) => ({
    hasVariance: false,
    predict: (_rows, count, out) => {
      out.fill(Math.min(...y), 0, count);
    },
  }),
};

/** The largest error. */
const worst: OwnMetric = {
  name: 'worst',
  score: (y, p) => Math.max(...y.map((value, i) => Math.abs(value - p[i]))),
};

describe('a run with parts of its own', () => {
  it('selects from the pool that it is given, in its order', async () => {
    const run = await optimize(problem, { ...small, surrogate: 'mse', regressors: [least, 'linear'] });
    expect(run.options.regressors).toEqual(['least', 'linear']);
    for (const { regressor, candidates } of run.models) {
      expect(candidates.slice(0, 2).map(({ name }) => name)).toEqual(['least', 'linear']);
      expect(regressor).toBe('linear');
    }
    const alone = await optimize(problem, { ...small, surrogate: 'random', regressors: [least] });
    expect(alone.models.map(({ regressor }) => regressor)).toEqual(Array(4).fill('least'));
    expect((await optimize(problem, { ...small, surrogate: 'mse' })).options.regressors).toBeUndefined();
  });

  it('judges regressors by its metric, for all outputs or for some', async () => {
    const pool = [least, 'linear', 'quadratic'] as const;
    const run = await optimize(problem, { ...small, surrogate: worst, regressors: pool });
    expect(run.options.surrogate).toEqual({ first: 'worst', second: 'worst' });
    for (const { metric, score, candidates } of run.models) {
      expect(metric).toBe('worst');
      const scores = candidates.filter(({ transform }) => !transform).map((candidate) => candidate.score);
      expect(score).toBeLessThanOrEqual(Math.min(...(scores as number[])));
    }
    const mixed = await optimize(problem, {
      ...small,
      surrogate: { first: 'mse', second: { name: 'opposite', score: (y, p) => -worst.score(y, p) } },
      regressors: pool,
    });
    expect(mixed.options.surrogate).toEqual({ first: 'mse', second: 'opposite' });
    const chosen = new Map(mixed.models.map(({ name, regressor }) => [name, regressor]));
    expect([chosen.get('first') === 'least', chosen.get('second')]).toEqual([false, 'least']);
  });

  it('passes over a regressor whose score is no number', async () => {
    const nan: OwnMetric = { name: 'nan', score: () => Number.NaN };
    const run = await optimize(problem, { ...small, surrogate: nan, regressors: [least, 'linear'] });
    for (const { candidates, warning } of run.models) {
      expect(candidates.every(({ score }) => score === null)).toBe(true);
      expect(warning).toMatch(/no regressor of the pool could be fitted/);
    }
  });

  it('evaluates what its infill rule picks, of the candidates that it is shown', async () => {
    for (const surrogate of ['auto', 'mse'] as const) {
      const shown: number[][] = [];
      const last: OwnInfillRule = {
        name: 'last',
        pick: (candidates, front, k, m) => {
          expect([candidates.f.length, front.f.length]).toEqual([candidates.count * m, front.count * m]);
          const chosen = [...Array(candidates.count).keys()].reverse().slice(0, k);
          shown.push(chosen);
          return chosen;
        },
      };
      const run = await optimize(problem, { ...small, surrogate, infillRule: last });
      expect(run.options.infillRule).toBe('last');
      expect(shown).toHaveLength(2);
      expect(run.evaluations).toHaveLength(16);
    }
  });

  it('refuses a pick of what was not shown', async () => {
    for (const picked of [[-1], [0, 0], [1e6], [0, 1, 2], ['0'], undefined]) {
      const infillRule = { name: 'odd', pick: () => picked as number[] };
      const run = optimize(problem, { ...small, surrogate: 'mse', infillRule });
      await expect(run, `${picked}`).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow(
        /^the infill rule "odd" must return at most 2 different indices below \d+, got /,
      );
    }
  });

  it('goes on from its journal with the same parts, and refuses others by their names', async () => {
    const journal = join(mkdtempSync(join(tmpdir(), 'fronteira-own-')), 'run.jsonl');
    const parts = { surrogate: worst, regressors: [least, 'linear'] } as const;
    const run = await optimize(problem, { ...small, ...parts, journal });
    const again = await optimize(problem, { ...small, ...parts, journal });
    expect(again.evaluations.map(({ f }) => f)).toEqual(run.evaluations.map(({ f }) => f));
    expect(readFileSync(journal, 'utf8')).toContain('"least"');
    const other = optimize(problem, { ...small, ...parts, regressors: ['linear'], journal });
    await expect(other).rejects.toThrow(/regressors/);
  });

  it.each([
    ['no list', { regressors: 'linear' }, 'the regressors must be a list of at least one, got "linear"'],
    ['an empty pool', { regressors: [] }, 'the regressors must be a list of at least one, got []'],
    [
      'an unknown regressor',
      { regressors: ['cubic'] },
      /^a regressor must be one of linear, .*, or \{ name, fit \}, got "cubic"$/,
    ],
    ['one that cannot fit', { regressors: [{ name: 'empty' }] }, /got \{"name":"empty"\}$/],
    [
      'one twice',
      { regressors: ['linear', 'linear'] },
      'the regressors must have different names, got "linear" twice',
    ],
    [
      'a pool beside auto',
      { surrogate: 'auto', regressors: ['linear'] },
      'regressors are for a surrogate that selects one, got them beside "auto"',
    ],
    [
      'a metric without a score',
      { surrogate: { first: { name: 'm' }, second: 'mse' } },
      /^the selection metric of "first" must be one of mse, mape, spearman, random, or \{ name, score \}, got /,
    ],
    [
      'a rule without a pick',
      { infillRule: { name: 'r' } },
      /^the infill rule must be one of .*, or \{ name, pick \}, got /,
    ],
  ])('refuses %s', async (_, options, sentence) => {
    const run = optimize(problem, { ...small, surrogate: 'mse', ...(options as object) });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(sentence);
  });
});
