import { describe, expect, test } from 'vitest';
import { zdt1 } from '../../problems/zdt.js';
import { evolve } from '../../src/algorithms/evolve.js';
import { muPlusLambda, type Survival } from '../../src/algorithms/mu-plus-lambda.js';
import { InputError } from '../../src/errors.js';
import { hypervolume } from '../../src/indicators/hypervolume.js';
import { hypervolumeContributions } from '../../src/indicators/hypervolume-contributions.js';
import { randomOf } from '../../src/math/random.js';
import { numericFunction } from '../../src/numeric-function.js';
import { integer, real, spaceOf } from '../../src/space.js';

const line = spaceOf({ a: real(0, 1) });
const single = { variables: 1, objectives: 1, constraints: 0 };

describe('the (mu + lambda) loop', () => {
  test('goes the steps of a (2 + 3) loop worked by hand', () => {
    // Whole numbers from 0 to 99; the value is the number. A child is one less than its first parent, then two less, then three.
    const space = spaceOf({ a: integer(0, 99) });
    const asked: number[][] = [];
    let step = 0;
    const algorithm = muPlusLambda({
      children: 3,
      rank: ({ f, size }, rank) => {
        for (let i = 0; i < size; i++)
          rank[i] = [...f.subarray(0, size)].filter((value) => value < f[i]).length;
      },
      select: (_population, rank) => rank.indexOf(Math.min(...rank.subarray(0, 2))),
      vary: (_space, population, first, second, children, row) => {
        expect(second).toBe(first);
        children[row] = population.x[first] - 1 - (step++ % 3);
      },
      survive: ({ size }, rank, places, chosen) => {
        const best = Array.from({ length: size }, (_, i) => i).sort((p, q) => rank[p] - rank[q] || p - q);
        chosen.set(best.slice(0, places));
        return places;
      },
    });
    const seeds = { x: Float64Array.of(50, 60), count: 2 };
    const result = evolve(
      algorithm,
      space,
      single,
      { populationSize: 2, generations: 3, seeds },
      (x, count, f) => {
        asked.push([...x.subarray(0, count)]);
        f.set(x.subarray(0, count));
      },
      1,
    );
    expect(asked).toEqual([
      [50, 60],
      [49, 48, 47],
      [46, 45, 44], // of 50, 60 and the children 47 and 48 lived on
    ]);
    expect([...result.f.subarray(0, result.size)]).toEqual([44]);
  });

  test('as it comes, finds the front of ZDT1', () => {
    const problem = zdt1();
    const front = evolve(
      muPlusLambda(),
      problem.space,
      { variables: 30, objectives: 2, constraints: 0 },
      { populationSize: 40, generations: 250 },
      numericFunction(problem),
      2,
    );
    expect(hypervolume(front.f, front.size, [1.1, 1.1])).toBeGreaterThan(0.84); // of 0.8767
  });

  test('is SMS-EMOA with one child and a survival by hypervolume contribution', () => {
    const dropLeastContributor: Survival = ({ f, objectives: m, size }, rank, places, chosen) => {
      const worst = Math.max(...rank.subarray(0, size));
      const last = Array.from({ length: size }, (_, i) => i).filter((i) => rank[i] === worst);
      const points = Float64Array.from(last.flatMap((i) => [...f.subarray(i * m, (i + 1) * m)]));
      const shares = hypervolumeContributions(points, last.length, [11, 11]);
      const goes = size > places ? last[shares.indexOf(Math.min(...shares))] : -1;
      let count = 0;
      for (let i = 0; i < size; i++) if (i !== goes) chosen[count++] = i;
      return count;
    };
    const algorithm = muPlusLambda({ name: 'sms-emoa', children: 1, survive: dropLeastContributor });
    expect(algorithm.name).toBe('sms-emoa');
    const space = spaceOf({ a: real(0, 1), b: real(0, 1) });
    const front = evolve(
      algorithm,
      space,
      { variables: 2, objectives: 2, constraints: 0 },
      { populationSize: 12, generations: 600 },
      (x, count, f) => {
        for (let i = 0; i < count; i++) {
          f[2 * i] = x[2 * i];
          f[2 * i + 1] = 1 - x[2 * i] + x[2 * i + 1];
        }
      },
      3,
    );
    // Twelve points on a line from (0, 1) to (1, 0): evenly spaced is best, 1/2 - 1/22 inside the unit square.
    const inside = hypervolume(front.f, front.size, [1, 1]);
    expect(front.size).toBe(12);
    expect(inside).toBeGreaterThan(0.445);
    expect(inside).toBeLessThan(0.5 - 1 / 22 + 1e-12);
  });

  test('as an evolution strategy on one objective never loses its best', () => {
    let best = Number.POSITIVE_INFINITY;
    evolve(
      muPlusLambda({ children: 7 }),
      line,
      single,
      {
        populationSize: 3,
        generations: 40,
        onGeneration: ({ result }) => {
          const [value] = result().f;
          expect(value).toBeLessThanOrEqual(best);
          best = value;
        },
      },
      (x, count, f) => {
        for (let i = 0; i < count; i++) f[i] = (x[i] - 0.3) ** 2;
      },
      4,
    );
    expect(best).toBeLessThan(1e-4);
  });

  test('refuses an unknown part, a number of children that is no whole number from 1, and a survival that keeps too many', () => {
    for (const children of [0, 1.5])
      expect(() => muPlusLambda({ children })).toThrow(
        new InputError(`the number of children must be a whole number from 1, got ${children}`),
      );
    expect(() => muPlusLambda({ rankk: () => {} } as never)).toThrow(
      new InputError('the parts of a loop are name, children, rank, select, vary, survive, got "rankk"'),
    );
    const all = muPlusLambda({ survive: ({ size }) => size });
    const state = all.create(line, single, { populationSize: 2 });
    const random = randomOf(1);
    all.tell(state, all.ask(state, random), Float64Array.of(1, 2), new Float64Array(0));
    expect(() => all.tell(state, all.ask(state, random), Float64Array.of(3, 4), new Float64Array(0))).toThrow(
      new InputError('a survival must choose at most 2 rows, got 4'),
    );
  });
});
