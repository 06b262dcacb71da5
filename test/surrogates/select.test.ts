import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { regressors } from '../../src/surrogates/catalogue.js';
import { crossValidate, foldsOf } from '../../src/surrogates/cross-validation.js';
import { mean } from '../../src/surrogates/mean.js';
import { fitTransform } from '../../src/surrogates/output-transform.js';
import { FitError, type Regressor } from '../../src/surrogates/regressor.js';
import { selectionMetrics, selectRegressor } from '../../src/surrogates/select.js';
import { constant } from '../../src/surrogates/standardised.js';
import { drawSamples, predictAll } from './samples.js';

const { x, y, n, d } = drawSamples(30, 3, 1, (v) => 5 + Math.sin(4 * v[0]) + v[1] * v[2]);
const failing: Regressor = {
  name: 'failing',
  fit() {
    throw new FitError('failing', 'on purpose');
  },
};
const predicting = (name: string, value: number): Regressor => ({ name, fit: () => constant(value) });

describe('folds', () => {
  test('share out the samples evenly: every fold is used and sizes differ by one at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer(),
        (count, k, seed) => {
          const fold = foldsOf(count, k, seed);
          const sizes = new Array<number>(Math.min(k, count)).fill(0);
          for (const f of fold) sizes[f]++;
          expect(sizes.reduce((a, b) => a + b)).toBe(count);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test('are the same for the same seed and others for another', () => {
    expect(foldsOf(40, 5, 3)).toEqual(foldsOf(40, 5, 3));
    expect(foldsOf(40, 5, 3)).not.toEqual(foldsOf(40, 5, 4));
  });

  test('of no samples are none', () => {
    expect(foldsOf(0, 5, 1)).toHaveLength(0);
  });
});

describe('cross-validation', () => {
  test('never shows a regressor the sample that it is to predict', () => {
    // Predicts the mean of what it was shown, so that each prediction tells what was hidden.
    const shown: Regressor = {
      name: 'shown',
      fit: (_x, outputs) => constant(outputs.reduce((a, b) => a + b) / outputs.length),
    };
    const [{ predictions }] = crossValidate([shown], x, y, n, d, { folds: 5, seed: 2 });
    const fold = foldsOf(n, 5, 2);
    predictions?.forEach((value, i) => {
      const others = [...y].filter((_, k) => fold[k] !== fold[i]);
      expect(value).toBeCloseTo(others.reduce((a, b) => a + b) / others.length, 12);
    });
    expect(predictions).toHaveLength(n);
  });

  test('keeps rows and outputs together', () => {
    const lookup: Regressor = {
      name: 'lookup',
      fit: (rows, outputs, count) => {
        for (let i = 0; i < count; i++)
          expect(outputs[i]).toBe(5 + Math.sin(4 * rows[i * d]) + rows[i * d + 1] * rows[i * d + 2]);
        return {
          hasVariance: false,
          predict: (points, size, out) => {
            for (let i = 0; i < size; i++)
              out[i] = 5 + Math.sin(4 * points[i * d]) + points[i * d + 1] * points[i * d + 2];
          },
        };
      },
    };
    expect(crossValidate([lookup], x, y, n, d, { seed: 2 })[0].predictions).toEqual(y);
  });

  test('records the reason of a regressor that fails and goes on', () => {
    const nonsense = predicting('nonsense', Number.NaN);
    const results = crossValidate([failing, nonsense, mean], x, y, n, d, { seed: 1 });
    expect(results.map(({ error }) => error)).toEqual([
      'on purpose',
      'its predictions are not finite',
      undefined,
    ]);
    expect(results.map(({ predictions }) => predictions === null)).toEqual([true, true, false]);
  });

  test('lets other errors pass', () => {
    const broken: Regressor = {
      name: 'broken',
      fit() {
        throw new TypeError('a bug');
      },
    };
    expect(() => crossValidate([broken], x, y, n, d, { seed: 1 })).toThrow(TypeError);
  });

  test('takes out-of-bag predictions, where there are some, with the model that they came with', () => {
    const predictor = constant(5);
    const bagging: Regressor = { ...failing, fitHeldOut: () => ({ predictor, predictions: y.slice() }) };
    expect(crossValidate([bagging], x, y, n, d, { seed: 1 })[0]).toMatchObject({ predictor, predictions: y });
    expect(selectRegressor([bagging], x, y, n, d, 'mse', { seed: 1 }).predictor).toBe(predictor);
    const without: Regressor = { ...predicting('without', 3), fitHeldOut: () => null };
    expect(crossValidate([without], x, y, n, d, { seed: 1 })[0].predictions).toEqual(
      new Float64Array(n).fill(3),
    );
  });

  test('with as many folds as samples leaves out one at a time', () => {
    const sizes: number[] = [];
    const counting: Regressor = {
      name: 'counting',
      fit: (_x, _y, count) => {
        sizes.push(count);
        return constant(0);
      },
    };
    crossValidate([counting], x, y, 4, d, { folds: 9, seed: 1 });
    expect(sizes).toEqual([3, 3, 3, 3]);
  });
});

describe('selection', () => {
  test('takes the best score, and of equal ones the earlier', () => {
    const pool = [predicting('far', 50), predicting('near', 5.6), predicting('as near', 5.6)];
    const { name, score, candidates, predictor } = selectRegressor(pool, x, y, n, d, 'mse', { seed: 1 });
    expect(name).toBe('near');
    expect(score).toBeCloseTo(y.reduce((sum, value) => sum + (value - 5.6) ** 2, 0) / n, 12);
    expect(candidates.slice(0, 3).map((candidate) => candidate.name)).toEqual(['far', 'near', 'as near']);
    expect(predictAll(predictor, x, 1)[0]).toBe(5.6);
  });

  test.each(selectionMetrics)('by %s gives the same for the same seed, over the whole pool', (metric) => {
    const first = selectRegressor(regressors, x, y, n, d, metric, { seed: 5 });
    const second = selectRegressor(regressors, x, y, n, d, metric, { seed: 5 });
    expect(second.name).toBe(first.name);
    expect(second.candidates).toEqual(first.candidates);
    expect(predictAll(second.predictor, x, n)).toEqual(predictAll(first.predictor, x, n));
    expect(first.metric).toBe(metric);
  });

  test('finds the plane behind a plane, and the step behind a step', () => {
    const plane = drawSamples(30, 3, 2, (v) => 1 + v[0] - 2 * v[1]);
    const { score } = selectRegressor(regressors, plane.x, plane.y, 30, 3, 'mse', { seed: 1 });
    expect(score).toBeLessThan(1e-20);
    // Two clusters with a gap between them, so that no hidden sample lies near the step.
    const { x: points } = drawSamples(60, 3, 3, () => 0);
    const gap = points.map((value, at) =>
      at % 3 < 2 ? value : value < 0.5 ? 0.6 * value : 0.4 + 0.6 * value,
    );
    const heights = Float64Array.from({ length: 60 }, (_, i) => (gap[i * 3 + 2] < 0.5 ? 7 : 9));
    expect(selectRegressor(regressors, gap, heights, 60, 3, 'mse', { seed: 1 }).name).toBe('tree');
  });

  test('passes over what fails, and takes the mean when nothing is left', () => {
    for (const metric of selectionMetrics) {
      expect(selectRegressor([failing, predicting('any', 1)], x, y, n, d, metric, { seed: 1 }).name).toBe(
        'any',
      );
      const none = selectRegressor([failing], x, y, n, d, metric, { seed: 1 });
      expect([none.name, none.score]).toEqual(['mean', null]);
      expect(none.candidates).toEqual([{ name: 'failing', score: null, error: 'on purpose' }]);
      expect(predictAll(none.predictor, x, 1)[0]).toBeCloseTo(y.reduce((a, b) => a + b) / n, 12);
    }
  });

  test('takes the next best when the best cannot be fitted to all samples', () => {
    const partial: Regressor = {
      name: 'partial',
      fit(_x, _y, count) {
        if (count === n) throw new FitError('partial', 'too many samples');
        return constant(5.6);
      },
    };
    const { name, candidates } = selectRegressor([partial, predicting('far', 50)], x, y, n, d, 'mse', {
      seed: 1,
    });
    expect(name).toBe('far');
    expect(candidates[0].error).toBe('too many samples');
  });

  test('at random draws every regressor of the pool about equally often', () => {
    const pool = ['a', 'b', 'c', 'd'].map((name) => predicting(name, 1));
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 800; seed++) {
      const { name, score } = selectRegressor(pool, x, y, n, d, 'random', { seed });
      expect(score).toBeNull();
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    // binomial(800, 1/4): mean 200, standard deviation 12
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
    expect(counts.size).toBe(4);
  });

  test.each([1, 2, 3])('works on %i samples', (count) => {
    const { predictor } = selectRegressor(regressors, x, y, count, d, 'spearman', { seed: 1 });
    expect(predictAll(predictor, x, n).every(Number.isFinite)).toBe(true);
  });

  test('refuses no samples', () => {
    expect(() => selectRegressor(regressors, x, y, 0, d, 'mse', { seed: 1 })).toThrow(FitError);
  });

  test('leaves out folds, or one at a time', () => {
    const log: number[] = [];
    const counting: Regressor = {
      name: 'counting',
      fit: (_x, _y, count) => {
        log.push(count);
        return constant(5);
      },
    };
    selectRegressor([counting], x, y, 6, d, 'mse', { seed: 1, folds: 3 });
    expect(log).toEqual([4, 4, 4, 6]);
    log.length = 0;
    selectRegressor([counting], x, y, 6, d, 'mse', { seed: 1, folds: 'leave-one-out' });
    expect(log).toEqual([5, 5, 5, 5, 5, 5, 6]);
  });
});

describe('transforms in the selection', () => {
  const grow = drawSamples(40, 2, 21, (v) => Math.exp(7 * v[0] + 2 * v[1]));
  const select = (metric: (typeof selectionMetrics)[number]) =>
    selectRegressor(regressors, grow.x, grow.y, 40, 2, metric, { seed: 1 });

  test('are tried on the two best, all scores kept, and one is taken for outputs of many magnitudes', () => {
    const { name, transform, score, candidates, predictor } = select('mape');
    const plain = candidates.slice(0, regressors.length);
    const bent = candidates.slice(regressors.length);
    expect(plain.every((candidate) => !('transform' in candidate))).toBe(true);
    const averages = new Set(regressors.filter((regressor) => regressor.averages).map((r) => r.name));
    const able = plain.filter((candidate) => !averages.has(candidate.name));
    const ranked = able.sort((a, b) => (a.score ?? 1e9) - (b.score ?? 1e9)).map((c) => c.name);
    expect(bent.map((candidate) => [candidate.name, candidate.transform])).toEqual(
      [ranked[0], ranked[1]].flatMap((best) => ['log', 'bounded', 'rank'].map((how) => [best, how])),
    );
    expect(transform).toBe('log');
    expect(bent.find((c) => c.name === name && c.transform === 'log')?.score).toBe(score);
    const off = predictAll(predictor, grow.x, 40).map((value, i) => Math.abs(value / grow.y[i] - 1));
    expect(Math.max(...off)).toBeLessThan(0.1);
  });

  test('are not tried on what only averages outputs', () => {
    const averaging: Regressor = { ...predicting('averaging', 5.6), averages: true };
    const { candidates } = selectRegressor([averaging, predicting('other', 9)], x, y, n, d, 'mse', {
      seed: 1,
    });
    expect(candidates.slice(2).map((candidate) => candidate.name)).toEqual(['other', 'other', 'other']);
  });

  test('are not taken for a small gain', () => {
    // Off by 1 in the plain outputs; bent, off by what the bounded transform makes nine tenths of.
    const { forward } = fitTransform('bounded', y, n)!;
    const off = (i: number) => (i % 2 ? 0.1 : -0.1);
    const shy: Regressor = {
      name: 'shy',
      fit: () => constant(5),
      fitHeldOut: (_x, outputs) => {
        const plain = outputs.every((value, i) => value === y[i]);
        const bounded = outputs.every((value, i) => value === forward(y[i]));
        return {
          predictor: constant(5),
          predictions: plain
            ? y.map((value, i) => value + off(i))
            : bounded
              ? y.map((value, i) => forward(value + 0.92 * off(i)))
              : new Float64Array(n).fill(1e3),
        };
      },
    };
    const { transform, candidates } = selectRegressor([shy], x, y, n, d, 'mse', { seed: 1 });
    expect(transform).toBe('none');
    expect(candidates.map((candidate) => candidate.transform)).toEqual([undefined, 'log', 'bounded', 'rank']);
    expect((candidates[2].score ?? 1) / (candidates[0].score ?? 1)).toBeCloseTo(0.92 ** 2, 6);
  });

  test('are not tried on few samples, constants, or when drawn', () => {
    expect(selectRegressor(regressors, x, y, 9, d, 'mse', { seed: 1 }).candidates).toHaveLength(
      regressors.length,
    );
    const flat = new Float64Array(n).fill(2);
    expect(selectRegressor(regressors, x, flat, n, d, 'mse', { seed: 1 }).candidates).toHaveLength(
      regressors.length,
    );
    expect(select('random').transform).toBe('none');
  });
});

describe('warnings', () => {
  test('say where MAPE ranks by a sample near zero, and only for MAPE', () => {
    const near = y.with(4, 1e-5);
    const warned = selectRegressor(regressors, x, near, n, d, 'mape', { seed: 1 });
    expect(warned.warning).toMatch(/MAPE.*near zero.*0\.000010/);
    expect(selectRegressor(regressors, x, near, n, d, 'mse', { seed: 1 })).not.toHaveProperty('warning');
    expect(selectRegressor(regressors, x, y, n, d, 'mape', { seed: 1 })).not.toHaveProperty('warning');
  });

  test('say where only the mean was left', () => {
    expect(selectRegressor([failing], x, y, n, d, 'spearman', { seed: 1 }).warning).toMatch(
      /the mean of the outputs/,
    );
  });
});
