import { describe, expect, test } from 'vitest';
import { barAreas, problems, wireDiameters } from '../../problems/index.js';
import type { Problem } from '../../src/index.js';
import { closeTo, evaluateAt } from './evaluate-at.js';

/**
 * Values of the suite's published definitions (Tanabe and Ishibuchi, reproblem.py of May 2021), worked out by another program:
 * objectives, what is left of each constraint (negative where it is broken) and the sum of what is broken.
 */
interface Published {
  readonly name: string;
  readonly x: readonly number[];
  readonly f: readonly number[];
  readonly slack: readonly number[];
  readonly sum: number | null;
}

const published: readonly Published[] = [
  { name: 're21', x: [2, 2.5, 1.5, 1.25], f: [2002.055755465, 0.01845752766734], slack: [], sum: null },
  {
    name: 're22',
    x: [barAreas.indexOf(1.55), 5, 30],
    f: [135.57],
    slack: [-137.2166675, -2],
    sum: 139.2166675,
  },
  { name: 're22', x: [barAreas.indexOf(12), 0.5, 12], f: [356.4], slack: [-2263.68, -20], sum: 2283.68 },
  {
    name: 're23',
    x: [8, 5, 50, 100],
    f: [3272.293125],
    slack: [-0.465, -0.1645, 12996.93899575],
    sum: 0.6295,
  },
  {
    name: 're23',
    x: [20, 3, 150, 30],
    f: [15800.7703125],
    slack: [-1.645, -1.2435, 14961741.98233],
    sum: 2.8885,
  },
  {
    name: 're24',
    x: [0.6, 3],
    f: [360.6],
    slack: [-2.571428571429, -0.3333333333333, 0.9008818342152, 0.007936507936508],
    sum: 2.904761904762,
  },
  {
    name: 're24',
    x: [3, 40],
    f: [4803],
    slack: [0.9464285714286, 0.9, 0.9998884920635, 0.9994047619048],
    sum: 0,
  },
  {
    name: 're25',
    x: [9, 1.2, wireDiameters.indexOf(0.283)],
    f: [2.6084742647],
    slack: [3417.129991664, 9.044670167548, 1.240282685512, 5.493996050265, 0, 0.06932411728384],
    sum: 0,
  },
  {
    name: 're25',
    x: [40, 0.7, wireDiameters.indexOf(0.5)],
    f: [18.135398087],
    slack: [141737.3480994, -8.202709565217, -1.6, 5.954187130435, 0, 1.143103304348],
    sum: 9.802709565217,
  },
  {
    name: 're31',
    x: [0.004, 0.006, 1.5],
    f: [0.02790466131703, 14240.0062422],
    slack: [0.07209533868297, 85759.9937578, 83975.3276646],
    sum: 0,
  },
  {
    name: 're31',
    x: [0.0001, 50, 2.5],
    f: [134.6295918774, 377359.2452823],
    slack: [-134.5295918774, -277359.2452823, 99998.27674726],
    sum: 277493.7748741,
  },
  {
    name: 're32',
    x: [0.5, 5, 8, 0.75],
    f: [6.8654275, 0.005716666666667],
    slack: [9070.157513934, 19500, 0.25, 261464.9355966],
    sum: 0,
  },
  {
    name: 're32',
    x: [2, 0.5, 1.5, 0.25],
    f: [2.471018125, 2.601718518519],
    slack: [-4816.396735961, -866000, -1.75, -3702.263018329],
    sum: 874520.4097543,
  },
  {
    name: 're33',
    x: [60, 90, 2000, 15],
    f: [3.087, 2.87134502924],
    slack: [10, 0.2584571832979, 0.88752, 90072],
    sum: 0,
  },
  {
    name: 're33',
    x: [79, 78, 1200, 11.5],
    f: [-0.0807765, 6.043181146485],
    slack: [-21, 2.834175828634, 2.998027019352, 42324.25452229],
    sum: 21,
  },
  {
    name: 're34',
    x: [1.25, 2.5, 1.5, 2, 2.75],
    f: [1683.583874775, 9.49553125, 0.0936375],
    slack: [],
    sum: null,
  },
  {
    name: 're35',
    x: [3.5, 0.7, 17, 7.3, 7.8, 3.35, 5.29],
    f: [2998.277954034, 1100.211475676],
    slack: [
      0.002737602977699, 0.0004981095022439, 0.2585719506383, 0.4672116942203, 28.1, 7, 0, 0.375, 0.081,
      199.7885243245, 251.5978189609,
    ],
    sum: 0,
  },
  {
    name: 're35',
    x: [2.7, 0.8, 28, 8, 7.5, 3, 5.1],
    f: [5316.645981439, 1525.763835561],
    slack: [
      0.01636904761905, 0.001777580791226, 0.2359477661723, 0.490295622947, 17.6, 8.625, -1.625, 1.6, -0.01,
      -225.7638355614, 153.7290251186,
    ],
    sum: 227.3988355614,
  },
  { name: 're36', x: [15, 20, 40, 50], f: [0.2643333333333, 50], slack: [0.4618621651517], sum: 0 },
  {
    name: 're36',
    x: [12, 12, 60, 59],
    f: [17.65233333333, 60],
    slack: [-2.046866733997],
    sum: 2.046866733997,
  },
  { name: 're37', x: [0.2, 0.9, 0.4, 0.7], f: [0.1500412, 0.681717, 0.859176], slack: [], sum: null },
  { name: 're37', x: [0.75, 0.1, 0.6, 0.3], f: [0.8112777, 0.233761, 0.456322], slack: [], sum: null },
  {
    name: 're41',
    x: [0.6, 1.2, 0.7, 1.4, 1, 0.5, 1.1],
    f: [28.207005, 3.8604, 12.469695],
    slack: [
      0.47096096, 0.1166408, 0.14467748, 0.0420864, 5.683635, 6.60017, 0.1903, 0.1396, 0.61258, 0.04803,
    ],
    sum: 0,
  },
  {
    name: 're41',
    x: [1.4, 0.5, 1.3, 0.6, 2.5, 1.1, 0.45],
    f: [29.333511, 4.2965, 11.808755],
    slack: [
      -0.03640936, 0.10141796, 0.12975662, -0.1167228, 0.8026365, -0.165485, -3.1793, -0.2965, 0.128175,
      1.854315,
    ],
    sum: 3.79441716,
  },
  {
    name: 're42',
    x: [200, 30, 15, 10.5, 15, 0.7],
    f: [-722.9898994925, 9044.110783295, 6694.147035312],
    slack: [
      0.6666666666667, 1.666666666667, -0.04761904761905, 1.148159989381, 0.7, 463841.6107833, 33158.38921671,
      0.1457710959456, 1.705816326531,
    ],
    sum: 0.04761904761905,
  },
  {
    name: 're42',
    x: [260, 21, 24, 11.5, 17.5, 0.64],
    f: [-512.359503277, 12328.71709641, 11281.25094501],
    slack: [
      6.380952380952, 4.166666666667, -3.608695652174, -0.6379579634913, 6, 471138.4770964, 25861.52290359,
      0.141722999588, -5.71527173913,
    ],
    sum: 9.961925354796,
  },
  {
    name: 're61',
    x: [0.4, 0.05, 0.06],
    f: [73450.5107, 1200, 1426734.482471, 2199699.323419, 7147.5],
    slack: [0.7141, 1.01838, 42369.1356, 16109.0302, 10125.1366, 2033.25606, 558.4122],
    sum: 0,
  },
  {
    name: 're61',
    x: [0.02, 0.015, 0.09],
    f: [72916.60885, 60, 428020.3447413, 11900384.13502, 124948.3333333],
    slack: [
      -3.997933333333, -0.01878, 478.9050666667, 8979.206966667, 2868.868233333, 1981.6264749, 1.011633333333,
    ],
    sum: 4.016713333333,
  },
  {
    name: 're91',
    x: [0.6, 1.2, 0.7, 1.4, 1, 0.5, 1.1],
    f: [
      28.177005, 0.4704944, 0.6354975, 0.547882875, 0.8139259375, 0.87006140625, 0.9651, 0.9381232323232,
      0.9969407643312,
    ],
    slack: [],
    sum: null,
  },
  {
    name: 're91',
    x: [1.4, 0.5, 1.3, 0.6, 2.5, 1.1, 0.45],
    f: [
      29.258511, 0.9276836, 0.683068875, 0.5945105625, 1.2634440625, 1.026480713542, 1.074125, 0.987053030303,
      0.8818907643312,
    ],
    slack: [],
    sum: null,
  },
];

