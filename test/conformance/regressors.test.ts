import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { regressors } from '../../src/surrogates/catalogue.js';
import { crossValidate, foldsOf } from '../../src/surrogates/cross-validation.js';
import { mean } from '../../src/surrogates/mean.js';
import { FitError } from '../../src/surrogates/regressor.js';
import { drawSamples, meanSquare, predictAll } from '../surrogates/samples.js';

const smooth = (v: Float64Array) => 2 + Math.sin(3 * v[0]) + v[1] * v[2] + v[3] ** 2;
const smooth2 = (v: Float64Array) => Math.sin(6 * v[0]) + 2 * v[1] ** 2;
/** Of the variance of `smooth2` over the square, at most this share is missed by 80 samples. */
const EXPECTED: Readonly<Record<string, number>> = {
  linear: 0.5,
  ridge: 0.5,
  quadratic: 0.25,
  tree: 0.15,
  forest: 0.1,
  'nearest-neighbours': 0.1,
  'radial-basis': 1e-3,
  'thin-plate-spline': 0.01,
  'kernel-ridge': 1e-3,
  'support-vector': 2e-3,
  'gaussian-process': 1e-4,
};
const train = drawSamples(50, 4, 1, smooth);
const hidden = drawSamples(200, 4, 2, smooth);

/** Rows of two reals and a one-hot choice of three, as an encoding writes them. */
function oneHotSamples(n: number, seed: number) {
  const random = randomOf(seed, 'one-hot');
  const x = new Float64Array(n * 5);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const choice = random.integer(3);
    x.set([random.uniform(), random.uniform()], i * 5);
    x[i * 5 + 2 + choice] = 1;
    y[i] = x[i * 5] + choice * x[i * 5 + 1];
  }
  return { x, y, n, d: 5 };
}

test('the pool has eleven regressors, each of its own name', () => {
  expect(regressors.map(({ name }) => name)).toEqual([
    'linear',
    'ridge',
    'quadratic',
    'tree',
    'forest',
    'nearest-neighbours',
    'radial-basis',
    'thin-plate-spline',
    'kernel-ridge',
    'support-vector',
    'gaussian-process',
  ]);
});

