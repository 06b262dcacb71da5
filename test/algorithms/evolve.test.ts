import { describe, expect, test } from 'vitest';
import { type BatchFunction, type EvolveOptions, evolve, proceed } from '../../src/algorithms/evolve.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { appendRow, createPopulation, type Population } from '../../src/population.js';
import { integer, real, spaceOf } from '../../src/space.js';
import { maximumEvaluations } from '../../src/termination.js';

const space = spaceOf({ a: real(-1, 2), b: real(-1, 2) });
const shape = { variables: 2, objectives: 2, constraints: 1 };

/** Squared distances from (0, 0) and (1, 1), right of the line a = -0.5. */
const evaluate: BatchFunction = (x, count, f, g) => {
  for (let i = 0; i < count; i++) {
    const a = x[2 * i];
    const b = x[2 * i + 1];
    f[2 * i] = a ** 2 + b ** 2;
    f[2 * i + 1] = (a - 1) ** 2 + (b - 1) ** 2;
    g[i] = -0.5 - a;
  }
};
const contents = ({ x, f, g, cv, size }: Population) => ({
  x: [...x.subarray(0, 2 * size)],
  f: [...f.subarray(0, 2 * size)],
  g: [...g.subarray(0, size)],
  cv: [...cv.subarray(0, size)],
});
const run = (options: Partial<EvolveOptions>, evaluation = evaluate, random: number = 1) =>
  evolve(nsga2, space, shape, { populationSize: 10, ...options }, evaluation, random);

/** The vectors that an evaluation was asked for, generation by generation. */
function recorder() {
  const batches: string[][] = [];
  const recording: BatchFunction = (x, count, f, g) => {
    batches.push(Array.from({ length: count }, (_, i) => x.subarray(2 * i, 2 * i + 2).join()));
    evaluate(x, count, f, g);
  };
  return { batches, recording };
}

describe('the end of a run', () => {
  test('comes with the first that says so: generations, termination, or a callback that returns false', () => {
    const lengthOf = (options: Partial<EvolveOptions>) => {
      const { batches, recording } = recorder();
      run(options, recording);
      return batches.length;
    };
    expect(lengthOf({ generations: 6 })).toBe(6);
    expect(lengthOf({ generations: 6, termination: maximumEvaluations(31) })).toBe(4);
    expect(lengthOf({ generations: 3, termination: maximumEvaluations(100) })).toBe(3);
    expect(lengthOf({ generations: 6, onGeneration: ({ generation }) => generation < 2 })).toBe(2);
    expect(lengthOf({ generations: 6, onGeneration: () => undefined })).toBe(6);
  });

  test('needs to be decided somewhere', () => {
    expect(() => run({})).toThrow(new InputError('a run needs generations or a termination, got neither'));
    expect(() => run({ generations: 0 })).toThrow(
      new InputError('the number of generations must be a whole number from 1, got 0'),
    );
  });

  test('is told by proceed, which ends early in an exhausted space', () => {
    const small = spaceOf({ a: integer(0, 2) });
    const state = nsga2.create(small, { variables: 1, objectives: 1, constraints: 0 }, { populationSize: 4 });
    const generations = proceed(
      nsga2,
      state,
      { variables: 1, objectives: 1, constraints: 0 },
      { generations: 9 },
      (x, count, f) => f.set(x.subarray(0, count)),
      randomOf(1),
    );
    expect(generations).toBe(1);
    expect([...nsga2.result(state).x]).toEqual([0]);
  });
});

test('the callback sees every generation: its number, the evaluations, and what the algorithm stands for', () => {
  const seen: [number, number, number][] = [];
  const result = run({
    generations: 5,
    onGeneration: (now) => seen.push([now.generation, now.evaluations, now.result().size]),
  });
  expect(seen.map(([generation]) => generation)).toEqual([1, 2, 3, 4, 5]);
  expect(seen.map(([, evaluations]) => evaluations)).toEqual([10, 20, 30, 40, 50]);
  expect(seen[4][2]).toBe(result.size);
});

test('a seed is a stream: any 32-bit integer, and nothing else', () => {
  expect(contents(run({ generations: 3 }, evaluate, 7))).toEqual(
    contents(run({ generations: 3 }, evaluate, 7)),
  );
  expect(contents(run({ generations: 3 }, evaluate, 7))).not.toEqual(
    contents(run({ generations: 3 }, evaluate, 8)),
  );
  for (const seed of [-(2 ** 31), 2 ** 32 - 1])
    expect(() => run({ generations: 1 }, evaluate, seed)).not.toThrow();
  for (const seed of [1.5, 2 ** 32, -(2 ** 31) - 1, Number.NaN, null])
    expect(() => run({ generations: 1 }, evaluate, seed as never)).toThrow(
      new InputError(`the seed must be a 32-bit integer, got ${seed}`),
    );
});

