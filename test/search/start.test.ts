import { describe, expect, test } from 'vitest';
import { bnh } from '../../problems/engineering.js';
import { configured } from '../../src/algorithms/configured.js';
import { muPlusLambda } from '../../src/algorithms/mu-plus-lambda.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { InputError } from '../../src/errors.js';
import { optimize } from '../../src/optimize.js';
import type { OptimizeOptions } from '../../src/options.js';
import { atMost, defineProblem, maximize, minimize } from '../../src/problem.js';
import { choice, real } from '../../src/space.js';

/** A problem that counts what it was asked, its kinds mixed, one metric maximised and one bounded. */
function counting() {
  const asked: string[] = [];
  const problem = defineProblem({
    name: 'counting',
    variables: { width: real(0, 1), kind: choice('plain', 'fine') },
    metrics: { weight: minimize(), strength: maximize() },
    constraints: [atMost('weight', 0.9)],
    evaluate: ({ width, kind }) => {
      asked.push(`${width} ${kind}`);
      if (width > 0.95) throw new Error('too wide');
      return {
        weight: width + (kind === 'fine' ? 0.1 : 0),
        strength: Math.sqrt(width) + (kind === 'fine' ? 0.2 : 0),
      };
    },
  });
  return { problem, asked };
}
const modes: [string, OptimizeOptions][] = [
  ['direct search', { surrogate: false, algorithm: 'nsga2', populationSize: 6 }],
  ['a surrogate', { surrogate: 'mape', populationSize: 10, generations: 10, initial: 8 }],
];

describe.each(modes)('with %s', (_, mode) => {
  test('seeds by name and as vectors are the first evaluations, repeated ones once', async () => {
    const { problem, asked } = counting();
    const seeds = [{ width: 0.5, kind: 'fine' as const }, Float64Array.of(0.25, 0), Float64Array.of(0.5, 1)];
    const run = await optimize(problem, { ...mode, budget: 14, seeds });
    expect(asked.slice(0, 2)).toEqual(['0.5 fine', '0.25 plain']);
    expect(run.evaluations).toHaveLength(14);
    expect(run.evaluations.slice(0, 3).map(({ origin, round }) => [origin, round])).toEqual([
      ['initial', 0],
      ['initial', 0],
      ['initial', 0],
    ]);
    expect(asked.filter((line) => line === '0.5 fine')).toHaveLength(1);
  });

  test('known evaluations come first, are not paid for again, and count against the budget', async () => {
    const { problem, asked } = counting();
    const earlier = await optimize(problem, { ...mode, budget: 12, seed: 3, seeds: [Float64Array.of(1, 0)] });
    expect(earlier.evaluations[0].error).toBe('too wide'); // a failure is known, too
    const before = asked.length;
    const run = await optimize(problem, { ...mode, budget: 20, seed: 4, known: earlier.evaluations });
    expect(run.evaluations).toHaveLength(20);
    expect(asked.length - before).toBe(8);
    const facts = ({ evaluations }: typeof run) =>
      evaluations.slice(0, 12).map(({ x, metrics, f, g, error }) => ({ x, metrics, f, g, error }));
    expect(facts(run)).toEqual(facts(earlier));
    expect(new Set(asked).size).toBe(asked.length);
    expect(run.hypervolume.history).toHaveLength(20);
  });

  test('the same start gives the same run', async () => {
    const { problem } = counting();
    const { evaluations: known } = await optimize(problem, { ...mode, budget: 9, seed: 5 });
    const vectors = async () =>
      (await optimize(problem, { ...mode, budget: 18, seed: 6, known })).evaluations.map(({ x }) => x.join());
    expect(await vectors()).toEqual(await vectors());
  });
});

