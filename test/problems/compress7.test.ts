import { describe, expect, expectTypeOf, test } from 'vitest';
import { compress7 } from '../../problems/compress7.js';
import { CHOICE, INTEGER, REAL } from '../../src/space.js';
import { evaluateAt } from './evaluate-at.js';

describe('compress7', () => {
  const problem = compress7();

  test('has integers, reals and choices, and maximises accuracy', () => {
    expect([...problem.space.kind]).toEqual([INTEGER, INTEGER, REAL, REAL, CHOICE, CHOICE, CHOICE]);
    expect(problem.objectives.map(({ name, sign }) => [name, sign])).toEqual([
      ['accuracy', -1],
      ['nonZero', 1],
    ]);
    expectTypeOf(problem.variables.x7.values).toEqualTypeOf<readonly (0 | 1)[]>();
  });

  test('untouched is 93.5 percent right with all its weights, and quantization costs 0.2', () => {
    expect(evaluateAt(problem, [0, 0, 0, 0, 0, 0, 0])).toEqual({ f: [93.5, 100], g: [90 - 93.5] });
    expect(evaluateAt(problem, [0, 0, 0, 0, 0, 0, 1]).f[0]).toBeCloseTo(93.3, 12);
  });

  test('intensities without layers, and layers without intensity, prune nothing', () => {
    expect(evaluateAt(problem, [0, 0, 0.9, 0.9, 2, 2, 0]).f[1]).toBe(100);
    expect(evaluateAt(problem, [2, 2, 0, 0, 2, 2, 0]).f[1]).toBe(100);
    // sin(5 * 2) cos(3 * 2): the ripple depends on what would be pruned
    expect(evaluateAt(problem, [0, 0, 0.9, 0.9, 2, 2, 0]).f[0]).toBeCloseTo(
      93.5 + 0.15 * Math.sin(10) * Math.cos(6),
      12,
    );
  });

  test('prunes shares of 0.385 and 0.6 of the weights and 0.005 and 0.01 of the biases', () => {
    expect(evaluateAt(problem, [2, 2, 1, 1, 2, 2, 0]).f[1]).toBeCloseTo(0, 10);
    expect(evaluateAt(problem, [2, 0, 1, 1, 1, 0, 0]).f[1]).toBeCloseTo(61.5, 10); // linear weights
    expect(evaluateAt(problem, [2, 0, 1, 1, 0, 0, 0]).f[1]).toBeCloseTo(99.5, 10); // linear biases
    expect(evaluateAt(problem, [0, 1, 1, 0.5, 0, 2, 0]).f[1]).toBeCloseTo(100 * (1 - 0.25 * 0.61), 10);
    expect(evaluateAt(problem, [0, 1, 1, 0.5, 0, 0, 0]).f[1]).toBeCloseTo(100 * (1 - 0.25 * 0.01), 10);
  });

  test('half of the linear layers at the knee lose half of 0.6 of what lies above chance', () => {
    // x1 = 1, x3 = 0.95 (the knee), weights only, nothing else: S = 1/2 - 1 / (1 + exp(0.95 / 0.03)).
    const s = 0.5 - 1 / (1 + Math.exp(0.95 / 0.03));
    const kept = 1 - 0.6 * s;
    const u = 0.4 * 0.5 * 0.95;
    const ripple = 0.15 * Math.sin(23 * 0.475 + 5 * 1) * Math.cos(0);
    const expected = 10 + 83.5 * kept + (5.6 * u * (1 - u) + ripple) * kept;
    expect(evaluateAt(problem, [1, 0, 0.95, 0, 1, 0, 0]).f[0]).toBeCloseTo(expected, 10);
  });

  test('all layers and everything at once, term by term', () => {
    const [x3, x4] = [0.6, 0.7];
    const dl = 0.97 * (1 / (1 + Math.exp(0.3 / 0.03)) - 1 / (1 + Math.exp(0.9 / 0.03)));
    const dc = 1 / (1 + Math.exp(0.02 / 0.045)) - 1 / (1 + Math.exp(0.72 / 0.045));
    const db = 0.004 * x3 + 0.035 * x4 ** 2;
    const u = 0.4 * x3 + 0.6 * x4;
    const ripple = 0.15 * Math.sin(23 * x3 + 10) * Math.cos(19 * x4 + 6);
    const kept = (1 - dl) * (1 - dc);
    const accuracy = 10 + 83.5 * kept * (1 - db) + (5.6 * u * (1 - u) + ripple) * kept - 0.2 * (1 + dl);
    const { f, g } = evaluateAt(problem, [2, 2, x3, x4, 2, 2, 1]);
    expect(f[0]).toBeCloseTo(accuracy, 10);
    expect(f[1]).toBeCloseTo(100 * (1 - 0.39 * x3 - 0.61 * x4), 10);
    expect(g[0]).toBeCloseTo(90 - accuracy, 10);
  });

  test('on a grid has the extremes that the protocol gives for its front', () => {
    if (problem.evaluation.form !== 'numeric') throw new Error('compress7 is numeric');
    const side = 101;
    const f = new Float64Array(2 * side * side);
    const g = new Float64Array(side * side);
    let best = 0;
    let fewest = 100;
    for (let combination = 0; combination < 81; combination++) {
      const [x1, x2, x5, x6] = [1, 3, 9, 27].map((divisor) => Math.floor(combination / divisor) % 3);
      const x = new Float64Array(7 * side * side);
      for (let i = 0; i < side * side; i++)
        x.set([x1, x2, Math.floor(i / side) / 100, (i % side) / 100, x5, x6, 0], 7 * i);
      problem.evaluation.evaluateBatch(x, side * side, f, g);
      for (let i = 0; i < side * side; i++) {
        best = Math.max(best, f[2 * i]);
        if (g[i] <= 0) fewest = Math.min(fewest, f[2 * i + 1]);
      }
    }
    expect(best).toBeLessThan(94.993902 + 1e-6);
    expect(best).toBeGreaterThan(94.993902 - 0.01);
    expect(fewest).toBeGreaterThan(35.23 - 0.005);
    expect(fewest).toBeLessThan(35.23 + 0.5);
  });
});