test.each(['termination', 'onGeneration'])('a %s is a function', (what) => {
  expect(() => run({ generations: 1, [what]: 100 }, evaluate, 1)).toThrow(
    new InputError(`${what} must be a function, got 100`),
  );
});

test.each([
  [
    'the shape must have the 2 variables of the space, got 3',
    () =>
      evolve(nsga2, space, { ...shape, variables: 3 }, { populationSize: 4, generations: 1 }, evaluate, 1),
  ],
  [
    'the options of a run must be an object, got null',
    () => evolve(nsga2, space, shape, null as never, evaluate, 1),
  ],
  ['the evaluation must be a function, got null', () => run({ generations: 1 }, null as never)],
])('refuses: %s', (sentence, start) => {
  expect(start).toThrow(new InputError(sentence));
});

describe('an evaluation', () => {
  test('must not give NaN', () => {
    const broken: BatchFunction = (x, count, f, g) => {
      evaluate(x, count, f, g);
      f[3] = Number.NaN;
    };
    expect(() => run({ generations: 1 }, broken)).toThrow(InputError);
    expect(() => run({ generations: 1 }, broken)).toThrow(
      /^an evaluation must give a number for every objective and constraint, got NaN for objective 2 at \[.+, .+\]$/,
    );
  });

  test('must fill every objective and every constraint', () => {
    const lazy: BatchFunction = (x, count, f) => evaluate(x, count, f, new Float64Array(count));
    expect(() => run({ generations: 1 }, lazy)).toThrow(/got NaN for constraint 1 at/);
  });

  test('may give infinity', () => {
    const steep: BatchFunction = (x, count, f, g) => {
      evaluate(x, count, f, g);
      for (let i = 0; i < count; i++) if (x[2 * i] > 1) f[2 * i] = Number.POSITIVE_INFINITY;
    };
    expect(run({ generations: 10 }, steep).size).toBeGreaterThan(0);
  });
});

describe('a warm start', () => {
  const known = createPopulation(4, shape);
  const earlier = run({ generations: 5 });
  for (let i = 0; i < 4; i++) appendRow(earlier, i, known);

  test('takes known solutions into the first population and does not evaluate them again', () => {
    const { batches, recording } = recorder();
    const evaluations: number[] = [];
    run({ generations: 3, known, onGeneration: (now) => evaluations.push(now.evaluations) }, recording, 2);
    const vectors = Array.from({ length: known.size }, (_, i) => known.x.subarray(2 * i, 2 * i + 2).join());
    expect(batches.flat().filter((vector) => vectors.includes(vector))).toEqual([]);
    expect(batches.map((batch) => batch.length)).toEqual([6, 10, 10]);
    expect(evaluations).toEqual([6, 16, 26]);
  });

  test('is the run that evaluates them itself, as its seeds', () => {
    const seeds = { x: known.x, count: known.size };
    expect(contents(run({ generations: 8, known }, evaluate, 3))).toEqual(
      contents(run({ generations: 8, seeds }, evaluate, 3)),
    );
  });

  test('takes the best of more than a population, and goes before the seeds', () => {
    const many = createPopulation(30, shape);
    for (let i = 0; i < 30; i++) many.x.set([-1 + i / 10, i / 30], 2 * i);
    many.size = 30;
    evaluate(many.x, 30, many.f, many.g);
    for (let i = 0; i < 30; i++) many.cv[i] = Math.max(0, many.g[i]);
    const { batches, recording } = recorder();
    const seeds = { x: Float64Array.of(0.5, 0.5), count: 1 };
    const result = run({ generations: 1, known: many, seeds }, recording);
    expect(batches).toEqual([]); // ten known ones fill the population
    expect(result.size).toBeGreaterThan(0);
    for (const cv of contents(result).cv) expect(cv).toBe(0);
    const few = createPopulation(1, shape);
    few.x.set([0, 0]);
    few.size = 1;
    evaluate(few.x, 1, few.f, few.g);
    run({ generations: 1, known: few, seeds }, recording);
    expect(batches[0]).toHaveLength(9);
    expect(batches[0][0]).toBe('0.5,0.5');
  });

  test('refuses solutions of another shape', () => {
    const other = createPopulation(1, { variables: 2, objectives: 3, constraints: 1 });
    expect(() => run({ generations: 1, known: other })).toThrow(
      new InputError('known solutions must have the 2 objectives of the problem, got 3'),
    );
  });
});
