import { describe, expect, test } from 'vitest';
import { randomSearch } from '../../src/algorithms/random-search.js';
import { randomOf } from '../../src/math/random.js';
import { real, spaceOf } from '../../src/space.js';

describe('random search', () => {
  const space = spaceOf({ a: real(0, 1) });
  const shape = { variables: 1, objectives: 2, constraints: 1 };
  const told = (rows: readonly (readonly [number, number, number, number])[]) => {
    const state = randomSearch.create(space, shape, { populationSize: 8 });
    for (const batch of [rows.slice(0, 3), rows.slice(3)])
      randomSearch.tell(
        state,
        { x: Float64Array.from(batch, ([x]) => x), count: batch.length },
        Float64Array.from(batch.flatMap(([, f1, f2]) => [f1, f2])),
        Float64Array.from(batch, ([, , , g]) => g),
      );
    const { x, size } = randomSearch.result(state);
    return [...x.subarray(0, size)];
  };

  test('stands for the feasible solutions that none dominates, across batches', () => {
    expect(
      told([
        [0.1, 1, 4, 0],
        [0.2, 3, 3, -1],
        [0.3, 0, 0, 0.1],
        [0.4, 2, 2, 0],
        [0.5, 4, 1, 0],
      ]),
    ).toEqual([0.1, 0.4, 0.5]);
  });

  test('stands for the least violation while nothing is feasible', () => {
    expect(
      told([
        [0.1, 1, 4, 2],
        [0.2, 3, 3, 1],
        [0.3, 0, 0, 5],
        [0.4, 9, 9, 1],
      ]),
    ).toEqual([0.2, 0.4]);
  });

  test('draws uniformly', () => {
    const state = randomSearch.create(space, shape, { populationSize: 8000 });
    const { x, count } = randomSearch.ask(state, randomOf('uniform'));
    expect(count).toBe(8000);
    const counts = Array<number>(10).fill(0);
    for (const value of x) counts[Math.floor(value * 10)]++;
    for (const times of counts) expect(Math.abs(times - 800)).toBeLessThan(5 * Math.sqrt(720));
  });
});
