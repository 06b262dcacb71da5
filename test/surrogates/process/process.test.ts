import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/index.js';
import { EXACT, familyOf, NOISY } from '../../../src/surrogates/auto/hyper-parameters.js';
import { type Covariance, gaussian, matern } from '../../../src/surrogates/process/covariance.js';
import {
  densityOf,
  type HyperParameters,
  type NoisePrior,
  noiseOf,
  pairwiseSquares,
} from '../../../src/surrogates/process/density.js';
import { mostProbable } from '../../../src/surrogates/process/most-probable.js';
import { conditioned } from '../../../src/surrogates/process/process.js';

const n = 12;
const d = 2;
const random = randomOf('process');
const x = Float64Array.from({ length: n * d }, () => random.uniform());
const z = Float64Array.from({ length: n }, (_, i) => Math.sin(5 * x[2 * i]) + x[2 * i + 1] ** 2 - 0.3);
const theta = Float64Array.of(Math.log(0.5), Math.log(0.9), Math.log(1.3), Math.log(1e-6), -0.5);
const noise = noiseOf(theta, d, EXACT);
const variance = new Float64Array(1);

/** The density with an additive share. */
const densityAt = (
  at: Float64Array,
  outputs: Float64Array,
  columns: number,
  covariance: Covariance,
  prior: NoisePrior,
) =>
  densityOf(
    pairwiseSquares(at, outputs.length, [...Array(columns).keys()]),
    outputs,
    outputs.length,
    columns,
    familyOf(covariance, prior),
  );
const search = { followed: 1, iterations: 50, tolerance: 1e-3 };

describe('a Gaussian process given samples', () => {
  it('has the mean and variance of the normal distribution by hand, for one sample', () => {
    // One sample z = 2 at 0, signal 1, noise 1e-8 + 1: mean k z / 2, variance 1 - k^2 / 2.
    const one = conditioned(
      Float64Array.of(0),
      Float64Array.of(2),
      1,
      1,
      gaussian,
      Float64Array.of(0, 0, 0, -40),
      1 + 1e-8,
      0,
    );
    const k = Math.exp(-0.5 * 0.7 ** 2);
    expect(one.moments(Float64Array.of(0.7), variance)).toBeCloseTo(k, 7);
    expect(variance[0]).toBeCloseTo(1 - (k * k) / 2, 7);
  });

  it('passes through samples without noise, and is sure of them', () => {
    for (const covariance of [matern, gaussian]) {
      const process = conditioned(x, z, n, d, covariance, theta, noise, 0);
      for (let i = 0; i < n; i++) {
        expect(process.moments(x.subarray(2 * i, 2 * i + 2), variance)).toBeCloseTo(z[i], 2);
        expect(variance[0]).toBeLessThan(1e-5);
      }
    }
  });

  it('believes a point as if its mean had been measured', () => {
    const at = Float64Array.of(0.37, 0.61);
    for (const covariance of [matern, gaussian]) {
      const believer = conditioned(x, z, n, d, covariance, theta, noise, 1);
      const believed = believer.mean(at);
      believer.believe(at);
      const measured = conditioned(
        Float64Array.of(...x, ...at),
        Float64Array.of(...z, believed),
        n + 1,
        d,
        covariance,
        theta,
        noise,
        0,
      );
      const other = new Float64Array(1);
      for (let i = 0; i < 20; i++) {
        const point = Float64Array.of(random.uniform(), random.uniform());
        expect(believer.moments(point, variance)).toBeCloseTo(measured.moments(point, other), 6);
        expect(variance[0]).toBeCloseTo(other[0], 6);
      }
    }
  });

  it('without an additive share is the one with next to none', () => {
    const joint = theta.slice(0, d + 2);
    const nearly: HyperParameters = Float64Array.of(...joint, -40);
    const point = Float64Array.of(0.3, 0.8);
    const other = new Float64Array(1);
    for (const covariance of [matern, gaussian]) {
      const [a, b] = [joint, nearly].map((at) => conditioned(x, z, n, d, covariance, at, noise, 0));
      expect(a.moments(point, variance)).toBeCloseTo(b.moments(point, other), 9);
      expect(variance[0]).toBeCloseTo(other[0], 9);
      const density = densityAt(x, z, d, covariance, EXACT);
      // They differ by the prior of the log odds.
      const [ga, gb] = [new Float64Array(d + 2), new Float64Array(d + 3)];
      expect(density(joint, ga)).toBeCloseTo(density(nearly, gb) - 40 ** 2 / 4, 7);
      ga.forEach((slope, j) => {
        expect(slope / gb[j]).toBeCloseTo(1, 6);
      });
    }
  });

  it('predicts from any place of a list of points', () => {
    const process = conditioned(x, z, n, d, matern, theta, noise, 0);
    expect(process.mean(x, 2 * d)).toBe(process.mean(x.slice(2 * d, 3 * d)));
    expect(process.moments(x, variance, 2 * d)).toBe(process.mean(x, 2 * d));
  });

  it('survives samples at one place', () => {
    const twice = conditioned(
      Float64Array.of(...x, ...x),
      Float64Array.of(...z, ...z),
      2 * n,
      d,
      gaussian,
      theta,
      noise,
      2,
    );
    const at = x.subarray(0, 2);
    expect(twice.moments(at, variance)).toBeCloseTo(z[0], 1);
    twice.believe(at);
    twice.believe(at);
    expect(Number.isFinite(twice.moments(at, variance))).toBe(true);
    expect(variance[0]).toBeGreaterThan(0);
  });
});

