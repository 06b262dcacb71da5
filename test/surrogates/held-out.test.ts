import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { foldsOf } from '../../src/surrogates/cross-validation.js';
import { posterior } from '../../src/surrogates/gaussian-process.js';
import { heldOutErrors, membersOf } from '../../src/surrogates/held-out.js';
import { linear } from '../../src/surrogates/linear.js';
import { radialBasis, thinPlateSpline } from '../../src/surrogates/radial-basis.js';
import type { Regressor } from '../../src/surrogates/regressor.js';
import { standardise } from '../../src/surrogates/standardised.js';
import { solve } from './elimination.js';
import { drawSamples, predictAll } from './samples.js';

/** Predictions of each fold by the regressor fitted to the others. */
function refitted(regressor: Regressor, x: Float64Array, y: Float64Array, d: number, fold: Int32Array) {
  const predictions = new Float64Array(fold.length);
  for (const members of membersOf(fold)) {
    const shown = Array.from(fold.keys()).filter((i) => !members.includes(i));
    const rows = (list: readonly number[]) =>
      Float64Array.from(list.flatMap((i) => [...x.subarray(i * d, i * d + d)]));
    const predictor = regressor.fit(
      rows(shown),
      Float64Array.from(shown, (i) => y[i]),
      shown.length,
      d,
      1,
    );
    predictAll(predictor, rows(members), members.length).forEach((value, k) => {
      predictions[members[k]] = value;
    });
  }
  return predictions;
}

describe('held-out errors', () => {
  test('are those of solving the system again without each fold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 14 }),
        fc.integer({ min: 2, max: 14 }),
        fc.integer(),
        (n, folds, seed) => {
          const random = randomOf(seed, 'system');
          // Kernel values of n points on a line, so that leaving out means dropping rows and columns.
          const x = Array.from({ length: n }, () => 5 * random.uniform());
          const z = Float64Array.from({ length: n }, () => random.normal());
          const k = (i: number, j: number) => Math.exp(-Math.abs(x[i] - x[j])) + (i === j ? 0.1 : 0);
          const all = Array.from({ length: n }, (_, i) => i);
          const columns = all.map((j) =>
            solve(
              all.map((i) => all.map((l) => k(i, l))),
              all.map((i) => Number(i === j)),
            ),
          );
          const a = Float64Array.from(all, (i) => all.reduce((sum, j) => sum + columns[j][i] * z[j], 0));
          const fold = foldsOf(n, folds, seed);
          const errors = heldOutErrors((i, j) => columns[j][i], a, fold);
          for (const members of membersOf(fold)) {
            const shown = all.filter((i) => !members.includes(i));
            const weights = solve(
              shown.map((i) => shown.map((l) => k(i, l))),
              shown.map((i) => z[i]),
            );
            for (const i of members) {
              const prediction = shown.reduce((sum, s, at) => sum + weights[at] * k(i, s), 0);
              expect(errors?.[i]).toBeCloseTo(z[i] - prediction, 8);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('are not told where a fold alone knows a part of the model', () => {
    // A smoother that predicts the first sample by itself: nothing is left to tell its error by.
    const entry = (i: number, j: number) => (i === 0 || j === 0 ? 0 : Number(i === j) - 0.25);
    expect(heldOutErrors(entry, Float64Array.of(0, 1, 2, 3, 4), Int32Array.of(0, 1, 2, 3, 4))).toBeNull();
  });

  test.each([
    ['linear', linear],
    ['radial basis functions', radialBasis],
    ['thin plate splines', thinPlateSpline],
  ] as const)('of %s are those of fitting again', (_, regressor) => {
    for (const [n, d, folds] of [
      [20, 3, 5],
      [33, 4, 5],
      [14, 2, 14],
    ]) {
      const { x, y } = drawSamples(n, d, n, (v) => 3 + Math.sin(4 * v[0]) + v[1] ** 2);
      const fold = foldsOf(n, folds, 1);
      const whole = regressor.fitHeldOut?.(x, y, n, d, 1, fold);
      expect(whole).toBeTruthy();
      refitted(regressor, x, y, d, fold).forEach((value, i) => {
        expect(whole?.predictions[i]).toBeCloseTo(value, 5);
      });
    }
  });

  test('of a Gaussian process are those of its posterior given the other folds', () => {
    const { x, y, n, d } = drawSamples(18, 2, 3, (v) => Math.sin(5 * v[0]) + v[1]);
    const { z } = standardise('test', x, y, n, d);
    const theta = Float64Array.of(-0.5, 0.3, 0.2, -5);
    const fold = foldsOf(n, 4, 2);
    const errors = posterior(x, z, n, d, theta).heldOutErrors(fold);
    const process: Regressor = {
      name: 'fixed',
      fit: (xs, zs, m, columns) => posterior(xs, zs, m, columns, theta).predictor,
    };
    refitted(process, x, z, d, fold).forEach((value, i) => {
      expect(errors?.[i]).toBeCloseTo(z[i] - value, 8);
    });
  });

  test('fall back to fitting again where samples coincide, or where columns outnumber samples', () => {
    const { x, y, n, d } = drawSamples(10, 2, 4, (v) => v[0]);
    const twice = Float64Array.from([...x, ...x]);
    const outputs = Float64Array.from([...y, ...y.map((value) => value + 1)]);
    expect(radialBasis.fitHeldOut?.(twice, outputs, 2 * n, d, 1, foldsOf(2 * n, 5, 1))).toBeNull();
    const wide = drawSamples(6, 9, 5, (v) => v[0]);
    expect(linear.fitHeldOut?.(wide.x, wide.y, 6, 9, 1, foldsOf(6, 5, 1))).toBeNull();
  });
});
