import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimise } from '../../src/math/quasi-newton.js';
import { randomOf } from '../../src/math/random.js';
import { gaussianProcess, posterior } from '../../src/surrogates/gaussian-process.js';
import { FAMILY, likelihoodOf, mostProbable } from '../../src/surrogates/marginal-likelihood.js';
import { standardise } from '../../src/surrogates/standardised.js';
import { drawSamples, predictAll } from './samples.js';

const matern = (distance: number, length: number, signal: number) => {
  const a = (Math.sqrt(5) * Math.abs(distance)) / length;
  return signal * (1 + a + (a * a) / 3) * Math.exp(-a);
};

describe('the posterior', () => {
  test('of two samples on a line is what the formula for 2 x 2 matrices gives', () => {
    const [length, signal, excess] = [0.4, 2, 0.1];
    const theta = Float64Array.of(Math.log(length), Math.log(signal), Math.log(excess));
    const x = Float64Array.of(0.2, 0.7);
    const z = Float64Array.of(1, -1.5);
    const { predictor } = posterior(x, z, 2, 1, theta);
    const diagonal = signal + excess + FAMILY.noise.least;
    const off = matern(0.5, length, signal);
    const determinant = diagonal ** 2 - off ** 2;
    const out = new Float64Array(3);
    const variance = new Float64Array(3);
    const at = Float64Array.of(0, 0.2, 0.55);
    predictor.predict(at, 3, out, variance);
    at.forEach((point, i) => {
      const [k0, k1] = [matern(point - 0.2, length, signal), matern(point - 0.7, length, signal)];
      const [a0, a1] = [
        (diagonal * z[0] - off * z[1]) / determinant,
        (diagonal * z[1] - off * z[0]) / determinant,
      ];
      expect(out[i]).toBeCloseTo(k0 * a0 + k1 * a1, 12);
      const explained = (diagonal * (k0 * k0 + k1 * k1) - 2 * off * k0 * k1) / determinant;
      expect(variance[i]).toBeCloseTo(signal - explained, 12);
    });
  });

  test('far from all samples is the prior: mean of the outputs, variance of the signal', () => {
    const theta = Float64Array.of(Math.log(0.01), Math.log(2.5), Math.log(1e-4));
    const out = new Float64Array(1);
    const variance = new Float64Array(1);
    posterior(Float64Array.of(0, 0.1), Float64Array.of(1, -1), 2, 1, theta).predictor.predict(
      Float64Array.of(50),
      1,
      out,
      variance,
    );
    expect(out[0]).toBeCloseTo(0, 12);
    expect(variance[0]).toBeCloseTo(2.5, 12);
  });
});

