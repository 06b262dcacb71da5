import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { hypervolume } from '../../src/indicators/hypervolume.js';
import { hypervolumeContributions } from '../../src/indicators/hypervolume-contributions.js';
import { randomOf } from '../../src/math/random.js';

/** By the definition: the whole less the whole without the row. */
function byDefinition(rows: readonly (readonly number[])[], reference: readonly number[]): number[] {
  const whole = hypervolume(rows.flat(), rows.length, reference);
  return rows.map((_, i) => {
    const others = rows.filter((_, k) => k !== i);
    return whole - hypervolume(others.flat(), others.length, reference);
  });
}

describe('hypervolumeContributions', () => {
  it('are the corners of the staircase, worked by hand', () => {
    // Under (5, 5): (1, 4) alone has [1, 2) x [4, 5), (2, 2) has [2, 4) x [2, 4), (4, 1) has [4, 5) x [1, 2).
    expect([...hypervolumeContributions([4, 1, 1, 4, 2, 2], 3, [5, 5])]).toEqual([1, 1, 4]);
  });

  it('are the distance to the second best for one objective', () => {
    expect([...hypervolumeContributions([3, 1, 2, 9], 4, [5])]).toEqual([0, 1, 0, 0]);
    expect([...hypervolumeContributions([3], 1, [5])]).toEqual([2]);
  });

  it('are the whole for a point alone', () => {
    expect([...hypervolumeContributions([1, 1, 1, 1], 1, [2, 3, 4, 5])]).toEqual([1 * 2 * 3 * 4]);
  });

  it('are 0 for repeated points, dominated points, points outside and NaN', () => {
    for (const m of [1, 2, 3, 4, 5]) {
      const twice = [
        Array(m).fill(1),
        Array(m).fill(1),
        Array(m).fill(2),
        Array(m).fill(4),
        Array(m).fill(Number.NaN),
      ];
      expect([...hypervolumeContributions(twice.flat(), 5, Array<number>(m).fill(3))]).toEqual([
        0, 0, 0, 0, 0,
      ]);
    }
  });

  it('count what a dominated point still holds', () => {
    expect([...hypervolumeContributions([1, 1, 2, 2], 2, [3, 3])]).toEqual([3, 0]);
    expect([...hypervolumeContributions([1, 1, 1, 2, 2, 2], 2, [3, 3, 3])]).toEqual([7, 0]);
  });

  it('are none for no point', () => {
    expect(hypervolumeContributions([], 0, [1, 1, 1])).toHaveLength(0);
    expect([...hypervolumeContributions([2, 2, 2], 1, [1, 1, 1])]).toEqual([0]);
  });

  it('refuse what they are not defined for', () => {
    expect(() => hypervolumeContributions([Number.NEGATIVE_INFINITY, 0], 1, [1, 1])).toThrow(InputError);
    expect(() => hypervolumeContributions([0, 0], 1, [1, Number.NaN])).toThrow(InputError);
  });

  for (const m of [1, 2, 3, 4, 5, 6])
    it(`equal the difference that each row makes, for ${m} objectives, ties included`, () => {
      const point = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: m, maxLength: m });
      fc.assert(
        fc.property(fc.array(point, { maxLength: 12 }), (points) => {
          const reference = Array<number>(m).fill(5);
          const expected = byDefinition(points, reference);
          const found = hypervolumeContributions(points.flat(), points.length, reference);
          expected.forEach((value, i) => {
            expect(found[i]).toBeCloseTo(value, 9);
          });
        }),
        { numRuns: 150 },
      );
    });

  it('equal the differences on a large front of three objectives with copies, dominated rows and rows outside', () => {
    const random = randomOf(2, 'front');
    const rows = Array.from({ length: 150 }, () => {
      const row = Array.from({ length: 3 }, () => Math.abs(random.normal()));
      return row.map((value) => value / Math.hypot(...row));
    });
    rows.push(...rows.slice(0, 10), ...rows.slice(20, 40).map(([x, y, z]) => [x, y + 0.01, z + 0.02]));
    const reference = [0.97, 1.1, 0.95];
    const expected = byDefinition(rows, reference);
    const found = hypervolumeContributions(rows.flat(), rows.length, reference);
    for (let i = 0; i < rows.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(1e-14);
    expect([...found.slice(0, 10), ...found.slice(150)].every((value) => value === 0)).toBe(true);
  });

  it('equal the differences on larger random sets', () => {
    const random = randomOf(1, 'contributions');
    for (const m of [2, 3, 4, 5]) {
      const rows = Array.from({ length: 60 }, () => Array.from({ length: m }, () => random.uniform()));
      const reference = Array<number>(m).fill(0.95);
      const expected = byDefinition(rows, reference);
      const found = hypervolumeContributions(rows.flat(), 60, reference);
      for (let i = 0; i < 60; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(1e-14);
    }
  });
});