describe.each([...regressors, mean].map((regressor) => ({ name: regressor.name, regressor })))(
  '$name',
  ({ name, regressor }) => {
    const { x, y, n, d } = train;

    test('predicts finite numbers, inside the unit cube and beyond', () => {
      const predictor = regressor.fit(x, y, n, d, 1);
      expect(predictAll(predictor, hidden.x, hidden.n).every(Number.isFinite)).toBe(true);
      const beyond = hidden.x.map((value) => 6 * value - 3);
      expect(predictAll(predictor, beyond, hidden.n).every(Number.isFinite)).toBe(true);
    });

    test('gives the same model for the same seed, bit for bit', () => {
      const first = regressor.fit(x, y, n, d, 7);
      const second = regressor.fit(x.slice(), y.slice(), n, d, 7);
      expect(predictAll(second, hidden.x, hidden.n)).toEqual(predictAll(first, hidden.x, hidden.n));
    });

    test('does not change the samples, and keeps no hold on them', () => {
      const [ownX, ownY] = [x.slice(), y.slice()];
      const predictor = regressor.fit(ownX, ownY, n, d, 1);
      expect(ownX).toEqual(x);
      expect(ownY).toEqual(y);
      const before = predictAll(predictor, hidden.x, hidden.n);
      ownX.fill(0.5);
      ownY.fill(9);
      expect(predictAll(predictor, hidden.x, hidden.n)).toEqual(before);
    });

    test.each([0, -3.7, 0.1, 1e200])('learns the constant %d exactly, with variance 0', (value) => {
      const predictor = regressor.fit(x, new Float64Array(n).fill(value), n, d, 1);
      const out = new Float64Array(3);
      const variance = new Float64Array(3).fill(5);
      predictor.predict(hidden.x, 3, out, variance);
      expect([...out]).toEqual([value, value, value]);
      expect(predictor.hasVariance).toBe(true);
      expect([...variance]).toEqual([0, 0, 0]);
    });

    test('learns from a single sample its output', () => {
      const predictor = regressor.fit(x.subarray(0, d), Float64Array.of(4.5), 1, d, 1);
      expect([...predictAll(predictor, hidden.x, 2)]).toEqual([4.5, 4.5]);
    });

    test('refuses no sample at all and samples that are not finite, by a FitError with its name', () => {
      for (const [badX, badY, count] of [
        [new Float64Array(0), new Float64Array(0), 0],
        [x.with(3, Number.NaN), y, n],
        [x, y.with(2, Number.POSITIVE_INFINITY), n],
      ] as const) {
        try {
          regressor.fit(badX, badY, count, d, 1);
          expect.unreachable();
        } catch (error) {
          expect(error).toBeInstanceOf(FitError);
          expect((error as FitError).regressor).toBe(name);
        }
      }
    });

    test('stands every sample given twice, with equal and with different outputs', () => {
      const twice = Float64Array.from([...x, ...x]);
      for (const shift of [0, 0.3]) {
        const outputs = Float64Array.from([...y, ...y.map((value) => value + shift)]);
        const out = predictAll(regressor.fit(twice, outputs, 2 * n, d, 1), hidden.x, hidden.n);
        expect(out.every((value) => Math.abs(value) < 20)).toBe(true);
      }
    });

    test.each([1e-300, 1e300, 1.5e308])('predicts finite numbers from outputs of the size of %d', (size) => {
      const outputs = y.map((_, i) => size * Math.sin(i));
      const out = predictAll(regressor.fit(x, outputs, n, d, 1), hidden.x, hidden.n);
      expect(out.every(Number.isFinite)).toBe(true);
    });

    test('stands all samples in one place', () => {
      const place = Float64Array.from({ length: 6 * d }, () => 0.5);
      const outputs = Float64Array.of(1, 2, 3, 4, 5, 6);
      const predictor = regressor.fit(place, outputs, 6, d, 1);
      expect(predictAll(predictor, place, 6).every((value) => value >= 1 && value <= 6)).toBe(true);
    });

    test.each([2, 3, 4, 6])('learns from %i samples of 12 columns, or says why not', (count) => {
      const few = drawSamples(count, 12, 3, (v) => v[0] + v[1]);
      try {
        const out = predictAll(
          regressor.fit(few.x, few.y, count, 12, 1),
          drawSamples(20, 12, 4, () => 0).x,
          20,
        );
        expect(out.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(FitError);
      }
    });

    test('stands one-hot and constant columns', () => {
      const { x: rows, y: outputs } = oneHotSamples(40, 5);
      const padded = Float64Array.from({ length: 40 * 6 }, (_, at) =>
        at % 6 === 5 ? 0.25 : rows[Math.floor(at / 6) * 5 + (at % 6)],
      );
      const predictor = regressor.fit(padded, outputs, 40, 6, 1);
      expect(predictAll(predictor, padded, 40).every((value) => value > -2 && value < 5)).toBe(true);
    });

    test('follows an affine change of the outputs', () => {
      const before = predictAll(regressor.fit(x, y, n, d, 1), hidden.x, hidden.n);
      const moved = y.map((value) => 1000 - 50 * value);
      const after = predictAll(regressor.fit(x, moved, n, d, 1), hidden.x, hidden.n);
      // Trees may break ties between equally good splits the other way: compare the bulk of the predictions.
      const off = Array.from(after, (value, i) => Math.abs((1000 - value) / 50 - before[i])).sort(
        (a, b) => a - b,
      );
      // The solver of the support vectors is stopped early, and not at the same place from the other side.
      expect(off[Math.floor(hidden.n * 0.95)]).toBeLessThan(name === 'support-vector' ? 0.02 : 1e-4);
    });

    test('predicts a batch as it predicts the rows one by one, and leaves the rest of the output alone', () => {
      const predictor = regressor.fit(x, y, n, d, 1);
      const batch = new Float64Array(60).fill(-77);
      predictor.predict(hidden.x, 50, batch);
      expect([...batch.subarray(50)]).toEqual(new Array(10).fill(-77));
      const one = new Float64Array(1);
      for (let i = 0; i < 50; i++) {
        predictor.predict(hidden.x.subarray(i * d, i * d + d), 1, one);
        expect(one[0]).toBe(batch[i]);
      }
    });

    test('leaves the variance alone unless it has one', () => {
      const predictor = regressor.fit(x, y, n, d, 1);
      const variance = new Float64Array(5).fill(-1);
      predictor.predict(hidden.x, 5, new Float64Array(5), variance);
      expect(predictor.hasVariance).toBe(name === 'gaussian-process');
      expect(variance.every((value) => (predictor.hasVariance ? value >= 0 : value === -1))).toBe(true);
    });
  },
);

describe.each(regressors.map((regressor) => ({ name: regressor.name, regressor })))(
  '$name',
  ({ regressor }) => {
    const { x, y, n, d } = train;
    const variance = meanSquare(hidden.y, new Float64Array(hidden.n).fill(y.reduce((a, b) => a + b) / n));

    test('tells hidden values of a smooth function better than the mean does', () => {
      const out = predictAll(regressor.fit(x, y, n, d, 1), hidden.x, hidden.n);
      expect(meanSquare(out, hidden.y)).toBeLessThan(0.75 * variance);
    });

    test('sees a step from 0 to 1', () => {
      const step = drawSamples(40, 3, 6, (v) => (v[1] < 0.5 ? 0 : 1));
      const far = drawSamples(100, 3, 7, (v) => (v[1] < 0.5 ? 0 : 1));
      const out = predictAll(regressor.fit(step.x, step.y, 40, 3, 1), far.x, 100);
      const right = out.filter((value, i) => value > 0.5 === (far.y[i] === 1)).length;
      expect(right).toBeGreaterThanOrEqual(80);
    });

    test('is cross-validated on few samples without a failure', () => {
      const few = drawSamples(8, 4, 8, smooth);
      const [{ predictions, error }] = crossValidate([regressor], few.x, few.y, 8, 4, { seed: 1 });
      expect(error).toBeUndefined();
      expect(predictions?.every(Number.isFinite)).toBe(true);
    });

    test('tells held-out predictions together with the very model of fit, or none', () => {
      for (const folds of [5, n]) {
        const whole = regressor.fitHeldOut?.(x, y, n, d, 3, foldsOf(n, folds, 2));
        if (!whole) continue;
        expect(whole.predictions).toHaveLength(n);
        expect(predictAll(whole.predictor, hidden.x, 20)).toEqual(
          predictAll(regressor.fit(x, y, n, d, 3), hidden.x, 20),
        );
      }
    });

    test.each([5, 'leave-one-out' as const])(
      'is not shown what it is to tell: of noise nothing, %s',
      (folds) => {
        const noise = drawSamples(40, 2, 9, (v) => Math.sin(1e6 * v[0]));
        const [{ predictions }] = crossValidate([regressor], noise.x, noise.y, 40, 2, { seed: 1, folds });
        const noiseVariance = meanSquare(
          noise.y,
          new Float64Array(40).fill(noise.y.reduce((a, b) => a + b) / 40),
        );
        expect(meanSquare(predictions!, noise.y)).toBeGreaterThan(0.8 * noiseVariance);
      },
    );

    test('is cross-validated about as well as it tells fresh samples', () => {
      const wide = drawSamples(80, 4, 10, smooth);
      const fresh = predictAll(regressor.fit(wide.x, wide.y, 80, 4, 1), hidden.x, hidden.n);
      for (const folds of [5, 'leave-one-out'] as const) {
        const [{ predictions }] = crossValidate([regressor], wide.x, wide.y, 80, 4, { seed: 1, folds });
        const ratio = meanSquare(predictions!, wide.y) / meanSquare(fresh, hidden.y);
        expect(ratio).toBeGreaterThan(0.4);
        expect(ratio).toBeLessThan(4);
      }
    });

    test('tells a smooth function of few variables to the share of its variance that is expected of it', () => {
      const few = drawSamples(80, 2, 11, smooth2);
      const far = drawSamples(300, 2, 12, smooth2);
      const out = predictAll(regressor.fit(few.x, few.y, 80, 2, 1), far.x, 300);
      const spread = meanSquare(far.y, new Float64Array(300).fill(far.y.reduce((a, b) => a + b) / 300));
      expect(meanSquare(out, far.y) / spread).toBeLessThan(EXPECTED[regressor.name]);
    });

    test('stays within the outputs where it says that it only averages them', () => {
      if (!regressor.averages) return;
      const out = predictAll(regressor.fit(x, y, n, d, 1), hidden.x, hidden.n);
      const [low, high] = [Math.min(...y), Math.max(...y)];
      expect(out.every((value) => value >= low - 1e-9 && value <= high + 1e-9)).toBe(true);
    });

    test('stands columns of a choice with and without knowing that they belong together', () => {
      const { x: rows, y: outputs, n: count } = oneHotSamples(40, 6);
      const variable = Int32Array.of(0, 1, 2, 2, 2);
      for (const known of [undefined, variable]) {
        const out = predictAll(regressor.fit(rows, outputs, count, 5, 1, known), rows, count);
        expect(meanSquare(out, outputs)).toBeLessThan(0.4);
      }
    });
  },
);
