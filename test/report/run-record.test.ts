import { expect, test } from 'vitest';
import {
  choice,
  defineProblem,
  minimize,
  optimize,
  real,
  runRecord,
  type Variable,
} from '../../src/index.js';

async function recordOf(kind: Variable) {
  const problem = defineProblem({
    name: 'wave',
    variables: { width: real(0, 1), kind },
    metrics: { cost: minimize(), error: minimize() },
    evaluate: ({ width }) => ({ cost: width as number, error: 1 - (width as number) }),
  });
  return runRecord(await optimize(problem, { surrogate: false, budget: 4 }), {}, {});
}

const circular: { self?: unknown } = {};
circular.self = circular;

test.each<[string, Variable, unknown[]]>([
  ['functions', choice(Math.sin, Math.cos), ['function sin', 'function cos']],
  ['what is no number', choice(Number.NaN, Number.POSITIVE_INFINITY, 1), ['NaN', 'Infinity', 1]],
  ['nothing', choice(undefined, null), ['undefined', null]],
  ['large integers', choice(1n, 2n), ['1n', '2n']],
  [
    'objects, also those that contain themselves',
    choice({ a: 1 }, circular),
    [{ a: 1 }, 'an object that cannot be shown'],
  ],
])('a run record tells the values of a choice apart once it is JSON: %s', async (_, kind, values) => {
  const record = await recordOf(kind);
  expect(JSON.parse(JSON.stringify(record)).problem.variables.kind.values).toEqual(values);
});
