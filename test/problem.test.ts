import { describe, expect, expectTypeOf, test } from 'vitest';
import { InputError } from '../src/errors.js';
import {
  atLeast,
  atMost,
  constraintsOf,
  defineProblem,
  maximize,
  metricsOf,
  minimize,
  objectivesOf,
  type Problem,
  record,
} from '../src/problem.js';
import { choice, integer, real } from '../src/space.js';

const tuning = defineProblem({
  name: 'router-tuning',
  variables: { width: real(0.1, 1), layers: integer(1, 8), activation: choice('relu', 'gelu') },
  metrics: { latency: minimize(), memory: record(), accuracy: maximize({ range: [0, 1] }) },
  constraints: [atLeast('accuracy', 0.9), atMost('memory', 100), atMost('latency', 5)],
  evaluate: ({ width, layers, activation }, { seed, signal }) => {
    expectTypeOf(width).toEqualTypeOf<number>();
    expectTypeOf(layers).toEqualTypeOf<number>();
    expectTypeOf(activation).toEqualTypeOf<'relu' | 'gelu'>();
    expectTypeOf(seed).toEqualTypeOf<number>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return { latency: width * layers, memory: layers, accuracy: 0.95 };
  },
});

describe('a declared problem', () => {
  test('keeps its parts in the order of the declaration', () => {
    expect(tuning.name).toBe('router-tuning');
    expect(tuning.metricNames).toEqual(['latency', 'memory', 'accuracy']);
    expect(tuning.space.names).toEqual(['width', 'layers', 'activation']);
  });

  test('has an objective for every metric that is optimised, not for a recorded one', () => {
    expect(tuning.objectives).toEqual([
      { name: 'latency', sign: 1, metric: 0 },
      { name: 'accuracy', sign: -1, metric: 2, range: [0, 1] },
    ]);
  });

  test('names its constraints by their bounds', () => {
    expect(tuning.constraints.map(({ name }) => name)).toEqual([
      'accuracy >= 0.9',
      'memory <= 100',
      'latency <= 5',
    ]);
  });

  test('is typed from its declaration', () => {
    expectTypeOf(tuning.variables.activation.values).toEqualTypeOf<readonly ('relu' | 'gelu')[]>();
    expectTypeOf<keyof typeof tuning.metrics>().toEqualTypeOf<'latency' | 'memory' | 'accuracy'>();
    expectTypeOf(tuning).toExtend<Problem>();
  });

  test('refuses at compile time a metric left out and a constraint on no metric', () => {
    const declare = () => {
      defineProblem({
        name: 'left-out',
        variables: { a: real(0, 1) },
        metrics: { cost: minimize(), gain: maximize() },
        // @ts-expect-error: gain is missing
        evaluate: ({ a }) => ({ cost: a }),
      });
      defineProblem({
        name: 'no-metric',
        variables: { a: real(0, 1) },
        metrics: { cost: minimize() },
        // @ts-expect-error: there is no metric of this name
        constraints: [atMost('price', 1)],
        evaluate: ({ a }) => ({ cost: a }),
      });
    };
    expect(declare).toThrow('a constraint must bound one of the metrics cost, got "price"');
  });
});

describe('the sign of the objectives', () => {
  test('turns for maximised metrics on the way in', () => {
    const f = new Float64Array(4).fill(7);
    objectivesOf(tuning, [9, 9, 9, 2, 50, 0.8], f, 1, 3);
    expect([...f]).toEqual([7, 2, -0.8, 7]);
  });

  test('turns back on the way out', () => {
    expect(metricsOf(tuning, [0, 0, 2, -0.8], 2)).toEqual({ latency: 2, accuracy: 0.8 });
  });
});

