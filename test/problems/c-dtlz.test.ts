import { describe, expect, test } from 'vitest';
import { c1Dtlz1, c2Dtlz2, c3Dtlz4 } from '../../problems/c-dtlz.js';
import { dtlz1, dtlz2, dtlz4 } from '../../problems/dtlz.js';
import { evaluateAt } from './evaluate-at.js';

describe('the constrained DTLZ problems', () => {
  test('they have the objectives of DTLZ1 and DTLZ2', () => {
    const x = [0.3, 0.6, 0.2, 0.9, 0.45];
    expect(evaluateAt(c1Dtlz1(3, 5), x).f).toEqual(evaluateAt(dtlz1(3, 5), x).f);
    expect(evaluateAt(c2Dtlz2(3, 5), x).f).toEqual(evaluateAt(dtlz2(3, 5), x).f);
  });

  test('C1-DTLZ1 asks for f3 / 0.6 + (f1 + f2) / 0.5 <= 1', () => {
    // f = (0.05, 0.15, 0.3): 0.5 + 0.4 - 1 = -0.1.
    expect(evaluateAt(c1Dtlz1(3, 5), [0.4, 0.25, 0.5, 0.5, 0.5]).g[0]).toBeCloseTo(-0.1, 12);
    // 201.25 times (0.5, 0) and (0, 0.5), far outside the band
    expect(evaluateAt(c1Dtlz1(2, 2), [1, 0.55]).g[0]).toBeCloseTo(201.25 - 1, 8);
    expect(evaluateAt(c1Dtlz1(2, 2), [0, 0.55]).g[0]).toBeCloseTo(201.25 / 1.2 - 1, 8);
  });

  test('C2-DTLZ2 is feasible near the corners and the middle of the front, to the radius of its number of objectives', () => {
    const corner = [0, ...Array(6).fill(0.5)];
    const middle = [0.5, ...Array(6).fill(0.5)];
    for (const x of [corner, middle]) expect(evaluateAt(c2Dtlz2(2, 7), x).g[0]).toBeCloseTo(-(0.2 ** 2), 12);
    expect(evaluateAt(c2Dtlz2(3, 12), [0, 0, ...Array(10).fill(0.5)]).g[0]).toBeCloseTo(-(0.4 ** 2), 12);
    expect(evaluateAt(c2Dtlz2(4, 13), [0, 0, 0, ...Array(10).fill(0.5)]).g[0]).toBeCloseTo(-(0.5 ** 2), 12);
  });

  test('C2-DTLZ2 between them is the squared distance to the nearest centre, less the squared radius', () => {
    // At 30 degrees f = (cos 30, sin 30); the corner (1, 0) is at squared distance 2 - 2 cos 30 = 0.268,
    // the middle (45 degrees) at 2 - 2 cos 15 = 0.068.
    const { g } = evaluateAt(c2Dtlz2(2, 7), [1 / 3, ...Array(6).fill(0.5)]);
    expect(g[0]).toBeCloseTo(2 - 2 * Math.cos(Math.PI / 12) - 0.04, 12);
    // At 10 degrees the corner is nearer.
    const nearCorner = evaluateAt(c2Dtlz2(2, 7), [1 / 9, ...Array(6).fill(0.5)]);
    expect(nearCorner.g[0]).toBeCloseTo(2 - 2 * Math.cos(Math.PI / 18) - 0.04, 12);
    // At 80 degrees it is the other corner.
    const otherCorner = evaluateAt(c2Dtlz2(2, 7), [8 / 9, ...Array(6).fill(0.5)]);
    expect(otherCorner.g[0]).toBeCloseTo(2 - 2 * Math.cos(Math.PI / 18) - 0.04, 12);
  });

  test('C3-DTLZ4 has the objectives of DTLZ4, and f_j^2 / 4 + sum of the other squares >= 1 for every objective', () => {
    // Positions at 30 degrees and 60 degrees, distance variables that add 0.25 + 0.25: f is 1.5 times a point of the sphere.
    const x = [(1 / 3) ** 0.01, (2 / 3) ** 0.01, 0, 1];
    const { f, g } = evaluateAt(c3Dtlz4(3, 4), x);
    expect(f).toEqual(evaluateAt(dtlz4(3, 4), x).f);
    const squares = [2.25 * (3 / 4) * (1 / 4), 2.25 * (3 / 4) * (3 / 4), 2.25 / 4];
    const [a, b, c] = squares;
    expect(f[0] ** 2).toBeCloseTo(a, 12);
    expect(g).toHaveLength(3);
    expect(g[0]).toBeCloseTo(1 - (a / 4 + b + c), 12);
    expect(g[1]).toBeCloseTo(1 - (a + b / 4 + c), 12);
    expect(g[2]).toBeCloseTo(1 - (a + b + c / 4), 12);
  });
});
