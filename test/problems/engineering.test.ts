import { describe, expect, test } from 'vitest';
import { bnh, discBrake, osy, srn, tnk, twoBarTruss, weldedBeam } from '../../problems/engineering.js';
import { closeTo, evaluateAt } from './evaluate-at.js';

test('BNH at (1, 2) and (0, 0)', () => {
  expect(evaluateAt(bnh(), [1, 2])).toEqual({
    f: [4 * 1 + 4 * 4, 16 + 9],
    g: [16 + 4 - 25, 7.7 - 49 - 25],
  });
  expect(evaluateAt(bnh(), [0, 0])).toEqual({ f: [0, 50], g: [0, 7.7 - 64 - 9] });
});

test('SRN at (-2, 3) and (20, -20)', () => {
  expect(evaluateAt(srn(), [-2, 3])).toEqual({
    f: [2 + 16 + 4, -18 - 4],
    g: [4 + 9 - 225, -2 - 9 + 10],
  });
  expect(evaluateAt(srn(), [20, -20])).toEqual({
    f: [2 + 324 + 441, 180 - 441],
    g: [400 + 400 - 225, 20 + 60 + 10],
  });
});

describe('TNK', () => {
  test('has its variables as objectives', () => {
    expect(evaluateAt(tnk(), [0.25, 3]).f).toEqual([0.25, 3]);
  });

  test('on the diagonal, where 16 atan(1) = 4 pi, asks for x1^2 + x2^2 >= 1.1', () => {
    const { g } = evaluateAt(tnk(), [1, 1]);
    expect(g[0]).toBeCloseTo(1.1 - 2, 12);
    expect(g[1]).toBeCloseTo(0.25 + 0.25 - 0.5, 12);
  });

  test('has a wave of 16 times the angle, the same from either axis', () => {
    // 16 pi / 24 is 120 degrees, with cosine -1/2; from the other axis it is 8 pi less that, with the same cosine.
    for (const angle of [Math.PI / 24, Math.PI / 2 - Math.PI / 24]) {
      const { g } = evaluateAt(tnk(), [Math.sin(angle), Math.cos(angle)]);
      expect(g[0]).toBeCloseTo(1 - 0.05 - 1, 12);
    }
  });

  test('has finite constraints where the angle is a quotient by zero', () => {
    expect(evaluateAt(tnk(), [0, 0]).g).toEqual([1.1, 0]);
    expect(closeTo(evaluateAt(tnk(), [1, 0]).g, [0.1, 0])).toBe(true); // cos(8 pi) = 1
    expect(closeTo(evaluateAt(tnk(), [0, 1]).g, [0.1, 0])).toBe(true);
  });
});

test('OSY at (5, 1, 2, 3, 4, 6), every constraint by hand', () => {
  const { f, g } = evaluateAt(osy(), [5, 1, 2, 3, 4, 6]);
  expect(f).toEqual([-(25 * 9 + 1 + 1 + 1 + 9), 25 + 1 + 4 + 9 + 16 + 36]);
  const slack = [5 + 1 - 2, 6 - 5 - 1, 2 - 1 + 5, 2 - 5 + 3, 4 - 1 - 3, 1 + 6 - 4];
  const divisor = [2, 6, 2, 2, 4, 4];
  expect(
    closeTo(
      g,
      slack.map((value, k) => -value / divisor[k]),
    ),
  ).toBe(true);
});

