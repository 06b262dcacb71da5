import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centred } from '../../src/math/matrix.js';
import { linear } from '../../src/surrogates/linear.js';
import { nearestNeighbours } from '../../src/surrogates/nearest-neighbours.js';
import { penalisedLeastSquares } from '../../src/surrogates/penalised-least-squares.js';
import { quadratic } from '../../src/surrogates/quadratic.js';
import { radialBasis, thinPlateSpline } from '../../src/surrogates/radial-basis.js';
import { ridge } from '../../src/surrogates/ridge.js';
import { solve } from './elimination.js';
import { drawSamples, meanSquare, predictAll } from './samples.js';

describe('quadratic', () => {
  const bowl = (v: Float64Array) => 3 + v[0] - 2 * v[1] + 4 * v[0] ** 2 - v[1] * v[2] + 0.5 * v[2] ** 2;

  test('recovers a quadratic', () => {
    const { x, y, n, d } = drawSamples(30, 3, 1, bowl);
    const far = drawSamples(50, 3, 2, bowl);
    const out = predictAll(quadratic.fit(x, y, n, d, 1), far.x, 50);
    for (let i = 0; i < 50; i++) expect(out[i]).toBeCloseTo(far.y[i], 6);
  });

  test('is of use with fewer samples than terms', () => {
    const sum = (v: Float64Array) => v.reduce((total, value) => total + value ** 2, 0);
    const { x, y, n, d } = drawSamples(30, 10, 3, sum); // 65 terms
    const far = drawSamples(100, 10, 4, sum);
    const out = predictAll(quadratic.fit(x, y, n, d, 1), far.x, 100);
    const mean = y.reduce((a, b) => a + b) / n;
    expect(meanSquare(out, far.y)).toBeLessThan(0.5 * meanSquare(far.y, new Float64Array(100).fill(mean)));
  });

  test('does not chase noise', () => {
    const noise = drawSamples(60, 6, 5, (v) => Math.sin(1e6 * v[0]));
    const far = drawSamples(200, 6, 6, (v) => Math.sin(1e6 * v[0]));
    const out = predictAll(quadratic.fit(noise.x, noise.y, 60, 6, 1), far.x, 200);
    expect(meanSquare(out, far.y)).toBeLessThan(1.5 * meanSquare(far.y, new Float64Array(200)));
  });
});

describe('penalised least squares', () => {
  test('its weights solve (Z Z-transposed + s I) a = z for one of the strengths, in either form', () => {
    // The residual of a ridge solution obeys Z'(z - Z w) = s w: the ratio is the same strength for every weight.
    for (const [n, p] of [
      [20, 4],
      [4, 20],
    ]) {
      const { x, y } = drawSamples(n, p, 7, (v) => v[0] + 0.3 * Math.sin(1e6 * v[1]));
      const z = centred(y, n, 1);
      const columns = centred(x, n, p);
      const { weights } = penalisedLeastSquares(columns, z, n, p);
      const rest = z.map(
        (value, i) => value - weights.reduce((sum, w, j) => sum + w * columns[i * p + j], 0),
      );
      const strengths = [...weights].map(
        (w, j) => rest.reduce((sum, r, i) => sum + r * columns[i * p + j], 0) / w,
      );
      const trace = columns.reduce((sum, value) => sum + value * value, 0) / Math.min(n, p);
      const relative = strengths.map((s) => s / trace);
      const closest = [1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1].find(
        (s) => Math.abs(relative[0] / s - 1) < 1e-3,
      );
      expect(closest).toBeDefined();
      for (const s of relative) expect(s / (closest ?? 0)).toBeCloseTo(1, 3);
    }
  });

  test('takes the strength with the least leave-one-out error, counted by leaving out', () => {
    let compared = 0;
    // More samples than columns, and fewer: the two forms of the solution.
    for (const [n, p] of [
      [12, 3],
      [5, 7],
    ])
      for (let seed = 0; seed < 30; seed++) {
        const { x, y } = drawSamples(n, p, seed, (v) => v[0] - v[1] + 0.8 * Math.sin(1e6 * v[2]));
        const columns = centred(x, n, p);
        const z = centred(y, n, 1);
        const trace = columns.reduce((sum, value) => sum + value * value, 0) / Math.min(n, p);
        const all = Array.from({ length: n }, (_, i) => i);
        const strengths = [1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1].map((s) => s * trace);
        const errors = strengths.map((strength) =>
          all.reduce((total, out) => {
            const shown = all.filter((i) => i !== out);
            const { weights, intercept } = bruteRidge(shown, columns, z, p, strength);
            const row = columns.subarray(out * p, out * p + p);
            return total + (z[out] - weights.reduce((sum, w, j) => sum + w * row[j], intercept)) ** 2;
          }, 0),
        );
        const best = strengths[errors.indexOf(Math.min(...errors))];
        if (best <= strengths[1]) continue; // so weak that elimination in doubles can't tell them apart
        compared++;
        const expected = bruteRidge(all, columns, z, p, best).weights;
        penalisedLeastSquares(columns, z, n, p).weights.forEach((weight, j) => {
          expect(weight).toBeCloseTo(expected[j], 6);
        });
      }
    expect(compared).toBeGreaterThan(20);
  });
});

