import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { hypervolume } from '../../src/indicators/hypervolume.js';

/** Inclusion-exclusion over all subsets: the union of boxes from each point to the reference. */
function byInclusionExclusion(points: readonly (readonly number[])[], reference: readonly number[]): number {
  let sum = 0;
  for (let subset = 1; subset < 1 << points.length; subset++) {
    const members = points.filter((_, i) => subset & (1 << i));
    const volume = reference.reduce(
      (product, r, j) => product * Math.max(0, r - Math.max(...members.map((point) => point[j]))),
      1,
    );
    sum += members.length % 2 === 1 ? volume : -volume;
  }
  return sum;
}

describe('hypervolume', () => {
  it('is the area of the staircase, worked by hand', () => {
    // Under (5, 5), slice by slice of the second objective: 1 x 4 above (1, 4), 2 x 3 above (2, 2), 1 x 1 above (4, 1).
    expect(hypervolume([1, 4, 2, 2, 4, 1], 3, [5, 5])).toBe(4 + 6 + 1);
  });

  it('is a length for one objective and a product for one point', () => {
    expect(hypervolume([3, 1, 2], 3, [5])).toBe(4);
    expect(hypervolume([1, 2, 3, 4], 1, [2, 4, 6, 8])).toBe(1 * 2 * 3 * 4);
  });

  it('ignores points outside the box, dominated and repeated points, and NaN', () => {
    const alone = hypervolume([1, 1], 1, [3, 3]);
    expect(hypervolume([1, 1, 2, 2, 1, 1, 3, 0, 0, 4, Number.NaN, 0], 6, [3, 3])).toBe(alone);
  });

  it('is 0 for no point', () => {
    expect(hypervolume([], 0, [1, 1])).toBe(0);
  });

  it('refuses a reference point that is not finite', () => {
    expect(() => hypervolume([0, 0], 1, [1, Number.POSITIVE_INFINITY])).toThrow(InputError);
  });

  for (const m of [1, 2, 3, 4, 5])
    it(`equals inclusion-exclusion on random points of ${m} objectives, ties included`, () => {
      const coordinate = fc.integer({ min: 0, max: 6 });
      const point = fc.array(coordinate, { minLength: m, maxLength: m });
      fc.assert(
        fc.property(fc.array(point, { maxLength: 8 }), (points) => {
          const reference = Array<number>(m).fill(5);
          expect(hypervolume(points.flat(), points.length, reference)).toBeCloseTo(
            byInclusionExclusion(points, reference),
            9,
          );
        }),
        { numRuns: 200 },
      );
    });

  const folder = new URL('../../../shared/reference/hypervolume/', import.meta.url);
  const present = existsSync(folder);
  describe.skipIf(!present)('on the point sets of ../shared (skipped where absent)', () => {
    for (const name of ['d2_n1000', 'd3_n100', 'd4_n100', 'd5_n50', 'd6_n50'])
      it(`agrees with moocore on spherical_${name}`, () => {
        const file = `spherical_${name}.csv`;
        const rows = readFileSync(new URL(file, folder), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(',').map(Number));
        const records: { file: string; hv: number }[] = JSON.parse(
          readFileSync(new URL('moocore.json', folder), 'utf8'),
        );
        const exact = records.find((record) => record.file === file)!.hv;
        const reference = Array<number>(rows[0].length).fill(1.1);
        const value = hypervolume(rows.flat(), rows.length, reference);
        expect(Math.abs(value / exact - 1)).toBeLessThan(1e-12);
      });
  });
});