describe('the likelihood', () => {
  test('of two samples is the density of the bivariate normal, times the prior', () => {
    const z = Float64Array.of(0.7, -0.7);
    const likelihood = likelihoodOf(Float64Array.of(0.2, 0.7), z, 2, 1);
    const at = (length: number, signal: number, excess: number) => {
      const [diagonal, off] = [signal + excess + FAMILY.noise.least, matern(0.5, length, signal)];
      const determinant = diagonal ** 2 - off ** 2;
      const quadratic = (diagonal * (z[0] ** 2 + z[1] ** 2) - 2 * off * z[0] * z[1]) / determinant;
      const prior =
        (Math.log(length) - Math.SQRT2) ** 2 / 6 +
        Math.log(signal) ** 2 / 8 +
        (Math.log(excess) + 6) ** 2 / 18;
      return 0.5 * (quadratic + Math.log(determinant)) + prior;
    };
    for (const [length, signal, excess] of [
      [0.3, 1, 0.01],
      [2, 0.5, 0.2],
    ])
      expect(likelihood.evaluate(Float64Array.of(length, signal, excess).map(Math.log))).toBeCloseTo(
        at(length, signal, excess),
        10,
      );
  });

  test('has the gradient that finite differences give', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 15 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        (n, d, seed) => {
          const { x, y } = drawSamples(n, d, seed, (v) => Math.sin(5 * v[0]) + v[d - 1]);
          const { z } = standardise('test', x, y, n, d);
          const { evaluate } = likelihoodOf(x, z, n, d);
          const random = randomOf(seed, 'theta');
          const theta = Float64Array.from(
            { length: d + 2 },
            (_, j) => random.normal() - (j === d + 1 ? 3 : 0),
          );
          const gradient = new Float64Array(d + 2);
          evaluate(theta, gradient);
          for (let j = 0; j < d + 2; j++) {
            const h = 1e-5;
            const difference =
              (evaluate(theta.with(j, theta[j] + h)) - evaluate(theta.with(j, theta[j] - h))) / (2 * h);
            expect(Math.abs(gradient[j] - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is highest, among many random hyper-parameters, at those found', () => {
    for (const seed of [1, 2, 3]) {
      const { x, y, n, d } = drawSamples(25, 2, seed, (v) => Math.sin(6 * v[0]) + 0.2 * Math.sin(1e6 * v[1]));
      const { z } = standardise('test', x, y, n, d);
      const { evaluate } = likelihoodOf(x, z, n, d);
      const found = evaluate(mostProbable(x, z, n, d));
      const random = randomOf(seed, 'search');
      for (let k = 0; k < 2000; k++) {
        const theta = Float64Array.of(
          4 * random.normal(),
          4 * random.normal(),
          2 * random.normal(),
          -5 + 4 * random.normal(),
        );
        expect(evaluate(theta)).toBeGreaterThan(found - 0.1);
      }
    }
  });
});

describe('the process', () => {
  test('follows a smooth function closely and says that it does', () => {
    const wave = (v: Float64Array) => Math.sin(4 * v[0]) + v[1] ** 2;
    const { x, y, n, d } = drawSamples(40, 2, 5, wave);
    const far = drawSamples(100, 2, 6, wave);
    const out = new Float64Array(100);
    const variance = new Float64Array(100);
    gaussianProcess.fit(x, y, n, d, 1).predict(far.x, 100, out, variance);
    const within = out.filter(
      (value, i) => Math.abs(value - far.y[i]) <= 3 * Math.sqrt(variance[i]) + 1e-3,
    ).length;
    expect(within).toBeGreaterThan(90);
    for (let i = 0; i < 100; i++) expect(Math.abs(out[i] - far.y[i])).toBeLessThan(0.1);
  });

  test('does not pass through noise', () => {
    const noisy = (v: Float64Array) => v[0] + 0.5 * Math.sin(1e7 * v[0]);
    const { x, y, n, d } = drawSamples(60, 1, 7, noisy);
    const out = predictAll(gaussianProcess.fit(x, y, n, d, 1), Float64Array.of(0.1, 0.5, 0.9), 3);
    [0.1, 0.5, 0.9].forEach((value, i) => {
      expect(Math.abs(out[i] - value)).toBeLessThan(0.35);
    });
  });

  test('gives a column without influence a longer length scale', () => {
    const { x, y, n, d } = drawSamples(60, 2, 8, (v) => Math.sin(8 * v[0]));
    const { z } = standardise('test', x, y, n, d);
    const theta = mostProbable(x, z, n, d);
    expect(theta[1] - theta[0]).toBeGreaterThan(1);
  });

  test('scales its variance with the square of the unit', () => {
    const { x, y, n, d } = drawSamples(20, 2, 9, (v) => v[0] * v[1]);
    const [a, b, out] = [new Float64Array(5), new Float64Array(5), new Float64Array(5)];
    const at = drawSamples(5, 2, 10, () => 0).x;
    gaussianProcess.fit(x, y, n, d, 1).predict(at, 5, out, a);
    gaussianProcess
      .fit(
        x,
        y.map((value) => 7 * value - 2),
        n,
        d,
        1,
      )
      .predict(at, 5, out, b);
    a.forEach((value, i) => {
      expect(b[i] / value).toBeCloseTo(49, 2);
    });
  });
});

describe('a choice', () => {
  // One real and a choice of three; the columns of the choice are one variable.
  const variable = Int32Array.of(4, 7, 7, 7);
  const random = randomOf(3, 'choices');
  const n = 24;
  const x = new Float64Array(4 * n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const value = random.integer(3);
    x[4 * i] = random.uniform();
    x[4 * i + 1 + value] = 1;
    y[i] = Math.sin(4 * x[4 * i]) + [0, 2, 0.5][value];
  }
  const { z } = standardise('test', x, y, n, 4);

  test('has one length scale, for the distance 1 of unlike values', () => {
    const likelihood = likelihoodOf(x, z, n, 4, variable);
    expect(likelihood.d).toBe(2);
    // Columns of the choice, told apart, with the scale that puts unlike values as far apart.
    const whole = likelihoodOf(x, z, n, 4);
    const [a, b] = [-0.4, 0.7];
    const far = b + Math.LN2 / 2;
    const difference = (signal: number) =>
      likelihood.evaluate(Float64Array.of(a, b, signal, -4)) -
      whole.evaluate(Float64Array.of(a, far, far, far, signal, -4));
    // The priors differ, but not with the signal.
    expect(difference(0.3)).toBeCloseTo(difference(-0.8), 8);
    const theta = mostProbable(x, z, n, 4, variable);
    expect(theta).toHaveLength(6);
    expect(theta[2]).toBe(theta[1]);
    expect(theta[3]).toBe(theta[1]);
  });

  test('has the gradient that finite differences give', () => {
    const { evaluate } = likelihoodOf(x, z, n, 4, variable);
    const theta = Float64Array.of(-0.3, 0.4, 0.2, -3);
    const gradient = new Float64Array(4);
    evaluate(theta, gradient);
    for (let j = 0; j < 4; j++) {
      const h = 1e-5;
      const slope = (evaluate(theta.with(j, theta[j] + h)) - evaluate(theta.with(j, theta[j] - h))) / (2 * h);
      expect(gradient[j]).toBeCloseTo(slope, 4);
    }
  });

  test('may name its values in any order', () => {
    const renamed = x.slice();
    for (let i = 0; i < n; i++) renamed.set([x[4 * i + 3], x[4 * i + 1], x[4 * i + 2]], 4 * i + 1);
    const out = predictAll(gaussianProcess.fit(x, y, n, 4, 1, variable), x, n);
    const again = predictAll(gaussianProcess.fit(renamed, y, n, 4, 1, variable), renamed, n);
    for (let i = 0; i < n; i++) expect(again[i]).toBeCloseTo(out[i], 6);
  });
});

describe('minimise', () => {
  const options = { iterations: 200, tolerance: 1e-14, reach: 2 };

  test('finds the minimum of the Rosenbrock function', () => {
    const { x } = minimise(
      ([a, b], gradient) => {
        gradient.set([-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a)]);
        return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
      },
      Float64Array.of(-1.2, 1),
      options,
    );
    expect(x[0]).toBeCloseTo(1, 4);
    expect(x[1]).toBeCloseTo(1, 4);
  });

  test('backs off from where there is no value', () => {
    const { x } = minimise(
      ([a], gradient) => {
        gradient[0] = 1 - 1 / a;
        return a > 0 ? a - Math.log(a) : Number.NaN;
      },
      Float64Array.of(0.01),
      options,
    );
    expect(x[0]).toBeCloseTo(1, 4);
  });

  test('stays where it started when the start has no value', () => {
    const { x, value } = minimise(() => Number.POSITIVE_INFINITY, Float64Array.of(3), options);
    expect([x[0], value]).toEqual([3, Number.POSITIVE_INFINITY]);
  });
});
