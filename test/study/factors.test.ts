import { describe, expect, it } from 'vitest';
import { compressionVariables } from '../../problems/compression/index.js';
import {
  COMPRESSION_FACTORS,
  choice,
  defineProblem,
  eachForItself,
  factorial,
  groupOf,
  integer,
  minimize,
  optimize,
  rankCorrelations,
  real,
} from '../../src/index.js';

const problem = defineProblem({
  name: 'small',
  variables: { a: integer(0, 2), b: real(0, 1), c: real(0, 1), d: choice('x', 'y') },
  metrics: { f: minimize() },
  evaluate: () => ({ f: 0 }),
});
const study = {
  factors: [
    { variables: ['a'], levels: [0, 2] },
    { variables: ['b', 'c'], levels: [0.25, 0.5] },
  ],
  fixed: { d: 'y' },
  marks: { first: ['a'], last: ['d'] },
};

describe('a full factorial', () => {
  it('has every combination once, the last factor fastest', () => {
    expect(factorial(problem, study).map((x) => [...x])).toEqual([
      [0, 0.25, 0.25, 1],
      [0, 0.5, 0.5, 1],
      [2, 0.25, 0.25, 1],
      [2, 0.5, 0.5, 1],
    ]);
  });

  it('measures combinations that mean the same one by one', async () => {
    const folded = defineProblem({
      name: 'folded',
      variables: { a: integer(0, 1), b: integer(0, 2) },
      canonical: ({ a, b }) => ({ a, b: a === 0 ? 0 : b }),
      metrics: { f: minimize() },
      evaluate: ({ a, b }) => ({ f: a + b }),
    });
    const vectors = factorial(folded, {
      factors: ['a', 'b'].map((name) => ({ variables: [name], levels: name === 'a' ? [0, 1] : [0, 1, 2] })),
      fixed: {},
      marks: {},
    });
    const run = await optimize(eachForItself(folded), {
      surrogate: false,
      algorithm: 'random',
      budget: 6,
      seeds: vectors,
    });
    expect(run.evaluations.map(({ x }) => [...x])).toEqual(vectors.map((x) => [...x]));
  });

  it('of the compression problem has the 90 vectors of the plan', () => {
    const network = defineProblem({
      name: 'network',
      variables: compressionVariables,
      metrics: { f: minimize() },
      evaluate: () => ({ f: 0 }),
    });
    const vectors = factorial(network, COMPRESSION_FACTORS);
    expect(new Set(vectors.map(String)).size).toBe(90);
    for (const [, , x3, x4, x5, x6] of vectors) {
      expect(x3).toBe(x4);
      expect([x5, x6]).toEqual([2, 2]);
    }
    const groups = vectors.map((x) => groupOf(network, COMPRESSION_FACTORS, x));
    const count = (group: string) => groups.filter((one) => one === group).length;
    expect([count('none'), count('quantized'), count('pruned'), count('both')]).toEqual([5, 5, 40, 40]);
  });

  it.each([
    [{ ...study, fixed: {} }, 'every variable must have a factor or be fixed, got neither for "d"'],
    [{ ...study, fixed: { d: 'y', e: 1 } }, 'the factors must be among a, b, c, d, got "e"'],
    [{ ...study, fixed: { d: 'y', a: 1 } }, 'a variable must have one factor, got "a" twice'],
    [{ ...study, fixed: { d: 'z' } }, 'd must be one of ["x","y"], got "z"'],
    [
      { ...study, factors: [{ variables: ['a'], levels: [3] }, study.factors[1]] },
      'a must be a whole number in [0, 2], got 3',
    ],
    [
      { ...study, factors: [{ variables: ['a'], levels: [] }, study.factors[1]] },
      'a factorial must have 1 to 100000 combinations, got 0',
    ],
  ])('is refused where it breaks a law', (bad, message) => {
    expect(() => factorial(problem, bad)).toThrow(message);
  });
});

it('a point is named by the marks that it carries', () => {
  const group = (x: number[]) => groupOf(problem, study, x);
  expect(
    [
      [0, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
      [2, 0, 0, 1],
    ].map(group),
  ).toEqual(['none', 'first', 'last', 'both']);
});

it('rank correlations are those of the ranks, failed points left out', () => {
  const point = (f: number, g: number, h: number) => ({ x: [], metrics: { f, g, h }, group: '' });
  const failed = { x: [], metrics: {}, group: '', error: 'it broke' };
  const points = [point(1, 10, 5), point(2, 100, 5), failed, point(3, 1, 5), point(4, 0, 5)];
  const [[ff, fg, fh]] = rankCorrelations(points, ['f', 'g', 'h']);
  expect(ff).toBeCloseTo(1, 12);
  // Ranks 1 2 3 4 against 3 4 2 1: 1 - 6 (4 + 4 + 1 + 9) / (4 * 15).
  expect(fg).toBeCloseTo(1 - (6 * 18) / 60, 12);
  expect(fh).toBeNaN();
});
