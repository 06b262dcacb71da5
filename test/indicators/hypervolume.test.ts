import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { hypervolume, hypervolumeWorkspace } from '../../src/indicators/hypervolume.js';
import { hypervolumeContributions } from '../../src/indicators/hypervolume-contributions.js';
import { type Random, randomOf } from '../../src/math/random.js';

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

  it('refuses a reference without entries and rows that are not there', () => {
    expect(() => hypervolume([0, 0], 1, [])).toThrow(InputError);
    expect(() => hypervolume([0, 0], -1, [1, 1])).toThrow('a whole number from 0, got -1');
    expect(() => hypervolume([0, 0], 0.5, [1, 1])).toThrow(InputError);
    expect(() => hypervolume([0, 0, 0], 2, [1, 1])).toThrow('2 rows of 2 objectives need 4 values, got 3');
  });

  it('refuses what is no array, and so do contributions', () => {
    for (const measure of [hypervolume, hypervolumeContributions]) {
      expect(() => measure([0, 0], 1, undefined as never)).toThrow('the reference point must be an array');
      expect(() => measure(null as never, 1, [1, 1])).toThrow(
        'the rows must be an array of numbers, got null',
      );
    }
  });

  it('is infinite when a point inside is unbounded', () => {
    const point = [0, Number.NEGATIVE_INFINITY, 0, 0];
    for (const m of [2, 3, 4])
      expect(hypervolume(point, 1, Array<number>(m).fill(1))).toBe(Number.POSITIVE_INFINITY);
    expect(hypervolume([2, Number.NEGATIVE_INFINITY], 1, [1, 1])).toBe(0);
  });

  it('reads only the rows it is asked for', () => {
    expect(hypervolume([1, 1, 0, 0], 1, [3, 3])).toBe(4);
  });

  it('is the same with a workspace shared by calls of all sizes, and while a call is inside another', () => {
    const random = randomOf(6, 'workspace');
    const workspace = hypervolumeWorkspace();
    for (const [m, n] of [
      [5, 30],
      [2, 200],
      [3, 500],
      [6, 20],
      [3, 7],
      [4, 60],
      [1, 3],
      [5, 40],
      [4, 20],
      [3, 4000],
      [5, 130],
      [5, 90],
      [3, 500],
      [5, 80],
      [4, 30],
      [2, 300],
      [4, 25],
    ]) {
      const f = onSphere(n, m, random).flat();
      const reference = Array<number>(m).fill(1.1);
      const value = hypervolume(f, n, reference);
      expect(hypervolume(f, n, reference, workspace)).toBe(value);
      // An input that computes another hypervolume whenever it is read.
      const nested = new Proxy(f, {
        get: (target, key) => {
          if (key === '0') hypervolume([3, 1, 2, 2, 1, 3, 1, 3, 2], 3, [4, 4, 4]);
          return Reflect.get(target, key);
        },
      });
      expect(hypervolume(nested, n, reference)).toBe(value);
    }
  });

  it('equals inclusion-exclusion with infinities and points outside among the rows', () => {
    const coordinate = fc.oneof(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, -0, 5),
    );
    for (const m of [2, 3, 4, 5, 6])
      fc.assert(
        fc.property(
          fc.array(fc.array(coordinate, { minLength: m, maxLength: m }), { maxLength: 9 }),
          (points) => {
            const reference = Array.from({ length: m }, (_, j) => 4 + (j % 3));
            const within = points.filter((point) => point.every((value, j) => value < reference[j]));
            expect(hypervolume(points.flat(), points.length, reference)).toBeCloseTo(
              byInclusionExclusion(within, reference),
              9,
            );
          },
        ),
        { numRuns: 100 },
      );
  });

  it('leaves its input as it is', () => {
    const f = Float64Array.from([3, 1, 2, 2, 1, 3, 1, 3, 2, 2, 3, 1]);
    const before = f.slice();
    for (const m of [1, 2, 3, 4]) hypervolume(f, 12 / m, Array<number>(m).fill(4));
    expect(f).toEqual(before);
  });

  it('is that of the first objectives times a length when the last is the same for all', () => {
    const random = randomOf(3, 'prism');
    for (const m of [3, 4, 5, 6]) {
      const rows = Array.from({ length: 60 }, () => Array.from({ length: m - 1 }, () => random.uniform()));
      const flat = hypervolume(rows.flat(), 60, Array<number>(m - 1).fill(1));
      const prism = rows.flatMap((row) => [...row, 0.25]);
      expect(hypervolume(prism, 60, Array<number>(m).fill(1))).toBeCloseTo(flat * 0.75, 12);
    }
  });

  it('is a prism over many points of four objectives that do not dominate one another', () => {
    const random = randomOf(7, 'long prism');
    const rows = onSphere(200, 4, random);
    const flat = hypervolume(rows.flat(), 200, Array<number>(4).fill(1.1));
    for (const m of [5, 6]) {
      const prism = rows.flatMap((row) => [...row, ...Array<number>(m - 4).fill(0.25)]);
      expect(hypervolume(prism, 200, Array<number>(m).fill(1.1)) / flat / 0.85 ** (m - 4)).toBeCloseTo(1, 12);
    }
  });

  it('does not depend on the order of the rows or of the objectives', () => {
    const random = randomOf(4, 'order');
    for (const [m, n] of [
      [2, 80],
      [3, 80],
      [4, 80],
      [5, 80],
      [5, 700],
      [6, 80],
    ]) {
      const rows = onSphere(n, m, random);
      const reference = Array.from({ length: m }, (_, j) => 1 + 0.1 * j);
      const value = hypervolume(rows.flat(), n, reference);
      const turned = random.shuffle(rows).flatMap((row) => [...row].reverse());
      expect(hypervolume(turned, n, [...reference].reverse()) / value).toBeCloseTo(1, 12);
    }
  });

  it('counts a long staircase of three objectives stair by stair', () => {
    const n = 3000;
    const rows = Array.from({ length: n }, (_, i) => [i, n - 1 - i, i]);
    // At height i, stairs 0 .. i below (n, n): columns 0 .. i - 1 of height 1 .. i, then n - i columns of height i + 1.
    let expected = 0;
    for (let i = 0; i < n; i++) expected += (i * (i + 1)) / 2 + (n - i) * (i + 1);
    expect(hypervolume(rows.flat(), n, [n, n, n])).toBe(expected);
  });

  it('counts the cells of a grid that many points of four objectives dominate, ties and copies among them', () => {
    const random = randomOf(8, 'cells');
    for (const side of [3, 5, 8, 12])
      for (let trial = 0; trial < 10; trial++) {
        const count = 10 + random.integer(60);
        // Near a plane, so that few dominate one another, and slices and their staircases are long.
        const rows = Array.from({ length: count }, () => {
          const row = Array.from({ length: 3 }, () => random.integer(side));
          const sum = row[0] + row[1] + row[2];
          const fourth = Math.min(side - 1, Math.max(0, (3 * side - 3) / 2 - sum + random.integer(2)));
          return [...row, Math.floor(fourth)];
        });
        expect(hypervolume(rows.flat(), count, Array<number>(4).fill(side))).toBe(cellsOf(rows, side));
      }
  });

  it('is the sum of slices: four, five and six objectives against slicing in steps of one', () => {
    const random = randomOf(5, 'slices');
    for (const m of [4, 5, 6]) {
      const rows = Array.from({ length: 40 }, () => Array.from({ length: m }, () => random.integer(6)));
      let expected = 0;
      for (let level = 0; level < 6; level++) {
        const below = rows.filter((row) => row[m - 1] <= level).map((row) => row.slice(0, m - 1));
        expected += hypervolume(below.flat(), below.length, Array<number>(m - 1).fill(6));
      }
      expect(hypervolume(rows.flat(), 40, Array<number>(m).fill(6))).toBeCloseTo(expected, 6);
    }
  });

  for (const m of [1, 2, 3, 4, 5, 6])
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

  const sets = pointSets();
  describe.skipIf(sets.length === 0)('on the point sets of ../shared (skipped where absent)', () => {
    it.each(sets)('agrees with moocore on $file', ({ f, n, ref, hv }) => {
      expect(Math.abs(hypervolume(f, n, ref) / hv - 1)).toBeLessThan(1e-12);
    });
  });

  const records = frontRecords();
  describe.skipIf(records.length === 0)('on the reference fronts of ../shared (skipped where absent)', () => {
    it.each(records)('agrees with moocore on $front', ({ f, n, ideal, nadir, refPoint, hvOfFront }) => {
      const scale = ideal.reduce((product, low, j) => product * (nadir[j] - low), 1);
      expect(Math.abs(hypervolume(f, n, refPoint) / scale / hvOfFront - 1)).toBeLessThan(1e-9);
    });
  });
});

