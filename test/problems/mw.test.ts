import { describe, expect, test } from 'vitest';
import * as mw from '../../problems/mw.js';
import type { Problem } from '../../src/index.js';
import { closeTo, evaluateAt } from './evaluate-at.js';

const { mw1 } = mw;

describe('MW1', () => {
  // With n = 3 variables the exponent n - 2 is 1: the distance is 1 where x2 = 0.5 + 1/6 and x3 = 0.5 + 2/6.
  const onFront = (x1: number) => [x1, 0.5 + 1 / 6, 0.5 + 2 / 6];

  test('on its front is the line f2 = 1 - 0.85 f1', () => {
    for (const x1 of [0, 0.3, 1]) {
      const { f } = evaluateAt(mw1(3), onFront(x1));
      expect(f[0]).toBe(x1);
      expect(f[1]).toBeCloseTo(1 - 0.85 * x1, 12);
    }
  });

  test('has the constraint f1 + f2 - 1 - 0.5 sin(2 pi sqrt 2 (f2 - f1))^8', () => {
    // f = (0, 1): sin(2 pi sqrt 2)
    const { g } = evaluateAt(mw1(3), onFront(0));
    expect(g[0]).toBeCloseTo(-0.5 * Math.sin(2 * Math.PI * Math.sqrt(2)) ** 8, 12);
    // f1 = f2 at 1 / 1.85: the sine is 0, so g = 2 / 1.85 - 1 > 0.
    expect(evaluateAt(mw1(3), onFront(1 / 1.85)).g[0]).toBeCloseTo(2 / 1.85 - 1, 12);
  });

  test('away from its front adds 1 - exp(-10 (z - 0.5 - (i - 1) / 2n)^2) for every other variable', () => {
    const { f } = evaluateAt(mw1(3), [0, 1, 0]);
    const expected = 1 + (1 - Math.exp(-10 * (1 / 3) ** 2)) + (1 - Math.exp(-10 * (5 / 6) ** 2));
    expect(f[1]).toBeCloseTo(expected, 12);
  });

  test('raises the variables to the power n - 2', () => {
    // n = 4: z = x^2; x2 with z = 0.5 + 1/8 and so on adds nothing
    const x = [0.2, Math.sqrt(0.625), Math.sqrt(0.75), Math.sqrt(0.875)];
    expect(evaluateAt(mw1(4), x).f[1]).toBeCloseTo(1 - 0.17, 12);
  });

  test('refuses fewer than two variables', () => {
    expect(() => mw1(1)).toThrow('MW1 needs a whole number of variables from 2, got 1');
  });
});

// Positions of the distance variables on the front (d = 1), with three variables: those of MW1 above, i / 3, and linked ones.
const flat = [0.5 + 1 / 6, 0.5 + 2 / 6];
const wavy = [1 / 3, 2 / 3];
/** x2 and x3 that follow x1 on the front, and x3 moved so that d = 1 + 2 * 0.25 = 1.5. */
const linked = (x1: number) => {
  const x2 = 1 - (x1 - 0.5) ** 2;
  return [x2, 1 - (x2 - 0.5) ** 2];
};
const linkedAway = (x1: number) => [linked(x1)[0], linked(x1)[1] - 0.5];

describe('the distances of Ma and Wang', () => {
  test('the wavy one adds 1.5 + 0.1 z^2 / n - 1.5 cos(2 pi z), z = 1 - exp(-10 (x - i / n)^2)', () => {
    const z = (x: number, place: number) => 1 - Math.exp(-10 * (x - place) ** 2);
    const term = (value: number) => 1.5 + (0.1 / 3) * value ** 2 - 1.5 * Math.cos(2 * Math.PI * value);
    const d = 1 + term(z(0.5, 1 / 3)) + term(z(0.1, 2 / 3));
    expect(evaluateAt(mw.mw2(3), [0, 0.5, 0.1]).f[1]).toBeCloseTo(d, 12);
  });

  test('the linked one adds 2 (x_i + (x_(i-1) - 0.5)^2 - 1)^2', () => {
    // x = (0, 0.5, 0.25): 2 (0.5 + 0.25 - 1)^2 + 2 (0.25 + 0 - 1)^2 = 0.125 + 1.125
    expect(evaluateAt(mw.mw3(3), [0, 0.5, 0.25]).f[1]).toBeCloseTo(2.25, 12);
  });

  test('with three objectives the flat one has the power n - m', () => {
    // n = 5, m = 3: x^2 = 0.5 + i / 10 for i = 2, 3, 4
    const x = [0, 0, Math.sqrt(0.7), Math.sqrt(0.8), Math.sqrt(0.9)];
    expect(evaluateAt(mw.mw4(3, 5), x).f[0]).toBeCloseTo(1, 12);
  });
});

