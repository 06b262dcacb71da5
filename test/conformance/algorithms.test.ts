import { describe, expect, test } from 'vitest';
import { compress7 } from '../../problems/compress7.js';
import { bnh, osy } from '../../problems/engineering.js';
import type { Algorithm, Batch } from '../../src/algorithm.js';
import { algorithms } from '../../src/algorithms/catalogue.js';
import { configured } from '../../src/algorithms/configured.js';
import { ctaea } from '../../src/algorithms/ctaea.js';
import { type BatchFunction, evolve, proceed } from '../../src/algorithms/evolve.js';
import { muPlusLambda } from '../../src/algorithms/mu-plus-lambda.js';
import { nsga2 } from '../../src/algorithms/nsga2.js';
import { nsga3 } from '../../src/algorithms/nsga3.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import { optimize } from '../../src/optimize.js';
import type { Population, Shape } from '../../src/population.js';
import { defineProblem, maximize, minimize, objectivesOf, type Problem } from '../../src/problem.js';
import { checkVector, choice, integer, real, type Space, spaceOf } from '../../src/space.js';
import { anyOf, hypervolumeStagnation, maximumEvaluations, maximumSeconds } from '../../src/termination.js';

interface Task {
  readonly space: Space;
  readonly shape: Shape;
  readonly evaluate: BatchFunction;
}

/** A problem of the catalogue as what an algorithm sees of it: objectives minimised. */
function taskOf(problem: Problem): Task {
  const { evaluation, space } = problem;
  if (evaluation.form !== 'numeric') throw new Error(`${problem.name} is not numeric`);
  const m = problem.objectives.length;
  return {
    space,
    shape: { variables: space.length, objectives: m, constraints: problem.constraints.length },
    evaluate(x, count, f, g) {
      evaluation.evaluateBatch(x, count, f, g);
      for (let i = 0; i < count; i++) objectivesOf(problem, f.slice(i * m, (i + 1) * m), f, i * m);
    },
  };
}

const rowsOf = ({ x, count }: Batch, n: number) =>
  Array.from({ length: count }, (_, i) => [...x.subarray(i * n, (i + 1) * n)]);
const contents = ({ x, f, g, size, variables, objectives, constraints }: Population) => ({
  x: [...x.subarray(0, size * variables)],
  f: [...f.subarray(0, size * objectives)],
  g: [...g.subarray(0, size * constraints)],
});

/** Runs by hand, handing every batch to `look`. Returns the result. */
function run(
  algorithm: Algorithm,
  { space, shape, evaluate }: Task,
  populationSize: number,
  generations: number,
  seed: number,
  look: (batch: Batch, generation: number) => void = () => {},
): Population {
  const state = algorithm.create(space, shape, { populationSize });
  const random = randomOf(seed);
  const f = new Float64Array(populationSize * shape.objectives);
  const g = new Float64Array(populationSize * shape.constraints);
  for (let generation = 0; generation < generations; generation++) {
    const batch = algorithm.ask(state, random);
    look(batch, generation);
    if (batch.count === 0) break;
    evaluate(batch.x, batch.count, f, g);
    algorithm.tell(state, batch, f, g);
  }
  return algorithm.result(state);
}

const tasks: [string, Task][] = [
  ['reals and constraints', taskOf(bnh())],
  ['constraints that few fulfil', taskOf(osy())],
  ['integers, reals and choices', taskOf(compress7())],
];

/** Twelve vectors, one of which is best in both objectives. */
const small: Task = {
  space: spaceOf({ a: integer(-1, 1), b: choice('p', 'q'), c: integer(0, 1) }),
  shape: { variables: 3, objectives: 2, constraints: 0 },
  evaluate(x, count, f) {
    for (let i = 0; i < count; i++) {
      f[2 * i] = x[3 * i] + x[3 * i + 1] + x[3 * i + 2];
      f[2 * i + 1] = x[3 * i] ** 2 + x[3 * i + 1];
    }
  },
};

const published = { asPublished: true };
/** The catalogue, as usual and as published, and the loop to compose one's own, as it comes. */
const subjects: Record<string, Algorithm> = {
  ...(algorithms as Record<string, Algorithm>),
  'mu-plus-lambda': muPlusLambda(),
  'nsga2, published': configured(nsga2, published),
  'nsga3, published': configured(nsga3, published),
  'ctaea, published': configured(ctaea, published),
};