/** Ridge with a free intercept by gradient-free elimination on the normal equations. */
function bruteRidge(
  rows: readonly number[],
  columns: Float64Array,
  z: Float64Array,
  p: number,
  strength: number,
) {
  const size = p + 1;
  const a = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const b = new Array<number>(size).fill(0);
  for (const i of rows) {
    const row = [1, ...columns.subarray(i * p, i * p + p)];
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) a[j][k] += row[j] * row[k];
      b[j] += row[j] * z[i];
    }
  }
  for (let j = 1; j < size; j++) a[j][j] += strength;
  const solution = solve(a, b);
  return { intercept: solution[0], weights: solution.slice(1) };
}

describe('radial basis functions', () => {
  test('pass through the samples', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer(),
        (n, d, seed) => {
          const { x, y } = drawSamples(n, d, seed, (v) => Math.sin(9 * v[0]) + v[d - 1]);
          const out = predictAll(radialBasis.fit(x, y, n, d, 1), x, n);
          for (let i = 0; i < n; i++) expect(Math.abs(out[i] - y[i])).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are the natural cubic spline in one dimension', () => {
    // Knots 0, 1/2, 1 with values 0, 1, 0: on [0, 1/2] the spline is 3 x - 4 x^3, mirrored beyond.
    const predictor = radialBasis.fit(Float64Array.of(0, 0.5, 1), Float64Array.of(0, 1, 0), 3, 1, 1);
    const at = Float64Array.of(0.1, 0.25, 0.4, 0.6, 0.9);
    const out = predictAll(predictor, at, 5);
    at.forEach((x, i) => {
      const t = Math.min(x, 1 - x);
      expect(out[i]).toBeCloseTo(3 * t - 4 * t ** 3, 10);
    });
  });

  test('reproduce a plane, also where columns depend on each other', () => {
    const { x, y, n } = drawSamples(15, 2, 9, (v) => 1 + 2 * v[0] - v[1]);
    const doubled = Float64Array.from(
      { length: n * 3 },
      (_, at) => x[Math.floor(at / 3) * 2 + ((at % 3) % 2)],
    );
    const far = drawSamples(30, 2, 10, (v) => 1 + 2 * v[0] - v[1]);
    const farDoubled = Float64Array.from(
      { length: 90 },
      (_, at) => far.x[Math.floor(at / 3) * 2 + ((at % 3) % 2)],
    );
    const out = predictAll(radialBasis.fit(doubled, y, n, 3, 1), farDoubled, 30);
    for (let i = 0; i < 30; i++) expect(out[i]).toBeCloseTo(far.y[i], 8);
  });

  test('pass through the mean of samples in one place', () => {
    const x = Float64Array.of(0.1, 0.5, 0.5, 0.9, 0.5);
    const predictor = radialBasis.fit(x, Float64Array.of(0, 1, 2, 0, 6), 5, 1, 1);
    const out = predictAll(predictor, Float64Array.of(0.1, 0.5, 0.9), 3);
    [0, 3, 0].forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 10);
    });
  });

  test('stay bounded when samples nearly coincide', () => {
    const { x, y, n, d } = drawSamples(30, 2, 12, (v) => v[0] + v[1]);
    const close = Float64Array.from([...x, ...x.map((value) => value + 1e-9)]);
    const far = drawSamples(100, 2, 13, () => 0);
    const out = predictAll(radialBasis.fit(close, Float64Array.from([...y, ...y]), 2 * n, d, 1), far.x, 100);
    for (const value of out) expect(Math.abs(value - 1)).toBeLessThan(1.5);
  });
});

