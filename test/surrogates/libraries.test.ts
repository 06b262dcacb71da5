import { DecisionTreeRegression } from 'ml-cart';
import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, test } from 'vitest';
import { seedOf } from '../../src/math/random.js';
import { rowsOf, treeOptions } from '../../src/surrogates/flat-tree.js';
import { FOREST_SIZE, forest } from '../../src/surrogates/forest.js';
import { linear } from '../../src/surrogates/linear.js';
import { standardise } from '../../src/surrogates/standardised.js';
import { tree } from '../../src/surrogates/tree.js';
import { drawSamples, meanSquare, predictAll } from './samples.js';

const wave = (v: Float64Array) => Math.sin(7 * v[0]) + v[1] * v[2];
const train = drawSamples(60, 3, 1, wave);
const hidden = drawSamples(150, 3, 2, wave);

describe('linear', () => {
  test('recovers a plane', () => {
    const plane = (v: Float64Array) => 4 - 3 * v[0] + 0.5 * v[1] + 100 * v[2];
    const { x, y, n, d } = drawSamples(20, 3, 3, plane);
    const far = drawSamples(30, 3, 4, plane);
    const out = predictAll(linear.fit(x, y, n, d, 1), far.x, 30);
    for (let i = 0; i < 30; i++) expect(out[i]).toBeCloseTo(far.y[i], 8);
  });

  test('gives each value of a choice its own mean', () => {
    // rows: a, a, b, b, c, c
    const x = Float64Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1);
    const out = predictAll(linear.fit(x, Float64Array.of(1, 3, 10, 12, -4, -6), 6, 3, 1), x, 6);
    [2, 2, 11, 11, -5, -5].forEach((value, i) => {
      expect(out[i]).toBeCloseTo(value, 10);
    });
  });

  test('gives dependent columns the weights of least norm: a column given twice shares its weight', () => {
    const { x, y, n } = drawSamples(20, 2, 6, (v) => 1 + 3 * v[0] - v[1]);
    const twice = Float64Array.from({ length: n * 3 }, (_, at) => x[Math.floor(at / 3) * 2 + ((at % 3) % 2)]);
    const predictor = linear.fit(twice, y, n, 3, 1);
    // Columns: first, second, first again. Moving either copy alone moves the prediction by half of 3.
    const out = predictAll(predictor, Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0, 1), 3);
    expect(out[1] - out[0]).toBeCloseTo(1.5, 8);
    expect(out[2] - out[0]).toBeCloseTo(1.5, 8);
  });

  test('stays small over many choices and few samples', () => {
    // 2 reals and 8 one-hot choices of 4: 9 dependent columns, and more columns than samples.
    for (let seed = 0; seed < 20; seed++) {
      const { x: draws, y } = drawSamples(20, 10, seed, (v) => v[0] + Math.sin(1e6 * v[1]));
      const x = new Float64Array(20 * 34);
      for (let i = 0; i < 20; i++) {
        x.set(draws.subarray(i * 10, i * 10 + 2), i * 34);
        for (let c = 0; c < 8; c++) x[i * 34 + 2 + 4 * c + Math.floor(4 * draws[i * 10 + 2 + c])] = 1;
      }
      const predictor = linear.fit(x, y, 20, 34, 1);
      const out = predictAll(predictor, x, 20);
      for (let i = 0; i < 20; i++) expect(out[i]).toBeCloseTo(y[i], 6);
      const unit = new Float64Array(34 * 34);
      for (let j = 0; j < 34; j++) unit[j * 35] = 1;
      for (const value of predictAll(predictor, unit, 34)) expect(Math.abs(value)).toBeLessThan(20);
    }
  });

  test('passes through the samples when there are fewer of them than columns', () => {
    const few = drawSamples(5, 9, 5, (v) => v[0] - v[8]);
    const out = predictAll(linear.fit(few.x, few.y, 5, 9, 1), few.x, 5);
    for (let i = 0; i < 5; i++) expect(out[i]).toBeCloseTo(few.y[i], 8);
  });
});

