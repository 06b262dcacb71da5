import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/index.js';
import { EXACT, familyOf, NOISY } from '../../../src/surrogates/auto/hyper-parameters.js';
import { gaussian, matern } from '../../../src/surrogates/process/covariance.js';
import { densityOf, pairwiseSquares } from '../../../src/surrogates/process/density.js';
import { bendSlope, warpedDifferences, warpedInput } from '../../../src/surrogates/process/input-warping.js';
import { conditioned } from '../../../src/surrogates/process/process.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const bends = fc.double({ min: -6, max: 6, noNaN: true });

describe('the warping of an input', () => {
  it('is the logarithm of a variable between its bounds', () => {
    // v from 1/8 to 5, a ratio of 40: v = (1 + 39 u) / 8.
    for (const u of [0, 0.1, 0.5, 1])
      expect(warpedInput(u, Math.log(40))).toBeCloseTo(Math.log(1 + 39 * u) / Math.log(40), 12);
  });

  it('keeps the bounds in place, and a bend turned round mirrors it', () => {
    fc.assert(
      fc.property(unit, bends, (u, bend) => {
        expect(warpedInput(0, bend)).toBeCloseTo(0, 12);
        expect(warpedInput(1, bend)).toBeCloseTo(1, 12);
        expect(warpedInput(u, -bend)).toBeCloseTo(1 - warpedInput(1 - u, bend), 8);
      }),
    );
  });

  it('goes over into the straight line without a step, and its slope too', () => {
    for (const u of [0, 0.2, 0.7, 1]) {
      expect(warpedInput(u, 0)).toBe(u);
      for (const of of [warpedInput, bendSlope])
        for (const sign of [-1, 1]) expect(of(u, 0.99e-4 * sign)).toBeCloseTo(of(u, 1.01e-4 * sign), 6);
    }
  });

  it('changes with the bend at the rate that it says', () => {
    fc.assert(
      fc.property(unit, bends, (u, bend) => {
        const h = 1e-4;
        const rate = (warpedInput(u, bend + h) - warpedInput(u, bend - h)) / (2 * h);
        expect(bendSlope(u, bend)).toBeCloseTo(rate, 6);
      }),
    );
  });
});

describe('a process with warped inputs', () => {
  const n = 12;
  const d = 2;
  const random = randomOf('warped inputs');
  const x = Float64Array.from({ length: n * d }, () => random.uniform());
  const z = Float64Array.from({ length: n }, (_, i) => 1 / (0.2 + x[2 * i]) - x[2 * i + 1] - 1.5);
  const squares = pairwiseSquares(x, n, [0, 1]);

  it('has a density with the gradient of its differences', () => {
    for (const covariance of [matern, gaussian])
      for (const noise of [EXACT, NOISY]) {
        const density = densityOf(squares, z, n, d, familyOf(covariance, noise), warpedDifferences(x, n, d));
        const at = Float64Array.of(-0.4, 0.3, 0.2, -5, 0.4, 1.7, -0.6);
        const gradient = new Float64Array(7);
        expect(density(at, gradient)).toBeCloseTo(density(at), 10);
        for (let j = 0; j < 7; j++) {
          const h = 1e-5;
          const beside = (step: number) => density(at.map((v, i) => v + step * Number(i === j)));
          expect(gradient[j]).toBeCloseTo((beside(h) - beside(-h)) / (2 * h), 4);
        }
      }
  });

  it('is, without a bend, the process without them', () => {
    const theta = Float64Array.of(-0.4, 0.3, 0.2, -5, 0.4);
    const straight = Float64Array.of(...theta, 0, 0);
    const family = familyOf(matern, EXACT);
    expect(densityOf(squares, z, n, d, family, warpedDifferences(x, n, d))(straight)).toBeCloseTo(
      densityOf(squares, z, n, d, family)(theta),
      10,
    );
    const [a, b] = [theta, straight].map((at) => conditioned(x, z, n, d, matern, at, 1e-6, 0));
    const point = Float64Array.of(0.3, 0.6);
    expect(b.mean(point)).toBeCloseTo(a.mean(point), 12);
  });

  it('is the process of the warped inputs', () => {
    const bent = Float64Array.of(-0.4, 0.3, 0.2, -5, 0.4, 2, -1);
    const warp = (row: Float64Array) => row.map((u, i) => warpedInput(u, bent[5 + (i % d)]));
    const one = conditioned(x, z, n, d, gaussian, bent, 1e-6, 0);
    const other = conditioned(warp(x), z, n, d, gaussian, bent.slice(0, 5), 1e-6, 0);
    const [a, b] = [new Float64Array(1), new Float64Array(1)];
    const point = Float64Array.of(0.25, 0.8);
    expect(one.moments(point, a)).toBeCloseTo(other.moments(warp(point), b), 10);
    expect(a[0]).toBeCloseTo(b[0], 10);
  });
});
