import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/index.js';
import { EXACT } from '../../../src/surrogates/auto/hyper-parameters.js';
import { improvementRegion } from '../../../src/surrogates/auto/improvement-region.js';
import type { Role } from '../../../src/surrogates/auto/kinds.js';
import { fitOutput } from '../../../src/surrogates/auto/output-model.js';

const n = 25;
const random = randomOf('output model');
const x = Float64Array.from({ length: n * 2 }, () => random.uniform());
const learn = (f: (a: number, b: number) => number, role: Role) =>
  fitOutput(
    x,
    Float64Array.from({ length: n }, (_, i) => f(x[2 * i], x[2 * i + 1])),
    n,
    2,
    role,
    EXACT,
    undefined,
    0,
  );
const deviation = new Float64Array(1);

describe('the model of an output', () => {
  it('bends an objective that spreads over orders of magnitude, and predicts it', () => {
    const f = (a: number, b: number) => Math.exp(8 * a + b);
    const model = learn(f, 'objective');
    expect(model.warping.name).toBe('log');
    for (const [a, b] of [
      [0.5, 0.5],
      [0.3, 0.7],
      [0.8, 0.4],
    ])
      expect(model.warping.unwarp(model.mean(Float64Array.of(a, b))) / f(a, b)).toBeCloseTo(1, 1);
  });

  it('bends a constraint with far outliers on both sides and keeps its sign', () => {
    const g = (a: number, b: number) => Math.sinh(12 * (a - 0.5)) + b - 0.5;
    const model = learn(g, 'constraint');
    expect(model.warping.name).toBe('arcsinh');
    for (const [a, b] of [
      [0.2, 0.5],
      [0.45, 0.3],
      [0.6, 0.5],
      [0.9, 0.9],
    ])
      expect(Math.sign(model.mean(Float64Array.of(a, b)))).toBe(Math.sign(g(a, b)));
  });

  it('takes a load over its allowance for what it is: a logarithm, which keeps its sign', () => {
    const g = (a: number, b: number) => Math.exp(4 * a - 3 * b) - 1;
    const model = learn(g, 'constraint');
    expect(model.warping.name).toBe('log');
    expect(model.warping.warp(0)).toBe(0);
    for (const [a, b] of [
      [0.2, 0.4],
      [0.5, 0.6],
      [0.7, 0.5],
      [0.4, 0.8],
    ]) {
      const mean = model.mean(Float64Array.of(a, b));
      expect(Math.sign(mean)).toBe(Math.sign(g(a, b)));
      expect(model.warping.unwarp(mean)).toBeCloseTo(g(a, b), 1);
    }
  });

  it('warps the inputs of a quotient that is steep near one bound, and follows it there', () => {
    const f = (a: number, b: number) => 1 / (0.01 + a) + 20 * Math.sin(3 * b);
    const model = learn(f, 'objective');
    expect(model.bent).toBe(true);
    for (const [a, b] of [
      [0.08, 0.5],
      [0.2, 0.3],
      [0.7, 0.6],
    ])
      expect(Math.abs(model.warping.unwarp(model.mean(Float64Array.of(a, b))) - f(a, b))).toBeLessThan(1);
  });

  it('leaves alone what is straight, its inputs too', () => {
    const model = learn((a, b) => 3 * a - b, 'objective');
    expect(model.warping.name).toBe('none');
    expect(model.bent).toBe(false);
  });

  it('goes on with warped inputs between comparisons', () => {
    const y = Float64Array.from({ length: n }, (_, i) => 1 / (0.01 + x[2 * i]) + Math.sin(3 * x[2 * i + 1]));
    const first = fitOutput(x, y, n - 3, 2, 'objective', EXACT, undefined, 0);
    expect(first.bent).toBe(true);
    const next = fitOutput(x, y, n, 2, 'objective', EXACT, first.memory, 0);
    expect(next.bent).toBe(true);
    expect(next.candidates).toHaveLength(1);
    expect(next.memory.theta).toHaveLength(first.memory.theta.length);
  });

  it('tries no warping of outputs on what is already in its unit', () => {
    const model = learn((a, b) => Math.exp(4 * a + b), 'plain');
    expect(model.warping.name).toBe('none');
    expect(model.candidates.every(({ warping }) => warping.name === 'none')).toBe(true);
  });

  it('learns a sum of functions of one variable each better than its samples would tell', () => {
    const f = (a: number, b: number) => Math.sin(7 * a) + Math.cos(6 * b);
    const model = learn(f, 'objective');
    let worst = 0;
    for (let i = 0; i < 50; i++) {
      const [a, b] = [0.1 + 0.8 * random.uniform(), 0.1 + 0.8 * random.uniform()];
      worst = Math.max(worst, Math.abs(model.warping.unwarp(model.mean(Float64Array.of(a, b))) - f(a, b)));
    }
    expect(worst).toBeLessThan(0.25);
  });

  it('is compared again only now and then, and goes on from what it knew', () => {
    const y = Float64Array.from({ length: n }, (_, i) => Math.sin(4 * x[2 * i]));
    const first = fitOutput(x, y, n - 3, 2, 'objective', EXACT, undefined, 0);
    // Two warpings, two covariances, smooth or rough; and the best of each warping with warped inputs.
    expect(first.candidates).toHaveLength(10);
    const next = fitOutput(x, y, n, 2, 'objective', EXACT, first.memory, 0);
    expect(next.candidates).toHaveLength(1);
    expect(next.memory.kind).toBe(first.memory.kind);
    expect(next.memory.compared).toBe(n - 3);
  });

  it('smooths an exact output that jumps from point to point, and takes the jumps into the doubt', () => {
    const many = 60;
    const at = Float64Array.from({ length: many * 2 }, () => random.uniform());
    const smooth = (a: number, b: number) => Math.sin(3 * a) + b;
    const y = Float64Array.from(
      { length: many },
      (_, i) => smooth(at[2 * i], at[2 * i + 1]) + 0.3 * Math.sign(Math.sin(1e6 * at[2 * i])),
    );
    const model = fitOutput(at, y, many, 2, 'constraint', EXACT, undefined, 0);
    expect(model.rough).toBe(true);
    expect(model.warping.name).toBe('none');
    let square = 0;
    let doubt = 0;
    for (let i = 0; i < many; i++) {
      const [a, b] = [random.uniform(), random.uniform()];
      square += (model.moments(Float64Array.of(a, b), deviation) - smooth(a, b)) ** 2 / many;
      doubt += deviation[0] / many;
    }
    // Less than half of the jumps of 0.3 is in the mean, and all of them are in the doubt.
    expect(Math.sqrt(square)).toBeLessThan(0.15);
    expect(doubt).toBeGreaterThan(0.2);
    expect(doubt).toBeLessThan(0.45);
  });

  it('does not take a smooth output for a rough one', () => {
    for (const f of [
      (a: number, b: number) => Math.sin(3 * a) + b,
      (a: number, b: number) => Math.exp(3 * a) * (1 + b * b),
      (a: number, b: number) => 1 / (0.1 + a * a + b),
    ])
      expect(learn(f, 'objective').rough).toBe(false);
  });

  it('is a constant for constant outputs and for one sample', () => {
    const model = learn(() => 4, 'constraint');
    expect(model.moments(Float64Array.of(0.5, 0.5), deviation)).toBe(4);
    expect(deviation[0]).toBeGreaterThan(0);
    expect(fitOutput(x, Float64Array.of(-2), 1, 2, 'objective', EXACT, undefined, 1).mean(x)).toBe(-2);
  });
});