describe('trees', () => {
  test('a tree in flat arrays predicts bit for bit what the library predicts', () => {
    const { mean, scale, z } = standardise('tree', train.x, train.y, train.n, 3);
    const library = new DecisionTreeRegression(treeOptions);
    library.train(rowsOf(train.x, train.n, 3), Array.from(z));
    const expected = library.predict(rowsOf(hidden.x, hidden.n, 3)).map((value) => mean + scale * value);
    expect([...predictAll(tree.fit(train.x, train.y, train.n, 3, 1), hidden.x, hidden.n)]).toEqual(expected);
  });

  test('a forest in flat arrays predicts bit for bit what the library predicts', () => {
    const { mean, scale, z } = standardise('forest', train.x, train.y, train.n, 3);
    const seed = seedOf(9, 'forest');
    const library = new RandomForestRegression({ nEstimators: FOREST_SIZE, seed, noOOB: true, treeOptions });
    library.train(rowsOf(train.x, train.n, 3), Array.from(z));
    const expected = library.predict(rowsOf(hidden.x, hidden.n, 3)).map((value) => mean + scale * value);
    expect([...predictAll(forest.fit(train.x, train.y, train.n, 3, 9), hidden.x, hidden.n)]).toEqual(
      expected,
    );
  });

  test('the threshold -1 changes no tree in which no split is perfect', () => {
    const rows = rowsOf(train.x, train.n, 3);
    const trees = [treeOptions, { minNumSamples: 3 }].map((options) => {
      const library = new DecisionTreeRegression(options);
      library.train(rows, Array.from(train.y));
      return library.predict(rowsOf(hidden.x, hidden.n, 3));
    });
    expect(trees[0]).toEqual(trees[1]);
  });

  const steps = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9);
  const heights = Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1);

  test('the library alone leaves a perfect root unsplit', () => {
    const library = new DecisionTreeRegression();
    library.train(rowsOf(steps, 8, 1), [...heights]);
    expect(library.predict([[0.1], [0.9]])).toEqual([0.5, 0.5]);
  });

  test('a tree splits it', () => {
    const out = predictAll(tree.fit(steps, heights, 8, 1, 1), Float64Array.of(0.1, 0.45, 0.55, 0.9), 4);
    expect([...out]).toEqual([0, 0, 1, 1]);
  });

  test('a forest splits it in every tree', () => {
    const out = predictAll(forest.fit(steps, heights, 8, 1, 1), Float64Array.of(0, 0.25, 0.75, 1), 4);
    expect(out[0]).toBeLessThan(0.2);
    expect(out[3]).toBeGreaterThan(0.8);
  });

  test('a tree also splits a perfect inner node', () => {
    // Two columns: the first tells 10 from the rest, and among the rest the second tells 0 from 1 exactly.
    const x: number[] = [];
    const y: number[] = [];
    for (let i = 0; i < 24; i++) {
      const [first, second] = [i % 3 === 0 ? 0.9 : 0.1, i % 2];
      x.push(first, second);
      y.push(first > 0.5 ? 10 + i : second);
    }
    const predictor = tree.fit(Float64Array.from(x), Float64Array.from(y), 24, 2, 1);
    const out = predictAll(predictor, Float64Array.of(0.1, 0, 0.1, 1), 2);
    expect(out[0]).toBeCloseTo(0, 12);
    expect(out[1]).toBeCloseTo(1, 12);
  });
});

describe('out-of-bag predictions of the forest', () => {
  test('come with the very model of fit', () => {
    const whole = forest.fitHeldOut?.(train.x, train.y, train.n, 3, 5, new Int32Array(train.n));
    expect(whole).toBeTruthy();
    if (!whole) return;
    expect(predictAll(whole.predictor, hidden.x, hidden.n)).toEqual(
      predictAll(forest.fit(train.x, train.y, train.n, 3, 5), hidden.x, hidden.n),
    );
  });

  test('do not know the outputs that they predict', () => {
    // Of pure noise nothing can be told: an honest error is at least about its variance, the error on shown samples far less.
    const noise = drawSamples(100, 3, 11, (v) => Math.sin(1e6 * (v[0] + v[1] + v[2])));
    const variance = meanSquare(noise.y, new Float64Array(100).fill(noise.y.reduce((a, b) => a + b) / 100));
    const whole = forest.fitHeldOut?.(noise.x, noise.y, 100, 3, 1, new Int32Array(100));
    expect(whole).toBeTruthy();
    if (!whole) return;
    expect(meanSquare(whole.predictions, noise.y)).toBeGreaterThan(0.9 * variance);
    expect(meanSquare(predictAll(whole.predictor, noise.x, 100), noise.y)).toBeLessThan(0.5 * variance);
  });

  test('are near what fresh samples show', () => {
    const { x, y, n } = drawSamples(100, 3, 12, wave);
    const whole = forest.fitHeldOut?.(x, y, n, 3, 1, new Int32Array(n));
    expect(whole).toBeTruthy();
    if (!whole) return;
    const fresh = meanSquare(predictAll(whole.predictor, hidden.x, hidden.n), hidden.y);
    const told = meanSquare(whole.predictions, y);
    expect(told / fresh).toBeGreaterThan(0.6);
    expect(told / fresh).toBeLessThan(2.5);
  });

  test('are not offered when a root had to be repaired, nor for a constant', () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i / 19);
    expect(
      forest.fitHeldOut?.(
        x,
        x.map((value) => (value < 0.5 ? 0 : 1)),
        20,
        1,
        1,
        new Int32Array(20),
      ),
    ).toBeNull();
    expect(
      forest.fitHeldOut?.(
        x,
        x.map(() => 3),
        20,
        1,
        1,
        new Int32Array(20),
      ),
    ).toBeNull();
  });
});
