import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldsOf } from '../../src/surrogates/cross-validation.js';
import { gaussianProcess } from '../../src/surrogates/gaussian-process.js';
import { linear } from '../../src/surrogates/linear.js';
import { fitTransform, transformed, transformNames } from '../../src/surrogates/output-transform.js';
import { FitError } from '../../src/surrogates/regressor.js';
import { supportVector } from '../../src/surrogates/support-vector.js';
import { drawSamples, predictAll } from './samples.js';

const outputs = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 30 })
  .map((list) => Float64Array.from(list, (value) => Math.round(value * 1e3) / 1e3));

describe.each(transformNames)('the transform %s', (name) => {
  test('is undone by its inverse and keeps the order', () => {
    fc.assert(
      fc.property(outputs, (y) => {
        const transform = fitTransform(name, y, y.length);
        fc.pre(transform !== null);
        if (!transform) return;
        const span = Math.max(...y) - Math.min(...y);
        const sorted = [...new Set(y)].sort((a, b) => a - b);
        const bent = sorted.map((value) => transform.forward(value));
        bent.forEach((t, i) => {
          expect(Number.isFinite(t)).toBe(true);
          expect(Math.abs(transform.inverse(t) - sorted[i])).toBeLessThan(1e-9 * span);
          if (i > 0 && sorted[i] - sorted[i - 1] > 1e-9 * span) expect(t).toBeGreaterThan(bent[i - 1]);
        });
        const far = [-1e3, -30, -1, 0, 1, 30, 1e3].map((t) => transform.inverse(t));
        far.forEach((value, i) => {
          expect(value).not.toBeNaN();
          if (i > 0) expect(value).toBeGreaterThanOrEqual(far[i - 1]);
        });
      }),
    );
  });

  test('does not depend on the unit of the outputs', () => {
    const y = Float64Array.of(0.3, 0.1, 2.5, 0.7, 0.7, 9, 1.2);
    const here = fitTransform(name, y, 7);
    const there = fitTransform(
      name,
      y.map((value) => 40 * value - 1000),
      7,
    );
    for (const value of y)
      expect(there?.forward(40 * value - 1000)).toBeCloseTo(here?.forward(value) ?? 0, 9);
    expect(there?.inverse(0.3)).toBeCloseTo(40 * (here?.inverse(0.3) ?? 0) - 1000, 8);
  });

  test('is not to be had for less than three different outputs', () => {
    for (const y of [[], [4], [1, 2], [5, 5, 5, 5], [0, 1, 0, 1, 1]])
      expect(fitTransform(name, Float64Array.from(y), y.length)).toBeNull();
  });
});

describe('transforms', () => {
  test('draw in the longer tail by the logarithm, and go on straight beyond the shorter', () => {
    // Least 1, median 2: log1p(y - 1).
    const up = fitTransform('log', Float64Array.of(1, 1.5, 2, 5, 101), 5);
    expect(up?.forward(101)).toBeCloseTo(Math.log(101), 12);
    expect(up?.forward(2)).toBeCloseTo(Math.log(2), 12);
    expect(up?.forward(-2)).toBe(-3);
    expect(up?.inverse(-3)).toBe(-2);
    // The mirror image draws in the lower tail.
    const down = fitTransform('log', Float64Array.of(-1, -1.5, -2, -5, -101), 5);
    expect(down?.forward(-101)).toBeCloseTo(-Math.log(101), 12);
    expect(down?.forward(2)).toBe(3);
  });

  test('take the nearest other output for the unit of the logarithm when half of them are at the end', () => {
    const transform = fitTransform('log', Float64Array.of(0, 0, 0, 2, 14), 5);
    expect(transform?.forward(14)).toBeCloseTo(Math.log(8), 12);
  });

  test('keep bounded predictions within a tenth of the span beyond the outputs', () => {
    const transform = fitTransform('bounded', Float64Array.of(10, 20, 15), 3);
    expect(transform?.inverse(0)).toBeCloseTo(15, 12);
    expect(transform?.inverse(-800)).toBeCloseTo(9, 12);
    expect(transform?.inverse(800)).toBeCloseTo(21, 12);
  });

  test('put equal outputs on their mean rank', () => {
    // Ranks 1, 2.5, 2.5, 4 of 4: p = 1/8, 1/2, 1/2, 7/8.
    const transform = fitTransform('rank', Float64Array.of(7, 3, 3, 1), 4);
    expect(transform?.forward(1)).toBeCloseTo(-Math.log(7), 12);
    expect(transform?.forward(3)).toBeCloseTo(0, 12);
    expect(transform?.forward(7)).toBeCloseTo(Math.log(7), 12);
    expect(transform?.forward(2)).toBeCloseTo(-Math.log(7) / 2, 12);
    // Beyond, the mean slope: 6 units of output over 2 log 7.
    expect(transform?.inverse(2 * Math.log(7))).toBeCloseTo(10, 12);
  });
});

