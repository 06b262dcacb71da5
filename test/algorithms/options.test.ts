import { describe, expect, test } from 'vitest';
import type { Algorithm, AlgorithmOptions } from '../../src/algorithm.js';
import { configured } from '../../src/algorithms/configured.js';
import { ctaea } from '../../src/algorithms/ctaea.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { muPlusLambda } from '../../src/algorithms/mu-plus-lambda.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { nsga3 } from '../../src/algorithms/nsga3.js';
import { randomSearch } from '../../src/algorithms/random-search.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import type { Sampling } from '../../src/operators/sampling.js';
import { sobol } from '../../src/operators/sobol.js';
import { dasDennis } from '../../src/ranking/reference-directions.js';
import { real, spaceOf } from '../../src/space.js';

const space = spaceOf({ a: real(0, 1), b: real(0, 1) });
const shape = { variables: 2, objectives: 3, constraints: 0 };
const bred: [string, Algorithm][] = [
  ['ctaea', ctaea],
  ['nsga2', nsga2],
  ['nsga3', nsga3],
  ['mu-plus-lambda', muPlusLambda()],
];
const first = (algorithm: Algorithm, options: Partial<AlgorithmOptions>) => {
  const state = algorithm.create(space, shape, { populationSize: 8, ...options });
  const { x, count } = algorithm.ask(state, randomOf(1));
  return [...x.subarray(0, 2 * count)];
};

describe.each(bred)('%s', (_, algorithm) => {
  test('draws its first population with the sampling that it is given, after the seeds', () => {
    const sampling: Sampling = (into, count) => sobol(into, count, randomOf('own'));
    expect(first(algorithm, { sampling })).toEqual([...sampling(space, 8, randomOf(1))]);
    const seeds = { x: Float64Array.of(0.25, 0.75), count: 1 };
    expect(first(algorithm, { sampling, seeds })).toEqual([
      0.25,
      0.75,
      ...sampling(space, 8, randomOf(1)).subarray(0, 14),
    ]);
  });

  test.each([
    [{ popSize: 3 }, 'the options of an algorithm are populationSize, '],
    [{ sampling: 'sobol' }, 'a sampling must be a function such as latinHypercube, got "sobol"'],
    [{ seeds: [[0, 0]] }, 'seeds must be { x, count } with x a Float64Array, got undefined for x'],
  ])('refuses %j in a sentence', (options, sentence) => {
    expect(() => first(algorithm, options as never)).toThrow(InputError);
    expect(() => first(algorithm, options as never)).toThrow(sentence);
  });

  test('refuses a sampling that returns another number of vectors', () => {
    expect(() => first(algorithm, { sampling: () => new Float64Array(6) })).toThrow(
      new InputError('a sampling must return 8 rows of 2 numbers, got 6 numbers'),
    );
  });

  test('varies as it is told to: without crossover and mutation nothing new is bred, and uniform samples step in', () => {
    const childrenOf = (options: Partial<AlgorithmOptions>) => {
      const state = algorithm.create(space, shape, { populationSize: 8, ...options });
      const random = randomOf(2);
      const { x, count } = algorithm.ask(state, random);
      const parents = new Set(x.subarray(0, 2 * count));
      algorithm.tell(
        state,
        { x, count },
        Float64Array.from({ length: 24 }, (_v, i) => (i * 7) % 11),
        new Float64Array(0),
      );
      const children = algorithm.ask(state, random);
      return [...children.x.subarray(0, 2 * children.count)].filter((value) => parents.has(value)).length;
    };
    // Values are passed on by crossover alone where nothing mutates; with neither every child is a duplicate.
    expect(childrenOf({ variation: { mutationProbability: 0, crossoverProbability: 0 } })).toBe(0);
    expect(
      childrenOf({ variation: { mutationProbability: 0, crossoverProbability: 1, crossoverEta: 2 } }),
    ).toBeGreaterThan(0);
  });

  test.each<[Partial<AlgorithmOptions>, string]>([
    [{ populationSize: 1 }, 'the population size must be a whole number from 2, got 1'],
    [{ variation: { crossoverProbability: 1.4 } }, 'crossoverProbability must lie in [0, 1], got 1.4'],
    [{ variation: { mutationEta: -1 } }, 'mutationEta must be 0 or more, got -1'],
    [
      { variation: { rate: 1 } as never },
      'the settings of variation are crossoverProbability, crossoverEta, mutationProbability, mutationEta, got "rate"',
    ],
    [
      { seeds: { x: Float64Array.of(0.5), count: 1 } },
      'seeds must be rows of 2 numbers, got 1 numbers for 1 rows',
    ],
    [{ seeds: { x: Float64Array.of(0.5, 1.5), count: 1 } }, 'b must be a number in [0, 1], got 1.5'],
  ])('refuses %j', (options, sentence) => {
    expect(() => first(algorithm, options)).toThrow(new InputError(sentence));
  });
});