/** The CRE problem with the constraints of an RE problem. */
const kept: Record<string, string> = {
  re31: 'cre21',
  re32: 'cre22',
  re33: 'cre23',
  re35: 'cre24',
  re36: 'cre25',
  re41: 'cre31',
  re42: 'cre32',
  re61: 'cre51',
};

const create = (name: string): Problem => problems.find((entry) => entry.name === name)!.create();

test.each(published)(
  '$name at $x has the published objectives, the violations added up as the last where there are any',
  ({ name, x, f, sum }) => {
    const found = evaluateAt(create(name), x);
    expect(closeTo(found.f, sum === null ? f : [...f, sum], 1e-11)).toBe(true);
    expect(found.g).toEqual([]);
  },
);

test.each(published.filter(({ name }) => name in kept))(
  '$name at $x keeps the constraints in its CRE form, turned to g <= 0',
  ({ name, x, f, slack }) => {
    const found = evaluateAt(create(kept[name]), x);
    expect(closeTo(found.f, f, 1e-11)).toBe(true);
    expect(
      closeTo(
        found.g,
        slack.map((value) => -value),
        1e-11,
      ),
    ).toBe(true);
  },
);

test('every problem of the suite is checked', () => {
  const names = problems.map(({ name }) => name).filter((name) => /^c?re\d/.test(name));
  expect(names.sort()).toEqual(
    [...new Set(published.map(({ name }) => name)), ...Object.values(kept)].sort(),
  );
});