describe('the density of hyper-parameters', () => {
  it('has the gradient of its differences, additive share and all', () => {
    for (const covariance of [matern, gaussian])
      for (const noise of [EXACT, NOISY]) {
        const density = densityAt(x, z, d, covariance, noise);
        const at = Float64Array.of(-0.4, 0.3, 0.2, -5, 0.4);
        const gradient = new Float64Array(5);
        const value = density(at, gradient);
        expect(density(at)).toBeCloseTo(value, 10);
        for (let j = 0; j < 5; j++) {
          const h = 1e-5;
          const up = at.map((v, i) => v + h * Number(i === j));
          const down = at.map((v, i) => v - h * Number(i === j));
          expect(gradient[j]).toBeCloseTo((density(up) - density(down)) / (2 * h), 4);
        }
      }
  });

  it('is that of a normal distribution, for one sample', () => {
    // -log N(z; 0, s + noise) but for log(2 pi) / 2, and the prior.
    const density = densityAt(Float64Array.of(0.5), Float64Array.of(1.5), 1, matern, NOISY);
    const [length, signal, noise] = [0.1, 0.4, -3];
    const total = Math.exp(signal) + Math.exp(noise) + 1e-8;
    const prior =
      (length - (Math.SQRT2 - 1.5)) ** 2 / 6 +
      signal ** 2 / 8 +
      (noise - NOISY.centre) ** 2 / (2 * NOISY.deviation ** 2);
    expect(density(Float64Array.of(length, signal, noise, 0))).toBeCloseTo(
      1.5 ** 2 / (2 * total) + 0.5 * Math.log(total) + prior,
      10,
    );
  });

  it('is largest where the search ends', () => {
    const start = Float64Array.of(0, 0, 0, EXACT.centre, 0);
    const density = densityAt(x, z, d, matern, EXACT);
    const { theta: best, value } = mostProbable(density, [start], search);
    expect(density(best)).toBeCloseTo(value, 8);
    for (let j = 0; j < 5; j++)
      for (const step of [-0.1, 0.1])
        expect(density(best.map((v, i) => v + step * Number(i === j)))).toBeGreaterThan(value - 1e-3);
  });

  it('finds noise where there is some, and none where there is none', () => {
    const count = 40;
    const at = Float64Array.from({ length: count }, () => random.uniform());
    const clean = at.map((v) => Math.sin(6 * v));
    const rough = clean.map((v) => v + 0.3 * random.normal());
    const noiseIn = (outputs: Float64Array) =>
      noiseOf(
        mostProbable(
          densityAt(at, outputs, 1, matern, NOISY),
          [Float64Array.of(-1, 0, NOISY.centre, 0)],
          search,
        ).theta,
        1,
        NOISY,
      );
    expect(noiseIn(clean)).toBeLessThan(1e-4);
    const noise = noiseIn(rough);
    expect(noise).toBeGreaterThan(0.04);
    expect(noise).toBeLessThan(0.2);
  });
});