describe.each<[string, Algorithm]>([
  ['ctaea', ctaea],
  ['nsga3', nsga3],
])('%s with reference directions of the user', (_, algorithm) => {
  test('spreads along them', () => {
    // f1 + f2 = 1 on the front; two directions ask for the middle and the end.
    const line = evolve(
      algorithm,
      spaceOf({ a: real(0, 1), b: real(0, 1) }),
      { variables: 2, objectives: 2, constraints: 0 },
      {
        populationSize: 2,
        generations: 200,
        directions: { count: 2, objectives: 2, w: Float64Array.of(0.5, 0.5, 0, 1) },
      },
      (x, count, f) => {
        for (let i = 0; i < count; i++) {
          f[2 * i] = x[2 * i] + x[2 * i + 1];
          f[2 * i + 1] = 1 - x[2 * i] + x[2 * i + 1];
        }
      },
      3,
    );
    const firsts = [...line.f.subarray(0, 2 * line.size)]
      .filter((_value, i) => i % 2 === 0)
      .sort((p, q) => p - q);
    expect(firsts).toHaveLength(2);
    expect(Math.abs(firsts[0])).toBeLessThan(0.05);
  });

  test.each<[unknown, string]>([
    [dasDennis(2, 4), 'reference directions must have the 3 objectives of the problem, got 2'],
    [
      { count: 0, objectives: 3, w: new Float64Array(0) },
      'reference directions must be one row or more of 3 weights, got 0 rows and 0 weights',
    ],
    [
      { count: 2, objectives: 3, w: Float64Array.of(1, 0, 0) },
      'reference directions must be one row or more of 3 weights, got 2 rows and 3 weights',
    ],
    [
      { count: 1, objectives: 3, w: Float64Array.of(0, 0, 0) },
      'a reference direction must have finite weights from 0 that are not all 0, got [0, 0, 0]',
    ],
    [
      { count: 1, objectives: 3, w: Float64Array.of(1, -1, 0) },
      'a reference direction must have finite weights from 0 that are not all 0, got [1, -1, 0]',
    ],
  ])('refuses %j', (directions, sentence) => {
    expect(() => first(algorithm, { directions: directions as never })).toThrow(new InputError(sentence));
  });
});

test('random search takes the seeds, then draws', () => {
  const seeds = { x: Float64Array.of(0.25, 0.75, 0.25, 0.75, 1, 0), count: 3 };
  const state = randomSearch.create(space, shape, { populationSize: 4, seeds });
  const random = randomOf(1);
  const { x, count } = randomSearch.ask(state, random);
  expect(count).toBe(4);
  expect([...x.subarray(0, 4)]).toEqual([0.25, 0.75, 1, 0]); // the repeated seed once
  const drawn = x.slice(4, 8);
  expect(randomSearch.ask(state, random).x).not.toContain(drawn[0]);
});

test('a configured algorithm is the algorithm with its options; those of the run win', () => {
  const set = configured(nsga2, { sampling: sobol, variation: { mutationProbability: 1 } });
  expect(first(set, {})).toEqual(first(nsga2, { sampling: sobol }));
  expect(set.create(space, shape, { populationSize: 4 }).variation.mutationProbability).toBe(1);
  expect(
    set.create(space, shape, { populationSize: 4, variation: { mutationEta: 5 } }).variation
      .mutationProbability,
  ).not.toBe(1);
  expect(set.name).toBe('nsga2');
});