describe('the problems of Ma and Wang with two objectives', () => {
  const cases: [string, Problem, number[], number[], number[]][] = [
    // MW2 at x1 = 1/2: f1 = f2, no sine.
    ['MW2', mw.mw2(3), [0.5, ...wavy], [0.5, 0.5], [0]],
    // MW3 with d = 1.5: f = (0.25, 1.25), the sine of 0.75 pi sqrt 2.
    [
      'MW3',
      mw.mw3(3),
      [0.25, ...linkedAway(0.25)],
      [0.25, 1.25],
      [
        1.5 - 1.05 - 0.45 * Math.sin(0.75 * Math.PI * Math.SQRT2) ** 6,
        0.85 - 1.5 + 0.3 * Math.sin(0.75 * Math.PI * Math.SQRT2) ** 2,
      ],
    ],
    // MW5 at 60 degrees (folded to 60): sin 120, and 6 (pi / 3)^3 = 6.8903.
    [
      'MW5',
      mw.mw5(3),
      [0.5, ...flat],
      [0.5, Math.sqrt(0.75)],
      [
        1 - (1.7 - 0.2 * Math.sqrt(0.75)) ** 2,
        (1 + 0.5 * Math.sin(6 * (Math.PI / 3) ** 3)) ** 2 - 1,
        (1 - 0.45 * Math.sin(6 * (Math.PI / 3) ** 3)) ** 2 - 1,
      ],
    ],
    // MW6 at 45 degrees: cos(6 (pi / 4)^4)^10.
    [
      'MW6',
      mw.mw6(3),
      [1.1 * Math.SQRT1_2, ...wavy],
      [1.1 * Math.SQRT1_2, 1.1 * Math.SQRT1_2],
      [
        0.605 / (1 + 0.15 * Math.cos(6 * (Math.PI / 4) ** 4) ** 10) ** 2 +
          0.605 / (1 + 0.75 * Math.cos(6 * (Math.PI / 4) ** 4) ** 10) ** 2 -
          1,
      ],
    ],
    // MW7 with d = 1.5 at 30 degrees: sin(120)^16 = (3 / 4)^8 and sin(120)^8 = (3 / 4)^4.
    [
      'MW7',
      mw.mw7(3),
      [Math.sqrt(0.75), ...linkedAway(Math.sqrt(0.75))],
      [1.5 * Math.sqrt(0.75), 0.75],
      [2.25 - (1.2 + 0.4 * 0.75 ** 8) ** 2, (1.15 - 0.2 * 0.75 ** 4) ** 2 - 2.25],
    ],
    // MW9 at x1 = 1 / 32: (1 / 32)^0.6 = 1 / 8.
    [
      'MW9',
      mw.mw9(3),
      [1 / 32, ...flat],
      [1 / 32, 7 / 8],
      [
        Math.min(
          (1 / 8 - 0.64 / 1024) * (1 / 8 - 0.36 / 1024),
          (1.8225 - (1 / 32 + 0.35) ** 2 - 7 / 8) * (1.3225 - (1 / 32 + 0.15) ** 2 - 7 / 8),
        ),
      ],
    ],
    // MW10 with n = 3 at x1 = 1 / 2: f1 = 1 / 8, f1^2 = 1 / 64, f2 = 63 / 64.
    [
      'MW10',
      mw.mw10(3),
      [0.5, ...wavy],
      [1 / 8, 63 / 64],
      [
        (-(128 - 4 - 63) * (128 - 8 - 63)) / 64 ** 2,
        ((128 - 2 - 63) * (128 - 16 - 63)) / 64 ** 2,
        ((64 - 1 - 63) * (76.8 - 1.2 - 63)) / 64 ** 2,
      ],
    ],
    // MW11 at x1 = 1: f = (1, 1).
    ['MW11', mw.mw11(3), [1, ...linked(1)], [1, 1], [-1 * 0, 1.375 * -5, -0.44 * 0, 0.84 * -0.44]],
    // MW12 at x1 = 5 / 16, where sin(3.2 pi x1) = 0: f2 = 0.85 - 0.25 = 0.6.
    [
      'MW12',
      mw.mw12(3),
      [5 / 16, ...flat],
      [5 / 16, 0.6],
      [
        -(1 - 0.1953125 - 0.6 + 0.08 * Math.sin(2 * Math.PI * (0.6 - 0.1953125))) *
          (1.4 - 0.2734375 - 0.6 + 0.08 * Math.sin(2 * Math.PI * (0.6 / 1.4 - 0.1953125))),
        (1 - 0.25 - 0.6 + 0.08 * Math.sin(2 * Math.PI * (0.6 - 0.3125 / 1.5))) *
          (1.8 - 0.3515625 - 0.6 + 0.08 * Math.sin(2 * Math.PI * (0.6 / 1.8 - 0.1953125))),
      ],
    ],
    // MW13 at x1 = 1, where sin(3 pi x1) = 0: f2 = 5 - e.
    ['MW13', mw.mw13(3), [1, ...wavy], [1, 5 - Math.E], [-(Math.E - 2.5) * (Math.E - 1.7), 0]],
    // and at 1 / 2, where it is -1: f2 = 5 - sqrt e - 1 / 2, so that 5 + 1 / 2 - f2 = 1 + sqrt e.
    [
      'MW13 at 1 / 2',
      mw.mw13(3),
      [0.5, ...wavy],
      [0.5, 4.5 - Math.sqrt(Math.E)],
      [
        -(1 + Math.sqrt(Math.E) - 1.625) * (1 + Math.sqrt(Math.E) - 1.35),
        (1 + Math.sqrt(Math.E) - Math.sqrt(Math.E)) * (1 + Math.sqrt(Math.E) - 1.2),
      ],
    ],
  ];

  test.each(cases)('%s by hand', (_, problem, x, f, g) => {
    const found = evaluateAt(problem, x);
    expect(closeTo(found.f, f)).toBe(true);
    expect(closeTo(found.g, g)).toBe(true);
  });

  test('objectives that are d times a curve grow with d', () => {
    const x = [0.6, 0.3, 0.9];
    const d = evaluateAt(mw.mw5(3), x).f[0] / 0.6;
    expect(d).toBeGreaterThan(1.1);
    expect(evaluateAt(mw.mw5(3), x).f[1]).toBeCloseTo(0.8 * d, 12);
    expect(evaluateAt(mw.mw9(3), x).f[1]).toBeCloseTo((1 - 0.6 ** 0.6) * d, 12);
    expect(evaluateAt(mw.mw12(3), x).f[0]).toBeCloseTo(0.6 * d, 12);
  });

  test('the first variable goes to 1.1 in MW6, sqrt 2 in MW11, 1.5 in MW13 and MW14, and there nothing is NaN', () => {
    for (const [make, upper] of [
      [mw.mw6, 1.1],
      [mw.mw11, Math.SQRT2],
      [mw.mw13, 1.5],
      [mw.mw14, 1.5],
    ] as const) {
      const problem = make();
      expect([...problem.space.upper]).toEqual(Array(15).fill(upper));
      const { f, g } = evaluateAt(problem, Array(15).fill(upper));
      expect([...f, ...g].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the problems of Ma and Wang with any number of objectives', () => {
  test('MW4 is d ((1 - x1) (1 - x2), (1 - x1) x2, x1), bounded by the sum', () => {
    const x = [0.2, 0.25, 0.5 + 2 / 8, 0.5 + 3 / 8];
    const { f, g } = evaluateAt(mw.mw4(3, 4), x);
    expect(closeTo(f, [0.6, 0.2, 0.2])).toBe(true);
    expect(g[0]).toBeCloseTo(-0.4 * Math.sin(2.5 * Math.PI * (0.2 - 0.8)) ** 8, 12);
  });

  test('MW8 is d times a point of the sphere, bounded by the latitude', () => {
    // x1 = 1/3 is 30 degrees: sin(180) = 0. x2 = 1/2 is 45 degrees.
    const { f, g } = evaluateAt(mw.mw8(3, 4), [1 / 3, 0.5, 2 / 4, 3 / 4]);
    expect(closeTo(f, [Math.sqrt(3 / 8), Math.sqrt(3 / 8), 0.5])).toBe(true);
    expect(g[0]).toBeCloseTo(1 - 1.25 ** 2, 12);
    // 15 degrees: sin(90) = 1.
    expect(evaluateAt(mw.mw8(3, 4), [1 / 6, 0.5, 2 / 4, 3 / 4]).g[0]).toBeCloseTo(1 - 0.75 ** 2, 12);
  });

  test('MW14 has the mean of 6 - e^f - 1.5 sin(1.1 pi f^2), and a bound with e^f cut after the square, 0.1 higher', () => {
    // x3 = 1 - (x2 - 0.5)^2 - 0.5: d = 1 + 2 / 4
    const { f, g } = evaluateAt(mw.mw14(3, 3), [1, 0, 0.25]);
    const swing = 1.5 * Math.sin(1.1 * Math.PI);
    expect(f.slice(0, 2)).toEqual([1, 0]);
    expect(f[2]).toBeCloseTo((1.5 / 2) * (6 - Math.E - swing + 5), 12);
    expect(g[0]).toBeCloseTo(f[2] - (6.1 - 2.5 - swing + 5.1) / 2, 12);
  });

  test('too few objectives or variables are refused', () => {
    expect(() => mw.mw4(1)).toThrow('MW4 needs a whole number of objectives from 2, got 1');
    expect(() => mw.mw14(3, 2)).toThrow('MW14 needs a whole number of variables from 3, got 2');
  });
});