describe('the welded beam', () => {
  // h + t = 6 and l = 8 make R = sqrt(0.25 (64 + 36)) = 5.
  const [h, l, t, b] = [1, 8, 5, 2];
  const { f, g } = evaluateAt(weldedBeam(), [h, l, t, b]);

  test('costs 1.10471 h^2 l + 0.04811 t b (14 + l) and bends by 2.1952 / (b t^3)', () => {
    expect(f[0]).toBeCloseTo(1.10471 * 8 + 0.04811 * 10 * 22, 12);
    expect(f[1]).toBeCloseTo(2.1952 / (2 * 125), 15);
  });

  test('has the shear stress of the primary and secondary stresses', () => {
    const primary = 6000 / (Math.sqrt(2) * 8);
    const moment = 6000 * (14 + 4);
    const polar = 2 * Math.sqrt(0.5) * 8 * (64 / 12 + 9);
    const secondary = (moment * 5) / polar;
    const shear = Math.sqrt(primary ** 2 + secondary ** 2 + (primary * secondary * 8) / 5);
    expect(shear).toBeGreaterThan(3000);
    expect(shear).toBeLessThan(4500);
    expect(g[0]).toBeCloseTo(shear / 13600 - 1, 12);
  });

  test('has the bending stress 6 P L / (b t^2) = 10080', () => {
    expect(g[1]).toBeCloseTo(10080 / 30000 - 1, 12);
  });

  test('asks that the weld be no thicker than the beam is wide', () => {
    expect(g[2]).toBeCloseTo((1 - 2) / 4.875, 15);
    expect(evaluateAt(weldedBeam(), [3, 8, 5, 2]).g[2]).toBeCloseTo(1 / 4.875, 15);
  });

  test('has the buckling load 64746.022 (1 - 0.0282346 t) t b^3', () => {
    expect(g[3]).toBeCloseTo((6000 - 64746.022 * (1 - 0.141173) * 40) / 6000, 9);
  });
});

test('the two-bar truss with y = 3: bars of 5 and sqrt 10 metres, the larger of their stresses', () => {
  // a: 20 * 5 / (3 a), b: 80 sqrt 10 / (3 b)
  const thin = evaluateAt(twoBarTruss(), [0.0002, 0.01, 3]);
  expect(thin.f[0]).toBeCloseTo(0.001 + 0.01 * Math.sqrt(10), 12);
  expect(thin.f[1]).toBeCloseTo(100 / 0.0006, 6);
  expect(thin.g[0]).toBeCloseTo(1 / 6 / 0.1 - 1, 12);
  const other = evaluateAt(twoBarTruss(), [0.01, 0.002, 3]);
  expect(other.f[1]).toBeCloseTo((80 * Math.sqrt(10)) / 0.006, 6);
  expect(other.g[0]).toBeCloseTo((0.8 * Math.sqrt(10)) / 6 - 1, 12);
});

describe('the disc brake', () => {
  // 90^2 - 60^2 = 4500 and 90^3 - 60^3 = 513000
  test('weighs 4.9e-5 (R^2 - r^2) (n - 1) and stops in 9.82e6 (R^2 - r^2) / (F n (R^3 - r^3))', () => {
    const { f } = evaluateAt(discBrake(), [60, 90, 2000, 15]);
    expect(f[0]).toBeCloseTo(4.9e-5 * 4500 * 14, 12);
    expect(f[1]).toBeCloseTo((9.82e6 * 4500) / (2000 * 15 * 513000), 12);
  });

  test('bounds the gap between the radii, pressure, temperature and torque', () => {
    const { g } = evaluateAt(discBrake(), [60, 90, 2000, 15]);
    expect(g[0]).toBeCloseTo(1 - 30 / 20, 12);
    expect(g[1]).toBeCloseTo(2000 / (3.14 * 4500) / 0.4 - 1, 12);
    expect(g[2]).toBeCloseTo((2.22e-3 * 2000 * 513000) / 4500 ** 2 - 1, 12);
    expect(g[3]).toBeCloseTo(1 - (2.66e-2 * 2000 * 15 * 513000) / 4500 / 900, 10);
  });

  test('has a whole number of friction surfaces, and is finite at equal radii', () => {
    expect(discBrake().variables.surfaces.kind).toBe('integer');
    expect(evaluateAt(discBrake(), [78, 78, 2000, 3]).g.every(Number.isFinite)).toBe(true);
  });
});