/** Distances from `m` points on a line, and one constraint, in a space of reals, whole numbers and choices. */
function distances(m: number): Task {
  return {
    space: spaceOf({ a: real(-1, 6), b: integer(-3, 3), c: choice('near', 'far', 'farther') }),
    shape: { variables: 3, objectives: m, constraints: 1 },
    evaluate(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const [a, b, c] = x.subarray(3 * i, 3 * i + 3);
        for (let j = 0; j < m; j++) f[i * m + j] = (a - j) ** 2 + (b - 1) ** 2 + c;
        g[i] = 0.5 - a;
      }
    },
  };
}

describe.each(Object.entries(subjects))('%s', (name, algorithm) => {
  test('goes by the name of its entry', () => {
    expect(algorithm.name).toBe(name.split(',')[0]);
  });

  describe.each(tasks)('on %s', (_, task) => {
    const n = task.shape.variables;

    test('same seed, same run; another seed, another', () => {
      const first = contents(run(algorithm, task, 20, 15, 1));
      expect(contents(run(algorithm, task, 20, 15, 1))).toEqual(first);
      expect(contents(run(algorithm, task, 20, 15, 2))).not.toEqual(first);
    });

    test('asks for vectors in the domain, at most a population of them, none twice', () => {
      run(algorithm, task, 20, 30, 3, (batch) => {
        expect(batch.count).toBeGreaterThan(0);
        expect(batch.count).toBeLessThanOrEqual(20);
        const rows = rowsOf(batch, n);
        for (const row of rows) checkVector(task.space, row);
        expect(new Set(rows.map((row) => row.join())).size).toBe(batch.count);
      });
    });

    test('stands for solutions that it was told, with their own objectives and constraints', () => {
      const asked = new Set<string>();
      const result = run(algorithm, task, 20, 20, 4, (batch) => {
        for (const row of rowsOf(batch, n)) asked.add(row.join());
      });
      expect(result.size).toBeGreaterThan(0);
      const rows = rowsOf({ x: result.x, count: result.size }, n);
      for (const row of rows) expect(asked).toContain(row.join());
      expect(new Set(rows.map((row) => row.join())).size).toBe(result.size);
      const f = new Float64Array(result.size * result.objectives);
      const g = new Float64Array(result.size * result.constraints);
      task.evaluate(result.x, result.size, f, g);
      expect(contents(result).f).toEqual([...f]);
      expect(contents(result).g).toEqual([...g]);
    });

    test('stands for a feasible solution when it has been told one', () => {
      let seen = 0;
      const state = algorithm.create(task.space, task.shape, { populationSize: 20 });
      const random = randomOf(5);
      const f = new Float64Array(20 * task.shape.objectives);
      const g = new Float64Array(20 * task.shape.constraints);
      for (let generation = 0; generation < 25; generation++) {
        const batch = algorithm.ask(state, random);
        task.evaluate(batch.x, batch.count, f, g);
        const k = task.shape.constraints;
        for (let i = 0; i < batch.count; i++)
          if (g.subarray(i * k, (i + 1) * k).every((value) => value <= 0)) seen++;
        algorithm.tell(state, batch, f, g);
        const { cv, size } = algorithm.result(state);
        if (seen > 0) expect(Math.min(...cv.subarray(0, size))).toBe(0);
      }
      expect(seen).toBeGreaterThan(0);
    });

    test('evolve is the same as asking and telling by hand', () => {
      const { space, shape, evaluate } = task;
      const options = { populationSize: 20, generations: 10 };
      const evolved = evolve(algorithm, space, shape, options, evaluate, randomOf(6));
      expect(contents(evolved)).toEqual(contents(run(algorithm, task, 20, 10, 6)));
    });

    test('goes on when a part of a batch, or all of it, could not be evaluated', () => {
      const { space, shape, evaluate } = task;
      const state = algorithm.create(space, shape, { populationSize: 10 });
      const random = randomOf(7);
      for (let generation = 0; generation < 12; generation++) {
        const batch = algorithm.ask(state, random);
        for (const row of rowsOf(batch, n)) checkVector(space, row);
        const kept = rowsOf(batch, n).filter((_row, i) => generation % 3 === 2 && i % 2 === 0);
        const x = Float64Array.from(kept.flat());
        const f = new Float64Array(kept.length * shape.objectives);
        const g = new Float64Array(kept.length * shape.constraints);
        evaluate(x, kept.length, f, g);
        algorithm.tell(state, { x, count: kept.length }, f, g);
      }
      expect(algorithm.result(state).size).toBeGreaterThan(0);
    });
  });

  test('does not feel the units of objectives and constraints', () => {
    // Powers of two change no digit: the run must be the same bit for bit. C-TAEA as published takes objectives as they stand, and
    // does not feel a unit of both alone.
    const task = taskOf(bnh());
    const second = name === 'ctaea, published' ? 1024 : 1 / 256;
    const scaled: Task = {
      ...task,
      evaluate(x, count, f, g) {
        task.evaluate(x, count, f, g);
        for (let i = 0; i < count; i++) {
          f[2 * i] *= 1024;
          f[2 * i + 1] *= second;
          g[2 * i] *= 8;
          g[2 * i + 1] *= 8;
        }
      },
    };
    expect(contents(run(algorithm, scaled, 20, 20, 8)).x).toEqual(
      contents(run(algorithm, task, 20, 20, 8)).x,
    );
  });

  test('ends with an empty batch when a small space is exhausted', () => {
    const asked = new Map<string, number>();
    let last = -1;
    const result = run(algorithm, small, 12, 50, 9, (batch) => {
      for (const row of rowsOf(batch, 3)) asked.set(row.join(), (asked.get(row.join()) ?? 0) + 1);
      last = batch.count;
    });
    expect(last).toBe(0);
    expect(asked.size).toBe(12);
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
    expect(Math.min(...contents(result).f)).toBe(-1); // a = -1, b = p, c = 0
  });

  test('does not hang in a small space that its population cannot hold', () => {
    const result = run(algorithm, small, 4, 50, 10);
    expect(contents(result).f).toContain(-1);
  });

  test('refuses a shape that no problem has, and does not search for ever', () => {
    const { space, shape } = small;
    for (const [wrong, sentence] of [
      [{ ...shape, objectives: 0 }, 'the number of objectives must be a whole number from 1, got 0'],
      [{ ...shape, constraints: -1 }, 'the number of constraints must be a whole number from 0, got -1'],
    ] as const)
      expect(() => algorithm.create(space, wrong, { populationSize: 10 })).toThrow(new InputError(sentence));
  });

  test('refuses a population size that is no whole number from its least', () => {
    for (const populationSize of [0, -3, 1.5, Number.NaN])
      expect(() => algorithm.create(small.space, small.shape, { populationSize })).toThrow(InputError);
  });

  describe.each([1, 2, 3, 4, 5])('in %i objectives, variables mixed', (m) => {
    const task = distances(m);

    test('finds feasible solutions in the domain, none twice, none dominated by another', () => {
      const result = run(algorithm, task, 12, 40, 11);
      expect(result.size).toBeGreaterThan(0);
      for (const row of rowsOf({ x: result.x, count: result.size }, 3)) checkVector(task.space, row);
      const { f } = contents(result);
      expect(f.every(Number.isFinite)).toBe(true);
      // Where the algorithms stand for their best: C-TAEA may keep dominated solutions to fill its archive.
      if (m === 1 && algorithm.name !== 'ctaea') expect(new Set(f).size).toBe(1);
      if (m === 1) expect(Math.min(...f)).toBeLessThan(0.3); // 0.25 at a = 0.5, b = 1, near
    });

    test('a run that goes on from its state is the run that was never stopped, bit for bit', () => {
      const { space, shape, evaluate } = task;
      const whole = algorithm.create(space, shape, { populationSize: 10 });
      proceed(algorithm, whole, shape, { generations: 100 }, evaluate, randomOf(12));
      const halves = algorithm.create(space, shape, { populationSize: 10 });
      const random = randomOf(12);
      proceed(algorithm, halves, shape, { generations: 50 }, evaluate, random);
      proceed(algorithm, halves, shape, { generations: 50 }, evaluate, random);
      expect(halves).toEqual(whole);
      expect(contents(algorithm.result(halves))).toEqual(contents(algorithm.result(whole)));
    });

    test('the state is plain data: its copy goes on as it would have', () => {
      const { space, shape, evaluate } = task;
      const state = algorithm.create(space, shape, { populationSize: 10 });
      proceed(algorithm, state, shape, { generations: 8 }, evaluate, randomOf(13));
      const copy = structuredClone(state);
      proceed(algorithm, state, shape, { generations: 8 }, evaluate, randomOf(14));
      proceed(algorithm, copy, shape, { generations: 8 }, evaluate, randomOf(14));
      expect(contents(algorithm.result(copy))).toEqual(contents(algorithm.result(state)));
    });
  });

  test('is the same run when an objective is negated and its direction turned', async () => {
    const declared = (turned: boolean) =>
      defineProblem({
        name: 'turned',
        variables: { a: real(0, 1), b: integer(0, 9), c: choice('p', 'q') },
        metrics: { cost: minimize(), gain: turned ? maximize() : minimize() },
        constraints: ['room'],
        evaluateBatch(x, count, f, g) {
          for (let i = 0; i < count; i++) {
            const [a, b, c] = x.subarray(3 * i, 3 * i + 3);
            f[2 * i] = a + b / 10 + c / 5;
            f[2 * i + 1] = (turned ? -1 : 1) * ((1 - a) ** 2 + (9 - b) / 10 + (1 - c) / 5);
            g[i] = 0.1 - a * (b + 1);
          }
        },
      });
    const vectors = async (turned: boolean) => {
      const options = { surrogate: false, algorithm, populationSize: 10, budget: 150, seed: 15 } as const;
      return (await optimize(declared(turned), options)).evaluations.map(({ x }) => x.join());
    };
    expect(await vectors(true)).toEqual(await vectors(false));
  });

  test('begins with the seeds, each once', () => {
    const { space, shape } = distances(2);
    const seeds = { x: Float64Array.of(1, 1, 0, 2, -3, 2, 1, 1, 0), count: 3 };
    const state = algorithm.create(space, shape, { populationSize: 5, seeds });
    const batch = algorithm.ask(state, randomOf(16));
    const rows = rowsOf(batch, 3);
    expect(rows).toHaveLength(5);
    expect(rows.slice(0, 2)).toEqual([
      [1, 1, 0],
      [2, -3, 2],
    ]);
    expect(rows.filter(([a, b, c]) => a === 1 && b === 1 && c === 0)).toHaveLength(1);
  });

  test('goes on from known solutions: they are not evaluated again, and nothing is lost', () => {
    const { space, shape, evaluate } = distances(2);
    const options = { populationSize: 20 };
    const known = evolve(algorithm, space, shape, { ...options, generations: 20 }, evaluate, 17);
    const asked: string[] = [];
    const best = evolve(
      algorithm,
      space,
      shape,
      { ...options, generations: 5, known },
      (x, count, f, g) => {
        asked.push(...rowsOf({ x, count }, 3).map((row) => row.join()));
        evaluate(x, count, f, g);
      },
      18,
    );
    const first = rowsOf({ x: known.x, count: Math.min(known.size, 20) }, 3).map((row) => row.join());
    expect(asked.filter((vector) => first.includes(vector)).length).toBeLessThan(known.size > 20 ? 20 : 1);
    const least = ({ f, size }: Population, j: number) =>
      Math.min(...Array.from({ length: size }, (_, i) => f[2 * i + j]));
    for (const j of [0, 1]) expect(least(best, j)).toBeLessThan(least(known, j) + 0.1);
  });

  test('ends by evaluations, by time, by stagnation and by a callback', () => {
    const { space, shape, evaluate } = distances(2);
    const lengthOf = (course: Partial<Parameters<typeof evolve>[3]>) => {
      let generations = 0;
      evolve(
        algorithm,
        space,
        shape,
        { populationSize: 10, generations: 500, ...course },
        (x, count, f, g) => {
          generations++;
          evaluate(x, count, f, g);
        },
        19,
      );
      return generations;
    };
    expect(lengthOf({ termination: maximumEvaluations(95) })).toBe(10);
    let ticks = 0;
    expect(lengthOf({ termination: maximumSeconds(7, () => 1000 * ticks++) })).toBe(7);
    expect(lengthOf({ onGeneration: ({ generation }) => generation !== 4 })).toBe(4);
    const stagnation = hypervolumeStagnation({ referencePoint: [30, 30], window: 15, tolerance: 0.5 });
    const stagnated = lengthOf({ termination: anyOf(stagnation, maximumEvaluations(4000)) });
    expect(stagnated).toBeGreaterThanOrEqual(16);
    expect(stagnated).toBeLessThan(100);
  });

  test('ends normally where nothing is feasible, with the solutions closest to it', () => {
    const { space, shape } = distances(2);
    const result = evolve(
      algorithm,
      space,
      shape,
      { populationSize: 10, generations: 40 },
      (x, count, f, g) => {
        for (let i = 0; i < count; i++) {
          f[2 * i] = x[3 * i];
          f[2 * i + 1] = x[3 * i + 1];
          g[i] = 1 + Math.abs(x[3 * i]);
        }
      },
      20,
    );
    expect(result.size).toBeGreaterThan(0);
    const violations = result.cv.subarray(0, result.size);
    expect(Math.min(...violations)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...violations)).toBeLessThan(1.1);
  });
});
