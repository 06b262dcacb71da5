import { describe, expect, it } from 'vitest';
import { hypervolume, randomOf } from '../../../src/index.js';
import { decomposeWithin } from '../../../src/surrogates/auto/box-decomposition.js';
import {
  createImprovementScratch,
  logExpectedHypervolumeImprovement,
} from '../../../src/surrogates/auto/expected-hypervolume-improvement.js';
import { logWarping, noWarping, type Warping } from '../../../src/surrogates/auto/output-warping.js';

function logImprovement(
  front: readonly (readonly number[])[],
  reference: readonly number[],
  mean: readonly number[],
  deviation: readonly number[],
  warpings: readonly Warping[] = mean.map(() => noWarping),
): number {
  const boxes = decomposeWithin(front, reference, Number.POSITIVE_INFINITY);
  return logExpectedHypervolumeImprovement(
    boxes,
    warpings,
    Float64Array.from(mean),
    Float64Array.from(deviation),
    new Float64Array(mean.length).fill(1),
    createImprovementScratch(boxes),
  );
}

/** The mean of the improvement over samples, and its standard error. */
function simulated(
  front: readonly (readonly number[])[],
  reference: readonly number[],
  mean: readonly number[],
  deviation: readonly number[],
  warpings: readonly Warping[] = mean.map(() => noWarping),
) {
  const random = randomOf('improvement', ...mean);
  const before = hypervolume(front.flat(), front.length, reference);
  const samples = 40_000;
  let sum = 0;
  let square = 0;
  for (let s = 0; s < samples; s++) {
    const y = mean.map((mu, j) => warpings[j].unwarp(mu + deviation[j] * random.normal()));
    const gain = hypervolume([...front.flat(), ...y], front.length + 1, reference) - before;
    sum += gain;
    square += gain * gain;
  }
  const average = sum / samples;
  return { average, error: Math.sqrt((square / samples - average ** 2) / samples) };
}

const triangle = [
  [0.1, 0.9],
  [0.4, 0.45],
  [0.8, 0.2],
];

describe('the expected hypervolume improvement', () => {
  it('is the improvement itself where nothing is uncertain', () => {
    // (0.2, 0.3) in the box to (1, 1): 0.2 x 0.6 left of 0.4, 0.4 x 0.15 left of 0.8.
    const value = logImprovement(triangle, [1, 1], [0.2, 0.3], [1e-9, 1e-9]);
    expect(Math.exp(value)).toBeCloseTo(0.2 * 0.6 + 0.4 * 0.15, 8);
  });

  it('is the product of two expected improvements where nothing was measured', () => {
    // E[max(0, 1 - N(1, s))] = s / sqrt(2 pi).
    const value = logImprovement([], [1, 1], [1, 1], [0.3, 0.7]);
    expect(Math.exp(value)).toBeCloseTo((0.3 * 0.7) / (2 * Math.PI), 12);
  });

  it('is the classic expected improvement for one objective', () => {
    const value = logImprovement([[0.5], [0.2]], [1], [0.2], [0.1]);
    expect(Math.exp(value)).toBeCloseTo(0.1 / Math.sqrt(2 * Math.PI), 12);
  });

  it('agrees with simulation in two, three and four objectives', () => {
    const cases: [number[][], number[], number[], number[]][] = [
      [triangle, [1, 1], [0.3, 0.5], [0.2, 0.1]],
      [triangle, [1, 1], [0.9, 0.95], [0.3, 0.4]],
      [
        [
          [0.2, 0.5, 0.7],
          [0.6, 0.3, 0.4],
          [0.4, 0.8, 0.1],
        ],
        [1, 1, 1],
        [0.4, 0.4, 0.4],
        [0.2, 0.3, 0.1],
      ],
      [
        [
          [0.2, 0.5, 0.7, 0.4],
          [0.6, 0.3, 0.4, 0.2],
          [0.4, 0.8, 0.1, 0.7],
          [0.7, 0.1, 0.3, 0.9],
        ],
        [1, 1, 1, 1],
        [0.4, 0.3, 0.4, 0.5],
        [0.2, 0.3, 0.1, 0.3],
      ],
    ];
    for (const [front, reference, mean, deviation] of cases) {
      const { average, error } = simulated(front, reference, mean, deviation);
      expect(Math.abs(Math.exp(logImprovement(front, reference, mean, deviation)) - average)).toBeLessThan(
        5 * error,
      );
    }
  });

  it('agrees with simulation where an objective is lognormal', () => {
    const warpings = [noWarping, logWarping(-0.5, 0.4)];
    const mean = [0.3, 1.1];
    const { average, error } = simulated(triangle, [1, 1], mean, [0.2, 0.4], warpings);
    const value = Math.exp(logImprovement(triangle, [1, 1], mean, [0.2, 0.4], warpings));
    expect(Math.abs(value - average)).toBeLessThan(5 * error);
  });

  it('has the same logarithm by either way of computing it', () => {
    // The same picture a thousandfold smaller and shifted goes by logarithms only when the sum underflows: scale the deviations
    // so that the two ways meet at 1e-200 and look for a jump.
    const at = (distance: number) =>
      logImprovement(triangle, [1, 1], [0.5 + distance, 0.8 + distance], [0.01, 0.01]);
    for (let step = 0; step < 60; step++) {
      const [a, b, c] = [0, 1, 2].map((k) => at(0.15 + 0.001 * (step + k)));
      // Smooth: the second difference of a parabola of curvature 1 / 0.01^2 in each objective, and little more.
      expect(Math.abs(a - 2 * b + c)).toBeLessThan(0.05);
      expect(a).toBeGreaterThan(b);
    }
  });

  it('stays finite, and orders points, as far out as one likes', () => {
    let last = Number.POSITIVE_INFINITY;
    for (const distance of [1, 3, 10, 100, 1e4]) {
      const value = logImprovement(triangle, [1, 1], [distance, distance], [1e-3, 1e-3]);
      expect(Number.isFinite(value)).toBe(true);
      expect(value).toBeLessThan(last);
      last = value;
    }
  });
});