describe('the RE problems', () => {
  test('have the numbers of objectives in their names', () => {
    for (const { name, create } of problems.filter((entry) => /^c?re\d/.test(entry.name)))
      expect(create().objectives.length).toBe(Number(/\d/.exec(name)![0]));
  });

  test('have whole numbers where the source rounds', () => {
    const kinds = (name: string) =>
      Object.values(create(name).variables).map(({ kind }) => kind === 'integer');
    expect(kinds('re22')).toEqual([true, false, false]);
    expect(kinds('re23')).toEqual([true, true, false, false]);
    expect(kinds('re25')).toEqual([true, false, true]);
    expect(kinds('re35')).toEqual([false, false, true, false, false, false, false]);
    expect(kinds('re36')).toEqual([true, true, true, true]);
  });

  test('RE21 is best in volume with the smallest bars: 200 (2 + 2 + 2^(1/4) + 1), where it bends by 0.04', () => {
    const { f } = evaluateAt(create('re21'), [1, Math.SQRT2, Math.SQRT2, 1]);
    expect(f[0]).toBeCloseTo(200 * (5 + 2 ** 0.25), 9);
    expect(f[1]).toBeCloseTo(0.01 * (2 + 2 - 2 + 2), 12);
  });

  test('RE22 and RE33 are finite where the published form divides by zero', () => {
    for (const depth of [0, 40])
      expect(evaluateAt(create('re22'), [0, 0, depth]).f.every(Number.isFinite)).toBe(true);
    expect(evaluateAt(create('re33'), [78, 78, 2000, 15]).f.every(Number.isFinite)).toBe(true);
  });

  test('the lists to choose from ascend', () => {
    for (const list of [barAreas, wireDiameters])
      for (let i = 1; i < list.length; i++) expect(list[i]).toBeGreaterThan(list[i - 1]);
  });
});
