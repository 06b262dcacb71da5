import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hundredEvaluations, problems } from '../../problems/index.js';
import { type Problem, randomOf } from '../../src/index.js';
import { uniformSample } from '../../src/operators/sampling.js';
import { checkVector } from '../../src/space.js';

interface Evaluated {
  readonly f: Float64Array;
  readonly g: Float64Array;
}

function evaluateAll(problem: Problem, x: Float64Array): Evaluated {
  if (problem.evaluation.form !== 'numeric') throw new Error('a problem of the catalogue is numeric');
  const count = x.length / problem.space.length;
  const f = new Float64Array(count * problem.metricNames.length).fill(Number.NaN);
  const g = new Float64Array(count * problem.constraints.length).fill(Number.NaN);
  problem.evaluation.evaluateBatch(x, count, f, g);
  return { f, g };
}

/** Corners of the box: the lower, the upper, and random others. */
function corners({ space }: Problem, count: number): Float64Array {
  const random = randomOf('corners');
  const x = new Float64Array(count * space.length);
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / space.length);
    const upper = row === 0 ? false : row === 1 || random.uniform() < 0.5;
    x[i] = (upper ? space.upper : space.lower)[i % space.length];
  }
  return x;
}

describe.each(problems.map((entry) => [entry.name, entry] as const))('%s', (name, { create, reference }) => {
  const problem = create();
  const n = problem.space.length;
  const random = uniformSample(problem.space, 200, randomOf('conformance', name));

  test('goes by the name of its entry, apart from its numbers of objectives and variables', () => {
    expect(name.replace(/-m\d+-n\d+$/, '')).toBe(problem.name);
    const numbers = /-m(\d+)-n(\d+)$/.exec(name);
    if (numbers) expect([problem.objectives.length, n]).toEqual([Number(numbers[1]), Number(numbers[2])]);
  });

  test('has finite metrics and constraints inside its box and on its corners', () => {
    for (const x of [random, corners(problem, 100)]) {
      const { f, g } = evaluateAll(problem, x);
      expect(f.every(Number.isFinite)).toBe(true);
      expect(g.every(Number.isFinite)).toBe(true);
    }
  });

  test('gives a batch what it gives its rows one by one, every time', () => {
    const together = evaluateAll(problem, random);
    const rows = Array.from({ length: 200 }, (_, i) =>
      evaluateAll(problem, random.slice(i * n, (i + 1) * n)),
    );
    expect(rows.flatMap(({ f }) => [...f])).toEqual([...together.f]);
    expect(rows.flatMap(({ g }) => [...g])).toEqual([...together.g]);
  });

  test('leaves the decision vectors as they are', () => {
    const before = random.slice();
    evaluateAll(problem, random);
    expect(random).toEqual(before);
  });

  test('is made anew, and equal, by every call', () => {
    const other = create();
    expect(other).not.toBe(problem);
    expect(evaluateAll(other, random)).toEqual(evaluateAll(problem, random));
  });

  test('accepts what the sampling draws', () => {
    for (let i = 0; i < 200; i++) checkVector(problem.space, random.subarray(i * n, (i + 1) * n));
  });

  test('has a reference of its number of objectives, the ideal below the nadir', () => {
    if (!reference) return;
    expect(reference.ideal).toHaveLength(problem.objectives.length);
    expect(reference.nadir).toHaveLength(problem.objectives.length);
    reference.ideal.forEach((value, j) => {
      expect(value).toBeLessThan(reference.nadir[j]);
    });
  });

  test('has no feasible random point that dominates the ideal', () => {
    if (!reference) return;
    const { f, g } = evaluateAll(problem, random);
    const m = problem.objectives.length;
    const k = problem.constraints.length;
    for (let i = 0; i < 200; i++) {
      if (!g.subarray(i * k, (i + 1) * k).every((value) => value <= 0)) continue;
      problem.objectives.forEach(({ sign, metric }, j) => {
        // The stored figures are rounded to six decimals.
        expect(sign * f[i * m + metric]).toBeGreaterThan(reference.ideal[j] - 1e-6);
      });
    }
  });
});

test('names are unique, and the protocol of hundred evaluations is made of them', () => {
  const names = problems.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(hundredEvaluations).toHaveLength(10);
  for (const name of hundredEvaluations) expect(names).toContain(name);
});

const baselines = new URL('../../../shared/reference/hundred-evaluations/baselines.json', import.meta.url);
const present = existsSync(baselines);

describe.skipIf(!present)('the protocol of hundred evaluations (skipped where ../shared is absent)', () => {
  const stored = present
    ? (
        JSON.parse(readFileSync(baselines, 'utf8')) as {
          problems: Record<
            string,
            { ideal: number[]; nadir: number[]; hv_true_norm: number; random_feasible_fraction: number }
          >;
        }
      ).problems
    : {};
  const plain = (name: string) => name.replace(/-m\d+-n\d+$/, '').replaceAll('-', '');
  const found = hundredEvaluations.map((name) => {
    const key = Object.keys(stored).find((candidate) => candidate.toLowerCase() === plain(name));
    return { name, expected: stored[key ?? ''], entry: problems.find((entry) => entry.name === name)! };
  });

  test.each(found)('$name has the stored ideal, nadir and hypervolume', ({ entry, expected }) => {
    expect(entry.reference!.ideal).toEqual(expected.ideal);
    expect(entry.reference!.nadir).toEqual(expected.nadir);
    expect(entry.reference!.hypervolume).toBeCloseTo(expected.hv_true_norm, 9);
  });

  // compress7 is left out: its stored share was drawn by rounding reals, which gives end values half the weight.
  test.each(found.filter(({ name }) => name !== 'compress7'))(
    '$name is as often feasible at random as another implementation found',
    ({ entry, expected }) => {
      const problem = entry.create();
      const count = 20_000;
      const { g } = evaluateAll(problem, uniformSample(problem.space, count, randomOf('feasible')));
      const k = problem.constraints.length;
      let feasible = 0;
      for (let i = 0; i < count; i++)
        if (g.subarray(i * k, (i + 1) * k).every((value) => value <= 0)) feasible++;
      const share = expected.random_feasible_fraction;
      // The stored share is of 4000 draws: five standard errors of the difference.
      const tolerance = 5 * Math.sqrt(share * (1 - share) * (1 / 4000 + 1 / count));
      expect(Math.abs(feasible / count - share)).toBeLessThanOrEqual(tolerance);
    },
  );
});
