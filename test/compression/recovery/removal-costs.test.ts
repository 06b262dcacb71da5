import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inverseOf } from '../../../problems/compression/recovery/inverse.js';
import { removalCosts } from '../../../problems/compression/recovery/removal-costs.js';
import { randomOf } from '../../../src/index.js';

/** Second moments of random inputs, well conditioned. */
function randomMoments(n: number, seed: number): Float64Array {
  const random = randomOf(seed, 'moments');
  const h = new Float64Array(n * n);
  for (let sample = 0; sample < 2 * n; sample++) {
    const x = Float64Array.from({ length: n }, () => random.normal() + 0.5);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) h[i * n + j] += x[i] * x[j];
  }
  return h;
}

/** The least `dw' H dw` when the weights outside `kept` are zero and those inside are free: by the normal equations, afresh. */
function leastError(h: Float64Array, w: Float64Array, kept: readonly number[]): number {
  const n = w.length;
  const m = kept.length;
  const block = Float64Array.from(kept.flatMap((i) => kept.map((j) => h[i * n + j])));
  const inverse = inverseOf(block, m);
  const right = kept.map((i) => w.reduce((sum, value, j) => sum + h[i * n + j] * value, 0));
  const fitted = new Float64Array(n);
  for (const [a, i] of kept.entries())
    fitted[i] = right.reduce((sum, value, b) => sum + inverse[a * m + b] * value, 0);
  const change = fitted.map((value, i) => value - w[i]);
  return change.reduce(
    (sum, a, i) => sum + change.reduce((inner, b, j) => inner + a * h[i * n + j] * b, 0),
    0,
  );
}

test('two weights worked by hand: the cheaper goes first, and the other has made good for it', () => {
  // H = [[2, 1], [1, 2]], inverse = [[2, -1], [-1, 2]] / 3, w = (1, 3).
  // Removing the first costs 1 / (2/3) = 3/2, the second 9 / (2/3); then w2 = 3 + 1/2, and removing it costs 2 (7/2)^2 = 49/2.
  const costs = removalCosts(Float64Array.of(2 / 3, -1 / 3, -1 / 3, 2 / 3), [1, 3], 2);
  expect(costs[0]).toBeCloseTo(1.5, 12);
  expect(costs[1]).toBeCloseTo(24.5, 12);
});

test('without correlations a weight costs its square times the second moment, and equals go in order', () => {
  const costs = removalCosts(Float64Array.of(1, 0, 0, 0, 0.25, 0, 0, 0, 1), [2, -1, 2], 3);
  expect([...costs]).toEqual([4, 4, 4]);
  expect([...removalCosts(Float64Array.of(1, 0, 0, 4), [3, 2], 2)]).toEqual([9, 1]);
});

test('costs never fall along the order: where one weight makes another superfluous, both cost the larger', () => {
  // Two inputs that are nearly the same with opposite weights: the first to go takes the other with it.
  const h = Float64Array.of(1, 0.99, 0.99, 1);
  const costs = removalCosts(inverseOf(h, 2), [1, -1], 2);
  expect(costs[0]).toBeCloseTo(1 - 0.99 ** 2, 9);
  expect(costs[1]).toBe(costs[0]);
});

test('the first weight to go is the one that brute force finds, at the error that it finds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(1000), (n, seed) => {
      const random = randomOf(seed, 'weights');
      const h = randomMoments(n, seed);
      const w = Float64Array.from({ length: n }, () => random.normal());
      const costs = removalCosts(inverseOf(h, n), w, n);
      const all = [...w.keys()];
      const errors = all.map((gone) =>
        leastError(
          h,
          w,
          all.filter((i) => i !== gone),
        ),
      );
      const best = errors.indexOf(Math.min(...errors));
      expect(Math.min(...costs)).toBeCloseTo(errors[best], 6);
      expect(costs[best]).toBe(Math.min(...costs));
    }),
    { numRuns: 60 },
  );
});

test('every step is the best single step from where the refit of the last one stands', () => {
  // More than sixteen weights: the changes of the inverse are written down together.
  for (const n of [5, 16, 17, 23, 40]) {
    const random = randomOf(n, 'weights');
    const h = randomMoments(n, n);
    const w = Float64Array.from({ length: n }, () => random.normal());
    const costs = removalCosts(inverseOf(h, n), w, n);
    let kept = [...w.keys()];
    let before = 0;
    let largest = 0;
    while (kept.length > 1) {
      const errors = kept.map((gone) =>
        leastError(
          h,
          w,
          kept.filter((i) => i !== gone),
        ),
      );
      const least = Math.min(...errors);
      const gone = kept[errors.indexOf(least)];
      largest = Math.max(largest, least - before);
      expect(costs[gone] / largest).toBeCloseTo(1, 6);
      before = least;
      kept = kept.filter((i) => i !== gone);
    }
  }
});

test('half of the weights by cost leave less error than half by magnitude, both refitted', () => {
  let better = 0;
  const [n, rounds] = [24, 40];
  for (let seed = 0; seed < rounds; seed++) {
    const random = randomOf(seed, 'weights');
    const h = randomMoments(n, seed);
    const w = Float64Array.from({ length: n }, () => random.normal());
    const costs = removalCosts(inverseOf(h, n), w, n);
    const largestOf = (scores: ArrayLike<number>) =>
      [...w.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, n / 2);
    const second = leastError(h, w, largestOf(costs));
    const magnitude = leastError(h, w, largestOf(w.map(Math.abs)));
    if (second <= magnitude) better++;
  }
  expect(better).toBeGreaterThanOrEqual(0.9 * rounds);
});