test('the constraints of a numeric problem are known with the rest', async () => {
  const mode: OptimizeOptions = { surrogate: false, algorithm: 'ctaea', populationSize: 8 };
  const { evaluations: known } = await optimize(bnh(), { ...mode, budget: 16 });
  const run = await optimize(bnh(), { ...mode, budget: 32, known });
  expect(run.evaluations.slice(0, 16).map(({ g }) => g)).toEqual(known.map(({ g }) => g));
});

test('the first parents of direct search are the best of what is known', async () => {
  const { problem } = counting();
  const { evaluations: known, front } = await optimize(problem, {
    surrogate: false,
    algorithm: 'random',
    budget: 40,
  });
  const told: string[][] = [];
  const watching = muPlusLambda({
    rank: ({ x, size }, rank) => {
      told.push(Array.from({ length: size }, (_, i) => x.subarray(2 * i, 2 * i + 2).join()));
      rank.fill(0, 0, size);
    },
  });
  const places = front.length;
  await optimize(problem, {
    surrogate: false,
    algorithm: watching,
    populationSize: places,
    budget: 50,
    known,
  });
  expect(told[0].sort()).toEqual(front.map(({ x }) => x.join()).sort());
});

test('an algorithm of one’s own is taken as it is, and known by its name', async () => {
  const { problem } = counting();
  const own = muPlusLambda({ name: 'steady', children: 1 });
  const run = await optimize(problem, { surrogate: false, algorithm: own, populationSize: 4, budget: 10 });
  expect(run.options.algorithm).toBe('steady');
  expect(run.evaluations.map(({ round }) => round)).toEqual([0, 0, 0, 0, 1, 2, 3, 4, 5, 6]);
  const plain = await optimize(problem, {
    surrogate: false,
    algorithm: 'nsga2',
    populationSize: 4,
    budget: 20,
  });
  const set = configured(nsga2, { variation: { mutationProbability: 1 } });
  const mutating = await optimize(problem, {
    surrogate: false,
    algorithm: set,
    populationSize: 4,
    budget: 20,
  });
  expect(mutating.evaluations.map(({ x }) => x)).not.toEqual(plain.evaluations.map(({ x }) => x));
});

test.each<[OptimizeOptions, string | RegExp]>([
  [{ seeds: [{ width: 2, kind: 'fine' }] }, 'width must be a number in [0, 1], got 2'],
  [{ seeds: [Float64Array.of(0.5, 0.5)] }, 'kind must be a whole number in [0, 1], got 0.5'],
  [{ seeds: [Float64Array.of(0.5)] }, 'a decision vector must have 2 entries (width, kind), got 1'],
  [{ seeds: { width: 0.5, kind: 'fine' } as never }, 'seeds must be a list, got {"width":0.5,"kind":"fine"}'],
  [{ seeds: [[0.5, 0] as never] }, 'a seed must be values by name or a Float64Array, got [0.5,0]'],
  [{ seeds: [{ width: 0.5, kind: 'fine', depth: 1 }] }, 'a seed has the variables width, kind, got "depth"'],
  [{ known: {} as never }, 'known must be a list, got {}'],
  [{ known: [{} as never] }, 'a known evaluation must be one of run.evaluations, got {}'],
  [
    { algorithm: { name: 'nothing' } as never },
    'the algorithm must be one of ctaea, nsga2, nsga3, random, or an Algorithm, got {"name":"nothing"}',
  ],
])('refuses %j', async (options, sentence) => {
  const { problem } = counting();
  await expect(optimize(problem, { budget: 4, ...options })).rejects.toThrow(InputError);
  await expect(optimize(problem, { budget: 4, ...options })).rejects.toThrow(sentence);
});

test('refuses a known evaluation of other metrics', async () => {
  const { problem } = counting();
  const { evaluations } = await optimize(problem, { surrogate: false, algorithm: 'random', budget: 1 });
  const known = [{ ...evaluations[0], metrics: Float64Array.of(1) }];
  await expect(optimize(problem, { known })).rejects.toThrow(
    new InputError('a known evaluation must have the metrics weight, strength, got [1]'),
  );
});
