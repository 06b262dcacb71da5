import { describe, expect, test } from 'vitest';
import { compress7 } from '../../problems/compress7.js';
import { bnh, osy } from '../../problems/engineering.js';
import type { Algorithm, Batch } from '../../src/algorithm.js';
import { algorithms } from '../../src/algorithms/catalogue.js';
import { type BatchFunction, evolve } from '../../src/algorithms/evolve.js';
import { InputError } from '../../src/errors.js';
import { randomOf } from '../../src/math/random.js';
import type { Population, Shape } from '../../src/population.js';
import { objectivesOf, type Problem } from '../../src/problem.js';
import { checkVector, choice, integer, type Space, spaceOf } from '../../src/space.js';

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

describe.each(Object.entries(algorithms as Record<string, Algorithm>))('%s', (name, algorithm) => {
  test('goes by the name of its entry', () => {
    expect(algorithm.name).toBe(name);
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
    // Powers of two change no digit: the run must be the same bit for bit.
    const task = taskOf(bnh());
    const scaled: Task = {
      ...task,
      evaluate(x, count, f, g) {
        task.evaluate(x, count, f, g);
        for (let i = 0; i < count; i++) {
          f[2 * i] *= 1024;
          f[2 * i + 1] /= 256;
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

  test('refuses a population size that is no whole number from its least', () => {
    for (const populationSize of [0, -3, 1.5, Number.NaN])
      expect(() => algorithm.create(small.space, small.shape, { populationSize })).toThrow(InputError);
  });

  test('takes problems of one, three and five objectives', () => {
    for (const m of [1, 3, 5]) {
      const task: Task = {
        space: taskOf(bnh()).space,
        shape: { variables: 2, objectives: m, constraints: 0 },
        evaluate(x, count, f) {
          for (let i = 0; i < count; i++)
            for (let j = 0; j < m; j++) f[i * m + j] = (x[2 * i] - j) ** 2 + (x[2 * i + 1] - 1) ** 2;
        },
      };
      const result = run(algorithm, task, 12, 15, 11);
      expect(result.size).toBeGreaterThan(0);
      expect(contents(result).f.every(Number.isFinite)).toBe(true);
    }
  });
});
