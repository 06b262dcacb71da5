import { describe, expect, test } from 'vitest';
import { randomSearch } from '../../src/algorithms/random-search.js';
import { randomOf } from '../../src/math/random.js';
import { choice, integer, real, spaceOf } from '../../src/space.js';

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

  test('draws every vector of a finite space once, those that it is told of included', () => {
    const small = spaceOf({ a: integer(-1, 2), b: choice('p', 'q', 'r') }); // 12 vectors
    const flat = { variables: 2, objectives: 1, constraints: 0 };
    const state = randomSearch.create(small, flat, { populationSize: 5 });
    const random = randomOf('finite');
    // Told beforehand, without being asked for.
    randomSearch.tell(state, { x: Float64Array.of(2, 1), count: 1 }, Float64Array.of(7), new Float64Array(0));
    const seen = new Set<string>();
    const sizes: number[] = [];
    for (let generation = 0; generation < 4; generation++) {
      const batch = randomSearch.ask(state, random);
      sizes.push(batch.count);
      for (let i = 0; i < batch.count; i++) seen.add(batch.x.subarray(2 * i, 2 * i + 2).join());
      randomSearch.tell(state, batch, new Float64Array(batch.count).fill(generation), new Float64Array(0));
    }
    expect(sizes).toEqual([5, 5, 1, 0]);
    expect(seen.size).toBe(11);
    expect(seen).not.toContain('2,1');
  });

  test('keeps a front larger than its population', () => {
    const state = randomSearch.create(space, shape, { populationSize: 3 });
    const random = randomOf('large');
    for (let generation = 0; generation < 30; generation++) {
      const batch = randomSearch.ask(state, random);
      const f = Float64Array.from({ length: 6 }, (_, i) =>
        i % 2 === 0 ? batch.x[i >> 1] : -batch.x[i >> 1],
      );
      randomSearch.tell(state, batch, f, new Float64Array(3));
    }
    const { size, x, f } = randomSearch.result(state);
    expect(size).toBe(90); // none dominates another
    for (let i = 0; i < size; i++) expect([f[2 * i], f[2 * i + 1]]).toEqual([x[i], -x[i]]);
  });
});
