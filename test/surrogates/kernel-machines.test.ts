import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomOf } from '../../src/math/random.js';
import { medianSquare, squaredDistances } from '../../src/surrogates/gaussian-kernel.js';
import { kernelRidge, leastLeaveOneOut } from '../../src/surrogates/kernel-ridge.js';
import { supportVectorDual, TOLERANCE } from '../../src/surrogates/sequential-minimal-optimisation.js';
import { standardise } from '../../src/surrogates/standardised.js';
import { supportVector, trained } from '../../src/surrogates/support-vector.js';
import { drawSamples, meanSquare, predictAll } from './samples.js';

const wave = (v: Float64Array) => Math.sin(5 * v[0]) + v[1] ** 2;

describe('distances', () => {
  test('are squared, and their median passes over equal rows', () => {
    const squares = squaredDistances(Float64Array.of(0, 0, 3, 4, 0, 0, 0, 1), 4, 2);
    expect([...squares]).toEqual([0, 25, 0, 1, 25, 0, 25, 18, 0, 25, 0, 1, 1, 18, 1, 0]);
    expect(medianSquare(squares, 4)).toBe(18); // of 1, 1, 18, 25, 25
    expect(medianSquare(new Float64Array(9), 3)).toBe(1);
  });
});

describe('kernel ridge regression', () => {
  test('solves its system', () => {
    const { x, y, n, d } = drawSamples(25, 2, 1, wave);
    const { gamma, penalty, weights } = leastLeaveOneOut(x, y, n, d);
    for (let i = 0; i < n; i++) {
      let sum = penalty * weights[i];
      for (let j = 0; j < n; j++) {
        const square = (x[i * 2] - x[j * 2]) ** 2 + (x[i * 2 + 1] - x[j * 2 + 1]) ** 2;
        sum += weights[j] * Math.exp(-gamma * square);
      }
      expect(sum).toBeCloseTo(y[i], 8);
    }
  });

  test('tells the error of leaving one out that leaving one out gives', () => {
    const { x, y, n, d } = drawSamples(15, 2, 2, (v) => v[0] + 0.3 * Math.sin(1e6 * v[1]));
    const { gamma, penalty, error } = leastLeaveOneOut(x, y, n, d);
    let total = 0;
    for (let out = 0; out < n; out++) {
      const shown = Array.from({ length: n }, (_, i) => i).filter((i) => i !== out);
      const kernel = (i: number, j: number) =>
        Math.exp(-gamma * ((x[i * 2] - x[j * 2]) ** 2 + (x[i * 2 + 1] - x[j * 2 + 1]) ** 2));
      // Gauss-Seidel: the matrix is positive definite.
      const weights = shown.map(() => 0);
      for (let sweep = 0; sweep < 20_000; sweep++)
        shown.forEach((i, a) => {
          const rest = shown.reduce((sum, j, b) => (b === a ? sum : sum + weights[b] * kernel(i, j)), 0);
          weights[a] = (y[i] - rest) / (1 + penalty);
        });
      total += (y[out] - shown.reduce((sum, j, b) => sum + weights[b] * kernel(out, j), 0)) ** 2 / n;
    }
    expect(error).toBeCloseTo(total, 6);
  });

  test('takes a penalty for noise, and hardly any without', () => {
    const clean = drawSamples(40, 2, 3, wave);
    const random = randomOf(3, 'noise');
    const noisy = clean.y.map((value) => value + 0.5 * random.normal());
    expect(leastLeaveOneOut(clean.x, clean.y, 40, 2).penalty).toBeLessThan(1e-3);
    expect(leastLeaveOneOut(clean.x, noisy, 40, 2).penalty).toBeGreaterThan(1e-3);
  });

  test('tells hidden values of a smooth function', () => {
    const { x, y, n, d } = drawSamples(40, 2, 5, wave);
    const far = drawSamples(100, 2, 6, wave);
    expect(meanSquare(predictAll(kernelRidge.fit(x, y, n, d, 1), far.x, 100), far.y)).toBeLessThan(1e-3);
  });
});