describe.each([
  ['cubic', radialBasis, (r: number) => r ** 3],
  ['thin plate', thinPlateSpline, (r: number) => (r > 0 ? r * r * Math.log(r) : 0)],
] as const)('the %s interpolant', (_, regressor, basis) => {
  test('is the solution of the bordered system', () => {
    const { x, y, n, d } = drawSamples(12, 2, 31, (v) => Math.sin(5 * v[0]) * v[1]);
    const row = (i: number) => [...x.subarray(i * d, i * d + d)];
    const distance = (a: readonly number[], b: readonly number[]) =>
      Math.hypot(...a.map((value, j) => value - b[j]));
    const size = n + d + 1;
    const system = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) system[i][j] = basis(distance(row(i), row(j)));
      [1, ...row(i)].forEach((value, k) => {
        system[i][n + k] = value;
        system[n + k][i] = value;
      });
    }
    const solution = solve(system, [...y, ...new Array<number>(d + 1).fill(0)]);
    const far = drawSamples(20, 2, 32, () => 0);
    predictAll(regressor.fit(x, y, n, d, 1), far.x, 20).forEach((value, i) => {
      const at = [...far.x.subarray(i * d, i * d + d)];
      let expected = solution[n] + at.reduce((sum, v, j) => sum + v * solution[n + 1 + j], 0);
      for (let c = 0; c < n; c++) expected += solution[c] * basis(distance(at, row(c)));
      expect(value).toBeCloseTo(expected, 8);
    });
  });
});

describe('ridge regression', () => {
  const plane = (v: Float64Array) => 4 - 3 * v[0] + 0.5 * v[1];

  test('recovers a plane', () => {
    const { x, y, n, d } = drawSamples(20, 3, 33, plane);
    const far = drawSamples(30, 3, 34, plane);
    predictAll(ridge.fit(x, y, n, d, 1), far.x, 30).forEach((value, i) => {
      expect(value).toBeCloseTo(far.y[i], 6);
    });
  });

  test('is the mean where the columns say nothing', () => {
    const x = new Float64Array(12).fill(0.5);
    const [out] = predictAll(ridge.fit(x, Float64Array.of(1, 2, 6), 3, 4, 1), x, 1);
    expect(out).toBeCloseTo(3, 12);
  });

  test('tells hidden values better than least squares do, where noise is much and samples are few', () => {
    let [ridged, plain] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const noisy = drawSamples(14, 10, seed, (v) => v[0] + 0.5 * Math.sin(1e6 * v[1]));
      const far = drawSamples(100, 10, 100 + seed, (v) => v[0]);
      ridged += meanSquare(predictAll(ridge.fit(noisy.x, noisy.y, 14, 10, 1), far.x, 100), far.y);
      plain += meanSquare(predictAll(linear.fit(noisy.x, noisy.y, 14, 10, 1), far.x, 100), far.y);
    }
    expect(ridged).toBeLessThan(0.5 * plain);
  });
});

describe('nearest neighbours', () => {
  test('weigh the five nearest by the inverse square of the distance', () => {
    const x = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.95);
    const y = Float64Array.of(1, 2, 3, 4, 5, 1000);
    const [out] = predictAll(nearestNeighbours.fit(x, y, 6, 1, 1), Float64Array.of(0), 1);
    const weights = [0.1, 0.2, 0.3, 0.4, 0.5].map((distance) => distance ** -2);
    const expected = weights.reduce((sum, w, i) => sum + w * (i + 1), 0) / weights.reduce((a, b) => a + b);
    expect(out).toBeCloseTo(expected, 9);
  });

  test('give a sample its own output, and the mean of samples in one place', () => {
    const x = Float64Array.of(0.1, 0.5, 0.5, 0.9);
    const predictor = nearestNeighbours.fit(x, Float64Array.of(1, 2, 4, 8), 4, 1, 1);
    const out = predictAll(predictor, x, 4);
    [1, 3, 3, 8].forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 12);
    });
  });

  test('agree with sorting all distances', () => {
    const { x, y, n, d } = drawSamples(40, 3, 14, (v) => v[0] * v[1]);
    const far = drawSamples(30, 3, 15, () => 0);
    const out = predictAll(nearestNeighbours.fit(x, y, n, d, 1), far.x, 30);
    for (let i = 0; i < 30; i++) {
      const near = Array.from({ length: n }, (_, s) => {
        let square = 0;
        for (let j = 0; j < d; j++) square += (far.x[i * d + j] - x[s * d + j]) ** 2;
        return { square, value: y[s] };
      })
        .sort((a, b) => a.square - b.square)
        .slice(0, 5);
      const total = near.reduce((sum, { square }) => sum + 1 / square, 0);
      expect(out[i]).toBeCloseTo(
        near.reduce((sum, { square, value }) => sum + value / square, 0) / total,
        10,
      );
    }
  });
});