describe('the region where improvement counts', () => {
  const f = (...values: number[]) => Float64Array.from(values);

  it('ends beyond the nadir point of the expected and the measured front together', () => {
    // (2, 6) is dominated by the expected (1, 5), (9, 9) by both.
    const { reference, width } = improvementRegion(
      2,
      [f(1, 5), f(3, 1)],
      [f(2, 6), f(5, 0)],
      [f(9, 9), f(5, 0)],
      0.1,
    );
    expect([...width]).toEqual([4, 5]);
    expect(reference[0]).toBeCloseTo(5.4, 12);
    expect(reference[1]).toBeCloseTo(5.5, 12);
  });

  it('is not widened, where this is asked, by what gains a speck and loses far more', () => {
    const ends = [f(1, 0, 0), f(0, 1, 0), f(0, 0, 1)];
    const { reference } = improvementRegion(3, [f(2, 0, -0.01)], ends, [...ends, f(2, 2, 2)], 0.1, true);
    expect([...reference]).toEqual([1.1, 1.1, 1.1]);
    const two = improvementRegion(2, [f(2, -0.01)], [f(1, 0), f(0, 1)], [f(2, 2)], 0);
    expect([...two.reference]).toEqual([2, 1]);
  });

  it('takes in everything measured while nothing feasible is expected', () => {
    const { reference } = improvementRegion(2, [], [], [f(1, 4), f(3, 2)], 0.5);
    expect([...reference]).toEqual([4, 5]);
  });

  it('has some width even where the front has none', () => {
    const { reference, width } = improvementRegion(2, [f(1, 7)], [], [f(1, 7), f(11, 7)], 0.1);
    expect(width[0]).toBeCloseTo(0.1, 12);
    expect(width[1]).toBeGreaterThan(0);
    expect(reference.every((value, j) => value > [1, 7][j])).toBe(true);
  });
});