describe('a regressor of bent outputs', () => {
  test('tells outputs of many magnitudes better than the plain one', () => {
    const grow = (v: Float64Array) => Math.exp(6 * v[0] + 3 * v[1]);
    const { x, y, n, d } = drawSamples(40, 2, 1, grow);
    const far = drawSamples(100, 2, 2, grow);
    const relative = (out: Float64Array) =>
      out.reduce((sum, value, i) => sum + Math.abs(value - far.y[i]) / far.y[i], 0) / 100;
    const bent = relative(predictAll(transformed(gaussianProcess, 'log').fit(x, y, n, d, 1), far.x, 100));
    const plain = relative(predictAll(gaussianProcess.fit(x, y, n, d, 1), far.x, 100));
    expect(bent).toBeLessThan(0.5 * plain);
  });

  test('keeps the name, and has the closed forms of the plain one', () => {
    const bent = transformed(linear, 'rank');
    expect(bent.name).toBe('linear');
    const { x, y, n, d } = drawSamples(30, 2, 3, (v) => v[0] ** 3 + v[1]);
    const whole = bent.fitHeldOut?.(x, y, n, d, 1, foldsOf(n, 5, 1));
    expect(predictAll(whole!.predictor, x, n)).toEqual(predictAll(bent.fit(x, y, n, d, 1), x, n));
    expect(transformed(supportVector, 'rank').fitHeldOut).toBeUndefined();
  });

  test('carries the variance over by the slope', () => {
    const { x, y, n, d } = drawSamples(25, 1, 4, (v) => Math.exp(4 * v[0]) + 0.3 * Math.sin(1e6 * v[0]));
    const transform = fitTransform('log', y, n)!;
    const t = y.map((value) => transform.forward(value));
    const at = Float64Array.of(0.33, 0.71);
    const [mean, inner, out, outer] = Array.from({ length: 4 }, () => new Float64Array(2));
    gaussianProcess.fit(x, t, n, d, 1).predict(at, 2, mean, inner);
    transformed(gaussianProcess, 'log').fit(x, y, n, d, 1).predict(at, 2, out, outer);
    at.forEach((_, i) => {
      const slope = (transform.inverse(mean[i] + 1e-6) - transform.inverse(mean[i] - 1e-6)) / 2e-6;
      expect(out[i]).toBeCloseTo(transform.inverse(mean[i]), 12);
      expect(outer[i] / (inner[i] * slope ** 2)).toBeCloseTo(1, 5);
    });
  });

  test('refuses outputs with nothing to bend', () => {
    const { x, n, d } = drawSamples(12, 2, 5, () => 0);
    const step = Float64Array.from({ length: n }, (_, i) => i % 2);
    expect(() => transformed(linear, 'log').fit(x, step, n, d, 1)).toThrow(FitError);
    expect(() => transformed(linear, 'log').fit(x, step.with(3, Number.NaN), n, d, 1)).toThrow(FitError);
  });
});
