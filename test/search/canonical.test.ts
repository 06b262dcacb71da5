import { expect, test } from 'vitest';
import { choice, defineProblem, infillRules, integer, minimize, optimize } from '../../src/index.js';
import { encodingOf } from '../../src/surrogates/encoding.js';

/** Six decisions: off, whatever the level, and five levels. */
function problemCounting() {
  const asked: string[] = [];
  const problem = defineProblem({
    name: 'a switch and a level',
    variables: { mode: choice('on', 'off'), level: integer(0, 4) },
    metrics: { a: minimize(), b: minimize() },
    canonical: ({ mode, level }) => ({ mode, level: mode === 'off' ? 0 : level }),
    evaluate({ mode, level }) {
      asked.push(`${mode} ${level}`);
      return mode === 'off' ? { a: 2, b: 2 } : { a: level, b: 4 - level };
    },
  });
  return { problem, asked };
}

const searches = [
  { algorithm: 'nsga2', surrogate: false },
  { algorithm: 'random', surrogate: false },
  { algorithm: 'ctaea', surrogate: false },
  { surrogate: 'mape' },
  ...infillRules.map((infillRule) => ({ surrogate: 'auto', infillRule, exploration: 0.5 }) as const),
] as const;

test.each(searches)('decisions that mean the same are one, by %o', async (options) => {
  const { problem, asked } = problemCounting();
  const run = await optimize(problem, {
    ...options,
    budget: 40,
    initial: 3,
    populationSize: 8,
    generations: 5,
  });
  expect(run.ended).toBe('exhausted');
  expect([...asked].sort()).toEqual(['off 0', 'on 0', 'on 1', 'on 2', 'on 3', 'on 4']);
  expect(run.front.map(({ variables }) => variables)).not.toContainEqual({ mode: 'off', level: 1 });
});

test('seeds and known evaluations that mean the same are one', async () => {
  const { problem, asked } = problemCounting();
  const seeds = [
    { mode: 'off', level: 3 },
    { mode: 'off', level: 1 },
    { mode: 'on', level: 1 },
  ] as const;
  const first = await optimize(problem, { seeds, surrogate: false, budget: 2 });
  expect(asked).toEqual(['off 0', 'on 1']);
  expect(first.evaluations.map(({ x }) => [...x])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  // An evaluation from before the problem knew which decisions mean the same.
  const [{ x: _, ...facts }] = first.evaluations;
  const known = [{ ...facts, x: Float64Array.of(1, 4) }];
  const next = await optimize(problem, { known, seeds, surrogate: false, budget: 2 });
  expect(asked).toEqual(['off 0', 'on 1', 'on 1']);
  expect(next.evaluations).toHaveLength(2);
});

test('models see decisions that mean the same as one', () => {
  const { problem } = problemCounting();
  const encoding = encodingOf(problem.space);
  const out = new Float64Array(3 * encoding.width);
  encoding.encode(Float64Array.of(0, 3, 1, 3, 1, 2), 3, out);
  expect([...out]).toEqual([1, 0, 0.75, 0, 1, 0, 0, 1, 0]);
});
