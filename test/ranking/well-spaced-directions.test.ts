import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import {
  dasDennis,
  layersUpTo,
  type ReferenceDirections,
  twoLayers,
} from '../../src/ranking/reference-directions.js';
import { rieszEnergy } from '../../src/ranking/riesz-energy.js';

const rowsOf = ({ count, objectives: m, w }: ReferenceDirections) =>
  Array.from({ length: count }, (_, d) => [...w.subarray(d * m, (d + 1) * m)]);

function smallestDistance(directions: ReferenceDirections): number {
  const rows = rowsOf(directions);
  const pairs = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => Math.hypot(...a.map((v, j) => v - b[j]))),
  );
  return Math.min(...pairs);
}

describe('two layers of directions', () => {
  test('are the outer lattice, then the inner one drawn half way to the middle', () => {
    const directions = twoLayers(2, 1, 1);
    expect(rowsOf(directions)).toEqual([
      [0, 1],
      [1, 0],
      [0.25, 0.75],
      [0.75, 0.25],
    ]);
  });

  test('have the numbers of the paper, and sum to 1', () => {
    for (const [m, outer, inner, count] of [
      [8, 3, 2, 156],
      [10, 3, 2, 275],
      [15, 2, 1, 135],
    ]) {
      const directions = twoLayers(m, outer, inner);
      expect(directions.count).toBe(count);
      for (const row of rowsOf(directions))
        expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    }
  });
});

describe('the directions for a population', () => {
  test('are one lattice where it has points inside', () => {
    expect(layersUpTo(3, 91)).toEqual(dasDennis(3, 12));
    expect(layersUpTo(3, 100)).toEqual(dasDennis(3, 12));
    expect(layersUpTo(5, 210)).toEqual(dasDennis(5, 6));
    expect(layersUpTo(2, 2)).toEqual(dasDennis(2, 1));
    expect(layersUpTo(1, 50).count).toBe(1);
  });

  test('are two layers for many objectives, as in the paper', () => {
    expect(layersUpTo(8, 156)).toEqual(twoLayers(8, 3, 2));
    expect(layersUpTo(10, 276)).toEqual(twoLayers(10, 3, 2));
    expect(layersUpTo(15, 136)).toEqual(twoLayers(15, 2, 1));
  });

  test('are the corners where no more fit', () => {
    expect(layersUpTo(8, 20)).toEqual(dasDennis(8, 1));
  });
});

describe('directions of small Riesz energy', () => {
  test('lie on the simplex, the corners first', () => {
    const directions = rieszEnergy(4, 30, randomOf('riesz'));
    const rows = rowsOf(directions);
    expect(rows.slice(0, 4)).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ]);
    for (const row of rows) {
      expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
      expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
    }
  });

  test('in two objectives are symmetric, wider apart at the ends than even spacing only slightly', () => {
    // By symmetry the three inner points of five are 1 - t, 1/2 and t. With the energy of s = 4 the minimum over t solves a
    // scalar equation; it is found here by a scan.
    const energy = (t: number) => {
      const points = [0, 1 - t, 0.5, t, 1];
      return points.reduce(
        (sum, a, i) => sum + points.slice(i + 1).reduce((part, b) => part + Math.abs(a - b) ** -4, 0),
        0,
      );
    };
    let best = 0.6;
    for (let t = 0.6; t < 0.9; t += 1e-5) if (energy(t) < energy(best)) best = t;
    const firsts = rowsOf(rieszEnergy(2, 5, randomOf(1)))
      .map(([first]) => first)
      .sort((a, b) => a - b);
    expect(firsts[0]).toBe(0);
    expect(firsts[4]).toBe(1);
    expect(firsts[1]).toBeCloseTo(1 - best, 3);
    expect(firsts[2]).toBeCloseTo(0.5, 3);
    expect(firsts[3]).toBeCloseTo(best, 3);
  });

  test('are nearly as far apart as a lattice of their number, and always the same for a stream', () => {
    const lattice = dasDennis(3, 5);
    const directions = rieszEnergy(3, lattice.count, randomOf('spread'));
    expect(smallestDistance(directions)).toBeGreaterThan(0.85 * smallestDistance(lattice));
    expect(rieszEnergy(3, lattice.count, randomOf('spread'))).toEqual(directions);
  });

  test('are the corners alone when no more are wanted, and the one direction of one objective', () => {
    expect(rowsOf(rieszEnergy(2, 2, randomOf(1)))).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(rowsOf(rieszEnergy(1, 1, randomOf(1)))).toEqual([[1]]);
  });

  test('are refused for fewer than the corners', () => {
    expect(() => rieszEnergy(4, 3, randomOf(1))).toThrow(InputError);
    expect(() => rieszEnergy(0, 3, randomOf(1))).toThrow(InputError);
    expect(() => rieszEnergy(3, 6, undefined as never)).toThrow(InputError);
  });
});
