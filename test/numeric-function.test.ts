import { describe, expect, test } from 'vitest';
import { InputError } from '../src/errors.js';
import { numericFunction } from '../src/numeric-function.js';
import { defineProblem, maximize, minimize, record } from '../src/problem.js';
import { real } from '../src/space.js';

const arch = defineProblem({
  name: 'arch',
  variables: { width: real(0, 4), height: real(0, 4) },
  metrics: { span: maximize(), volume: record(), weight: minimize() },
  constraints: ['stands'],
  evaluateBatch(x, count, f, g) {
    for (let i = 0; i < count; i++) {
      f.set([x[2 * i], 7, x[2 * i] * x[2 * i + 1]], 3 * i);
      g[i] = x[2 * i] - x[2 * i + 1];
    }
  },
});

describe('a numeric problem as a function', () => {
  const f = new Float64Array(4);
  const g = new Float64Array(2);

  test('minimises every objective and leaves out what is only recorded', () => {
    numericFunction(arch)(Float64Array.of(1, 2, 4, 3), 2, f, g);
    expect([...f]).toEqual([-1, 2, -4, 12]);
    expect([...g]).toEqual([-1, 1]);
  });

  test.each<[string, Float64Array, Float64Array, Float64Array]>([
    ['variables', new Float64Array(2), f, g],
    ['objectives', new Float64Array(4), new Float64Array(2), g],
    ['constraints', new Float64Array(4), f, new Float64Array(0)],
  ])('refuses arrays of another shape: fewer %s', (_, ...[x, objectives, constraints]) => {
    expect(() => numericFunction(arch)(x, 2, objectives, constraints)).toThrow(
      new InputError(
        `2 rows of "arch" need 4 variables, 4 objectives and 2 constraints, got room for ${x.length}, ${objectives.length} and ${constraints.length}`,
      ),
    );
  });

  test('is refused to a problem that is evaluated by name', () => {
    const named = defineProblem({
      name: 'named',
      variables: { a: real(0, 1) },
      metrics: { cost: minimize() },
      evaluate: ({ a }) => ({ cost: a }),
    });
    expect(() => numericFunction(named)).toThrow(
      'only a problem declared with evaluateBatch is a numeric function, got "named"',
    );
  });
});
