import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { algorithms } from '../../src/algorithms/catalogue.js';
import { type BatchFunction, proceed } from '../../src/algorithms/evolve.js';
import { muPlusLambda } from '../../src/algorithms/mu-plus-lambda.js';
import { randomOf } from '../../src/math/random.js';
import { real, spaceOf } from '../../src/space.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const held = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const space = spaceOf({ a: real(0, 1), b: real(0, 1), c: real(0, 1) });
const shape = { variables: 3, objectives: 2, constraints: 1 };
const evaluate: BatchFunction = (x, count, f, g) => {
  for (let i = 0; i < count; i++) {
    f[2 * i] = x[3 * i];
    f[2 * i + 1] = 1 - x[3 * i] + x[3 * i + 1] + x[3 * i + 2];
    g[i] = x[3 * i + 1] - 0.9;
  }
};
// Random search keeps every non-dominated solution that it has seen: its memory may grow.
const { random: _random, ...bred } = algorithms as Record<string, Algorithm>;

test.each(Object.entries({ ...bred, 'mu-plus-lambda': muPlusLambda() }))(
  '%s holds no more after 20,400 generations than after 400',
  (_name, algorithm) => {
    const state = algorithm.create(space, shape, { populationSize: 10 });
    const random = randomOf(1);
    proceed(algorithm, state, shape, { generations: 400 }, evaluate, random);
    const before = held();
    proceed(algorithm, state, shape, { generations: 20_000 }, evaluate, random);
    // One number kept of each of 10 solutions would be 1.6 MB; compiled code may add its fraction of one.
    expect(held() - before).toBeLessThan(800_000);
  },
);