describe('support vector regression', () => {
  test('of two samples is what can be worked out by hand', () => {
    // beta = (-b, b), and 1/2 beta'K beta - z'beta + epsilon |beta|_1 = (1 - k) b^2 - 2 (1 - epsilon) b is least at
    // b = (1 - epsilon) / (1 - k), or at the largest weight.
    const [k, epsilon] = [0.5, 0.2];
    const kernel = Float64Array.of(1, k, k, 1);
    const free = supportVectorDual(kernel, Float64Array.of(-1, 1), 2, 10, epsilon);
    expect(free.beta[1]).toBeCloseTo(1.6, 12);
    expect(free.beta[0]).toBeCloseTo(-1.6, 12);
    expect(free.bias).toBeCloseTo(0, 12);
    const bounded = supportVectorDual(kernel, Float64Array.of(-1, 1), 2, 0.7, epsilon);
    expect([...bounded.beta]).toEqual([-0.7, 0.7]);
  });

  test('of samples that fit in the tube is flat, in the middle of what the tube allows', () => {
    const kernel = Float64Array.of(1, 0.2, 0.1, 0.2, 1, 0.3, 0.1, 0.3, 1);
    const { beta, bias, converged } = supportVectorDual(kernel, Float64Array.of(0.1, 0.3, 0.2), 3, 5, 0.2);
    expect([...beta]).toEqual([0, 0, 0]);
    expect(bias).toBeCloseTo(0.2, 12);
    expect(converged).toBe(true);
  });

  test('meets the conditions of an optimum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.constantFrom(0.1, 1, 20, 500),
        fc.constantFrom(0, 0.01, 0.1, 0.5),
        fc.integer(),
        (n, c, epsilon, seed) => {
          const { x, y } = drawSamples(n, 2, seed, (v) => Math.sin(6 * v[0]) + 0.3 * Math.sin(1e6 * v[1]));
          const kernel = squaredDistances(x, n, 2).map((square) => Math.exp(-2 * square));
          const { beta, bias, converged } = supportVectorDual(kernel, y, n, c, epsilon);
          expect(converged).toBe(true);
          expect(Math.abs(beta.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9 * c * n);
          for (let i = 0; i < n; i++) {
            let value = bias;
            for (let j = 0; j < n; j++) value += beta[j] * kernel[i * n + j];
            const over = y[i] - value;
            const slack = TOLERANCE + 1e-9 * c * n;
            expect(Math.abs(beta[i])).toBeLessThanOrEqual(c);
            // Inside the tube there is no weight; past it, the largest; in between, the error is that of the tube.
            if (beta[i] < c) expect(over).toBeLessThan(epsilon + slack);
            if (beta[i] > -c) expect(over).toBeGreaterThan(-epsilon - slack);
            if (beta[i] > 0) expect(over).toBeGreaterThan(epsilon - slack);
            if (beta[i] < 0) expect(over).toBeLessThan(-epsilon + slack);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('stands samples in one place and a flat kernel', () => {
    const { beta, bias } = supportVectorDual(
      new Float64Array(16).fill(1),
      Float64Array.of(0, 1, 2, 3),
      4,
      2,
      0.1,
    );
    expect([...beta, bias].every(Number.isFinite)).toBe(true);
    expect(bias).toBeGreaterThan(0);
    expect(bias).toBeLessThan(3);
  });

  test('keeps most samples of a wide tube out of the model', () => {
    const { x, y, n, d } = drawSamples(30, 2, 7, wave);
    const { z } = standardise('test', x, y, n, d);
    const kernel = squaredDistances(x, n, d).map((square) => Math.exp(-2 * square));
    const { beta } = supportVectorDual(kernel, z, n, 10, 0.5);
    expect(beta.filter((value) => value !== 0).length).toBeLessThan(15);
    // Those left out may move as long as they stay in the tube.
    const moved = z.map((value, i) => (beta[i] === 0 ? value + 1e-6 : value));
    const model = { gamma: 2, c: 10, epsilon: 0.5 };
    const before = predictAll(trained(x, z, n, d, model), x, n);
    predictAll(trained(x, moved, n, d, model), x, n).forEach((value, i) => {
      expect(Math.abs(value - before[i])).toBeLessThan(5 * TOLERANCE);
    });
  });

  test('tells hidden values of a smooth function', () => {
    const { x, y, n, d } = drawSamples(50, 2, 8, wave);
    const far = drawSamples(100, 2, 9, wave);
    expect(meanSquare(predictAll(supportVector.fit(x, y, n, d, 1), far.x, 100), far.y)).toBeLessThan(2e-3);
  });
});
