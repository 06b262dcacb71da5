import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { c1Dtlz1, c2Dtlz2 } from '../../problems/c-dtlz.js';
import { dtlz1, dtlz2, dtlz3, dtlz4 } from '../../problems/dtlz.js';
import { bnh, osy, srn, tnk } from '../../problems/engineering.js';
import { mw1 } from '../../problems/mw.js';
import { zdt1, zdt2, zdt3, zdt4, zdt6 } from '../../problems/zdt.js';
import type { Problem } from '../../src/index.js';
import { evaluateAt } from './evaluate-at.js';

/** Reference fronts, where the folder lies beside the repository; without it these tests are skipped. */
const folder = new URL('../../../shared/reference/fronts/', import.meta.url);
const present = existsSync(folder);

/** A stored front, made by another library: one objective vector a row. */
function storedFront(name: string): number[][] {
  return readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
}

/** The decision vector, worked out by hand from the definition, that gives a point of the front. */
type Inverse = (f: readonly number[]) => readonly number[];

const rest = (count: number, value: number) => Array<number>(count).fill(value);
/** The two angles of a point of the unit sphere, in units of pi / 2. */
const angles = ([f1, f2, f3]: readonly number[]) => [
  (2 / Math.PI) * Math.asin(Math.min(1, f3)),
  (2 / Math.PI) * Math.atan2(f2, f1),
];
const planar: Inverse = ([f1, f2, f3]) => [1 - 2 * f3, f1 + f2 > 0 ? f1 / (f1 + f2) : 0, ...rest(5, 0.5)];
const spherical: Inverse = (f) => [...angles(f), ...rest(10, 0.5)];

const invertible: [string, Problem, Inverse][] = [
  ['ZDT1', zdt1(), ([f1]) => [f1, ...rest(29, 0)]],
  ['ZDT2', zdt2(), ([f1]) => [f1, ...rest(29, 0)]],
  ['ZDT3', zdt3(), ([f1]) => [f1, ...rest(29, 0)]],
  ['ZDT4', zdt4(), ([f1]) => [f1, ...rest(9, 0)]],
  ['DTLZ1', dtlz1(), planar],
  ['DTLZ2', dtlz2(), spherical],
  ['DTLZ3', dtlz3(), spherical],
  ['DTLZ4', dtlz4(), (f) => [...angles(f).map((x) => x ** (1 / 100)), ...rest(10, 0.5)]],
  ['C1DTLZ1', c1Dtlz1(), planar],
  ['C2DTLZ2', c2Dtlz2(), spherical],
  ['MW1', mw1(), ([f1]) => [f1, ...Array.from({ length: 14 }, (_, i) => (0.5 + (i + 1) / 30) ** (1 / 13))]],
  ['BNH', bnh(), ([f1]) => (f1 <= 72 ? [Math.sqrt(f1 / 8), Math.sqrt(f1 / 8)] : [Math.sqrt(f1 / 4 - 9), 3])],
  ['SRN', srn(), ([f1]) => [-2.5, 1 + Math.sqrt(f1 - 22.25)]],
  ['TNK', tnk(), ([f1, f2]) => [f1, f2]],
];

describe.skipIf(!present)('reference fronts (skipped where ../shared/reference/fronts is absent)', () => {
  test.each(invertible)(
    'every stored point of %s is what its decision vector gives, and feasible',
    (name, problem, inverse) => {
      const front = storedFront(name);
      expect(front.length).toBeGreaterThan(900);
      for (const point of front) {
        const { f, g } = evaluateAt(problem, inverse(point));
        point.forEach((value, j) => {
          expect(Math.abs(f[j] - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
        });
        // The stored end of SRN is rounded: x2 = 14.7902 is 1.6e-5 outside x1^2 + x2^2 <= 225.
        for (const value of g) expect(value).toBeLessThan(2e-5);
      }
    },
  );

  test('ZDT6 on its front lies on the stored points', () => {
    const front = storedFront('ZDT6');
    for (const [f1, f2] of front) expect(f2).toBeCloseTo(1 - f1 ** 2, 8);
    const reached = Array.from(
      { length: 10_001 },
      (_, i) => evaluateAt(zdt6(), [i / 10_000, ...rest(9, 0)]).f,
    );
    for (const [f1, f2] of reached) expect(f2).toBeCloseTo(1 - f1 ** 2, 10);
    expect(Math.min(...reached.map(([f1]) => f1))).toBeCloseTo(front[0][0], 5);
  });

  test('OSY on its five pieces lies between the stored points', () => {
    const front = storedFront('OSY');
    // Deb, Multi-Objective Optimization Using Evolutionary Algorithms (2001), Table 26: x4 = x6 = 0 everywhere.
    const pieces: ((t: number) => [number, number, number, number])[] = [
      (t) => [5, 1, 1 + 4 * t, 5],
      (t) => [5, 1, 1 + 4 * t, 1],
      (t) => [4.056 + 0.944 * t, (2.056 + 0.944 * t) / 3, 1, 1],
      (t) => [0, 2, 1 + 2.732 * t, 1],
      (t) => [t, 2 - t, 1, 1],
    ];
    for (const piece of pieces)
      for (let i = 0; i <= 20; i++) {
        const [x1, x2, x3, x5] = piece(i / 20);
        const { f, g } = evaluateAt(osy(), [x1, x2, x3, 0, x5, 0]);
        for (const value of g) expect(value).toBeLessThan(1e-9);
        const nearest = Math.min(
          ...front.map(([f1, f2]) => Math.hypot((f[0] - f1) / (274 - 42), (f[1] - f2) / (76 - 4))),
        );
        expect(nearest).toBeLessThan(0.002);
      }
  });
});