describe('constraints on metrics', () => {
  test('are g = bound - value for at least and value - bound for at most', () => {
    const g = new Float64Array(5).fill(7);
    constraintsOf(tuning, [6, 80, 0.75], g, 1);
    expect(g[0]).toBe(7);
    expect(g[1]).toBeCloseTo(0.9 - 0.75, 12);
    expect(g[2]).toBe(80 - 100);
    expect(g[3]).toBe(6 - 5);
    expect(g[4]).toBe(7);
  });

  test('hold at the bound itself', () => {
    const g = new Float64Array(3);
    constraintsOf(tuning, [5, 100, 0.9], g);
    expect(g.every((value) => value <= 0)).toBe(true);
  });

  test('leave those that evaluateBatch computes as they are', () => {
    const numeric = defineProblem({
      name: 'numeric',
      variables: { a: real(0, 1) },
      metrics: { cost: minimize() },
      constraints: ['limit'],
      evaluateBatch(x, count, f, g) {
        for (let i = 0; i < count; i++) {
          f[i] = x[i];
          g[i] = x[i] - 0.5;
        }
      },
    });
    expect(numeric.constraints).toEqual([{ name: 'limit', bound: null }]);
    const g = Float64Array.of(0.25);
    constraintsOf(numeric, [0.75], g);
    expect(g[0]).toBe(0.25);
    if (numeric.evaluation.form !== 'numeric') throw new Error('expected the numeric form');
    const f = new Float64Array(2);
    const constraints = new Float64Array(2);
    numeric.evaluation.evaluateBatch(Float64Array.of(0.25, 0.75), 2, f, constraints);
    expect([...f, ...constraints]).toEqual([0.25, 0.75, -0.25, 0.25]);
  });
});

describe('a declaration against the law', () => {
  const good = {
    name: 'p',
    variables: { a: real(0, 1) },
    metrics: { cost: minimize() },
    evaluate: ({ a }: { a: number }) => ({ cost: a }),
  };

  test('without a name is refused', () => {
    expect(() => defineProblem({ ...good, name: '' })).toThrow('a problem needs a name, got ""');
  });

  test('without a variable is refused', () => {
    expect(() => defineProblem({ ...good, variables: {}, evaluate: () => ({ cost: 1 }) })).toThrow(
      'a problem needs at least one variable, got none',
    );
  });

  test('without an objective is refused', () => {
    expect(() => defineProblem({ ...good, metrics: { cost: record() } })).toThrow(
      'problem "p" needs at least one metric to minimize or maximize, got none',
    );
  });

  test('with a bound that is no finite number is refused', () => {
    expect(() => atLeast('accuracy', Number.NaN)).toThrow(
      'the bound on "accuracy" must be a finite number, got NaN',
    );
    expect(() => atMost('size', Number.POSITIVE_INFINITY)).toThrow(InputError);
  });

  test('with a range that is empty or endless is refused', () => {
    expect(() => minimize({ range: [1, 1] })).toThrow(
      'the range of a metric must be finite with low < high, got [1, 1]',
    );
    expect(() => maximize({ range: [0, Number.POSITIVE_INFINITY] })).toThrow(InputError);
  });

  test.each<[string, unknown, string]>([
    [
      'with a part that is none',
      { ...good, constraint: [] },
      'a declaration takes an object of name, variables, metrics, constraints, canonical, evaluate, evaluateBatch, got "constraint"',
    ],
    ['that is none', undefined, 'evaluateBatch, got undefined'],
    [
      'with a list of variables',
      { ...good, variables: [real(0, 1)] },
      'the variables of a problem must be an object with one for each name, got [{"kind":"real","lower":0,"upper":1}]',
    ],
    [
      'without metrics',
      { ...good, metrics: undefined },
      'the metrics of a problem must be an object with one for each name, got undefined',
    ],
    [
      'with a constraint outside a list',
      { ...good, constraints: atMost('cost', 1) },
      'the constraints of a problem must be a list, got {"metric":"cost","kind":"atMost","bound":1}',
    ],
    [
      'with a constraint that is none',
      { ...good, constraints: [null] },
      'a constraint must be atLeast() or atMost() beside evaluate, a name beside evaluateBatch, got null',
    ],
    [
      'with the same constraint twice',
      { ...good, constraints: [atMost('cost', 1), atMost('cost', 1)] },
      'the constraints of a problem must differ in their names, got "cost <= 1" twice',
    ],
    [
      'with a canonical form that is no function',
      { ...good, canonical: {} },
      'canonical must be a function of the values, got {}',
    ],
  ])('%s is refused', (_, declaration, sentence) => {
    expect(() => defineProblem(declaration as typeof good)).toThrow(InputError);
    expect(() => defineProblem(declaration as typeof good)).toThrow(sentence);
  });

  test('with a metric of which something else is said is refused', () => {
    expect(() => minimize({ noise: true } as never)).toThrow(
      'a metric takes an object of range, timed, noisy, got "noise"',
    );
    expect(() => record('size' as never)).toThrow(
      'a metric takes an object of range, timed, noisy, got "size"',
    );
  });
});