/** How many cells of a grid of four dimensions, `side` long each, are not below some row in any. */
function cellsOf(rows: readonly (readonly number[])[], side: number): number {
  let cells = 0;
  for (let x = 0; x < side; x++)
    for (let y = 0; y < side; y++)
      for (let z = 0; z < side; z++) {
        const lowest = Math.min(
          side,
          ...rows.filter((r) => r[0] <= x && r[1] <= y && r[2] <= z).map((r) => r[3]),
        );
        cells += side - lowest;
      }
  return cells;
}

/** Points on the positive part of the unit sphere. */
function onSphere(count: number, m: number, random: Random): number[][] {
  return Array.from({ length: count }, () => {
    const direction = Array.from({ length: m }, () => Math.abs(random.normal()));
    const norm = Math.hypot(...direction);
    return direction.map((value) => value / norm);
  });
}

function pointSets(): { file: string; f: number[]; n: number; ref: number[]; hv: number }[] {
  const folder = new URL('../../../shared/reference/hypervolume/', import.meta.url);
  if (!existsSync(folder)) return [];
  const records: { file: string; n: number; ref: number[]; hv: number }[] = JSON.parse(
    readFileSync(new URL('moocore.json', folder), 'utf8'),
  );
  return records.map((record) => ({ ...record, f: numbersOf(new URL(record.file, folder)) }));
}

interface FrontRecord {
  readonly front: string;
  readonly ideal: number[];
  readonly nadir: number[];
  readonly refPoint: number[];
  readonly hvOfFront: number;
}

function frontRecords(): (FrontRecord & { f: number[]; n: number })[] {
  const folder = new URL('../../../shared/reference/', import.meta.url);
  if (!existsSync(folder)) return [];
  const { records }: { records: FrontRecord[] } = JSON.parse(
    readFileSync(new URL('pymoo.json', folder), 'utf8'),
  );
  const byFront = new Map(records.map((record) => [record.front, record]));
  return [...byFront.values()].map((record) => {
    const f = numbersOf(new URL(record.front, folder));
    return { ...record, f, n: f.length / record.ideal.length };
  });
}

function numbersOf(file: URL): number[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('f')) // the names of the columns
    .flatMap((line) => line.split(',').map(Number));
}
