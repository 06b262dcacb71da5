import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitDecoder, bitEncoder } from '../../../problems/compression/coding/arithmetic/range-coder.js';
import { writeContainer } from '../../../problems/compression/coding/container/write.js';
import { levelCoder, shiftFor } from '../../../problems/compression/coding/levels/level-coder.js';
import type { Grid } from '../../../problems/compression/coding/levels/neighbourhood.js';
import { NEXT, oddOf, type Path, STATES } from '../../../problems/compression/coding/levels/trellis.js';
import { pathFinder } from '../../../problems/compression/coding/packing/best-path.js';
import { dependentLevels } from '../../../problems/compression/coding/packing/dependent-levels.js';
import { feedbackOf, levelsWith } from '../../../problems/compression/coding/packing/error-feedback.js';
import { signalOf } from '../../../problems/compression/coding/packing/gains.js';
import { indexCosts, LAST } from '../../../problems/compression/coding/packing/index-costs.js';
import { packablesOf } from '../../../problems/compression/coding/packing/packables.js';
import { quantizableModel } from '../../../problems/compression/coding/packing/quantized-model.js';
import { unpack } from '../../../problems/compression/coding/unpack.js';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { InputError, randomOf } from '../../../src/index.js';
import { bytesOf } from '../inference/networks.js';

const levelOf = (index: number, odd: number) =>
  index === 0 ? 0 : Math.sign(index) * (2 * Math.abs(index) - odd);

/** The levels that signed indices stand for along the paths of a tensor. */
function levelsOf(indices: ArrayLike<number>, { rows, columns, taps }: Grid, path: Path): Int32Array {
  const perRow = columns * taps;
  const states = new Map<number, number>();
  return Int32Array.from({ length: rows * perRow }, (_, at) => {
    const slot = path === 'down' ? at % perRow : Math.floor(at / perRow);
    const state = states.get(slot) ?? 0;
    states.set(slot, NEXT[2 * state + (Math.abs(indices[at]) & 1)]);
    return levelOf(indices[at], oddOf(state));
  });
}

function coded(
  levels: Int32Array,
  grid: Grid,
  path: Path | undefined,
  shift = shiftFor(levels, path),
): Uint8Array {
  const encoder = bitEncoder();
  levelCoder().code(encoder, levels.slice(), grid, shift, path);
  return encoder.finish();
}

describe('the trellis', () => {
  it('leads to every state from two, once by even and once by odd levels where they differ', () => {
    for (let to = 0; to < STATES; to++) expect([...NEXT].filter((next) => next === to)).toHaveLength(2);
    for (let state = 0; state < STATES; state++) expect(NEXT[2 * state]).not.toBe(NEXT[2 * state + 1]);
  });

  it('brings numbers 1.09 dB nearer than an even grid of as many levels does', () => {
    const random = randomOf('trellis');
    const finder = pathFinder(20_000);
    finder.targets.forEach((_, i) => {
      finder.targets[i] = 100 + 50 * random.uniform();
    });
    finder.find(indexCosts(1), 0);
    const squares = finder.levels.reduce((sum, level, i) => sum + (level - finder.targets[i]) ** 2, 0);
    // The levels of a state are two steps apart: rounding to such a grid errs by 4 / 12.
    const gain = 10 * Math.log10(4 / 12 / (squares / finder.levels.length));
    expect(gain).toBeGreaterThan(1.04);
    expect(gain).toBeLessThan(1.14);
  });
});

describe('the best path', () => {
  it('is the one of least error and bits among all', () => {
    const numbers = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 0.5, noNaN: true }), (targets, worth) => {
        const costs = indexCosts(1.5);
        costs.update();
        const price = (index: number, odd: number) => costs.bits[odd * (LAST + 1) + index];
        const least = (at: number, state: number): number => {
          if (at === targets.length) return 0;
          let best = Number.POSITIVE_INFINITY;
          for (let index = 0; index < 6; index++) {
            const error = Math.abs(targets[at]) - levelOf(index, oddOf(state));
            const rest = least(at + 1, NEXT[2 * state + (index & 1)]);
            best = Math.min(best, error ** 2 + worth * price(index, oddOf(state)) + rest);
          }
          return best;
        };
        const finder = pathFinder(targets.length);
        finder.targets.set(targets);
        finder.find(costs, worth);
        let state = 0;
        let cost = 0;
        for (const [i, level] of finder.levels.entries()) {
          const odd = oddOf(state);
          const index = level === 0 ? 0 : (Math.abs(level) + odd) / 2;
          expect(Number.isInteger(index)).toBe(true);
          cost += (targets[i] - level) ** 2 + worth * price(index, odd);
          state = NEXT[2 * state + (index & 1)];
        }
        expect(cost).toBeCloseTo(least(0, 0), 9);
      }),
      { numRuns: 60 },
    );
  });

  it('weighs bits that are those of a distribution, and of what was counted', () => {
    const costs = indexCosts(2);
    costs.update();
    for (const odd of [0, 1]) {
      const half = costs.bits.subarray(odd * (LAST + 1), (odd + 1) * (LAST + 1));
      const sum = half.reduce((total, bits, k) => total + 2 ** ((k > 0 ? 1 : 0) - bits), 0);
      expect(sum).toBeCloseTo(1, 12);
    }
    for (let i = 0; i < 1e5; i++) costs.count(1, i % 4 === 0 ? 3 : 0);
    costs.update();
    expect(costs.bits[LAST + 1]).toBeCloseTo(Math.log2(4 / 3), 2);
    expect(costs.bits[LAST + 1 + 3]).toBeCloseTo(3, 2);
  });
});

describe('the coder of levels on paths', () => {
  it.each<Path>(['down', 'along'])('gives back any levels of any shape (%s)', (path) => {
    const sides = fc.record({
      rows: fc.integer({ min: 1, max: 5 }),
      columns: fc.integer({ min: 1, max: 5 }),
      taps: fc.integer({ min: 1, max: 9 }),
      size: fc.constantFrom(1, 3, 40, 100_000),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(sides, ({ rows, columns, taps, size, seed }) => {
        const random = randomOf(seed);
        const grid = { rows, columns, taps, width: Math.min(3, taps) };
        const indices = Array.from(
          { length: rows * columns * taps },
          () => random.integer(2 * size + 1) - size,
        );
        const levels = levelsOf(indices, grid, path);
        const shift = shiftFor(levels, path);
        const got = new Int32Array(levels.length);
        levelCoder().code(bitDecoder(coded(levels, grid, path)), got, grid, shift, path);
        expect([...got]).toEqual([...levels]);
      }),
      { numRuns: 60 },
    );
  });

  it('takes no more for a path than its indices take by themselves', () => {
    const random = randomOf('indices');
    const grid = { rows: 64, columns: 64, taps: 1, width: 1 };
    const indices = Int32Array.from({ length: 4096 }, () => Math.round(1.3 * random.normal()));
    const alone = coded(indices, grid, undefined).length;
    expect(coded(levelsOf(indices, grid, 'down'), grid, 'down').length).toBeLessThan(1.03 * alone);
  });

  it('takes next to nothing for zeros', () => {
    const grid = { rows: 100, columns: 100, taps: 9, width: 3 };
    expect(coded(new Int32Array(90_000), grid, 'down').length).toBeLessThan(40);
  });

  it('refuses a level that its path does not allow', () => {
    const grid = { rows: 2, columns: 2, taps: 1, width: 1 };
    // Every path begins with even levels; after a 2 the next is odd.
    for (const path of ['down', 'along'] as const)
      expect(() => coded(Int32Array.of(1, 0, 0, 0), grid, path)).toThrow('zero or even, got 1');
    expect(() => coded(Int32Array.of(2, 1, 0, 0), grid, 'down')).toThrow(InputError);
    expect(() => coded(Int32Array.of(2, 0, 1, 0), grid, 'along')).toThrow(InputError);
    expect(() => coded(Int32Array.of(2, 0, 4, 0), grid, 'down')).toThrow('zero or odd, got 4');
  });
});

describe('error feedback on paths', () => {
  const n = 24;
  const rows = 64;
  const gaussian = (length: number, seed: number) => {
    const random = randomOf('paths', seed);
    return Float32Array.from({ length }, () => random.normal());
  };
  /** Covariance of inputs that share two causes. */
  const factors = gaussian(2 * n, 1);
  const covariance = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return factors[i] * factors[j] + factors[n + i] * factors[n + j] + (i === j ? 0.2 : 0);
  });
  const block = { first: 0, size: n, mean: new Float64Array(n), covariance };
  const values = gaussian(rows * n, 2);
  const matrix = { rows, columns: n, rowStride: n, columnStride: 1 };
  const signal = signalOf({ values, matrix }, [block]);
  const grid = { rows, columns: n, taps: 1, width: 1 };
  const lossOf = (levels: Int32Array, step: number) => {
    let loss = 0;
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const error = (at: number) => values[row * n + at] - step * levels[row * n + at];
          loss += error(i) * covariance[i * n + j] * error(j);
        }
    return loss;
  };

  it('changes the outputs less than free levels do that take as many bytes', () => {
    const feedback = [feedbackOf(block)];
    const free = levelsWith(values, matrix, feedback, 1);
    const dependent = dependentLevels({ values, matrix, signal }, feedback, 0.58, 1);
    expect(coded(dependent, grid, 'down').length).toBeLessThanOrEqual(coded(free, grid, undefined).length);
    expect(lossOf(dependent, 0.58)).toBeLessThan(0.9 * lossOf(free, 1));
  });

  it('takes a transposed matrix as its transpose', () => {
    const turned = values.map((_, at) => values[(at % rows) * n + Math.floor(at / rows)]);
    const across = { rows, columns: n, rowStride: 1, columnStride: rows };
    const straight = dependentLevels({ values, matrix, signal }, [feedbackOf(block)], 0.5, 1);
    const other = dependentLevels(
      { values: turned, matrix: across, signal: signalOf({ values: turned, matrix: across }, [block]) },
      [feedbackOf(block)],
      0.5,
      1,
    );
    expect([...other]).toEqual(
      Array.from(turned, (_, at) => straight[(at % rows) * n + Math.floor(at / rows)]),
    );
  });

  it('stands inputs that are always zero, and weights that are', () => {
    const dead = feedbackOf({ ...block, covariance: new Float64Array(n * n) });
    const none = new Float32Array(values.length);
    expect(dependentLevels({ values, matrix, signal: none }, [dead], 0.5, 1).every(Number.isFinite)).toBe(
      true,
    );
    const zeros = new Float32Array(values.length);
    expect(
      dependentLevels({ values: zeros, matrix, signal: none }, [feedbackOf(block)], 0.5, 1).every(
        (q) => q === 0,
      ),
    ).toBe(true);
  });

  it.each([
    ['Gemm, transposed', 'Gemm', [5, n], { transB: 1 }],
    ['Gemm, one output', 'Gemm', [1, n], { transB: 1 }],
    ['MatMul', 'MatMul', [n, 5], {}],
    ['MatMul, square', 'MatMul', [n, n], {}],
    ['MatMul, one output', 'MatMul', [n, 1], {}],
    ['MatMul, one input', 'MatMul', [1, n], {}],
  ] as const)('goes into a container and comes back (%s)', (_, operator, dims, attributes) => {
    const inputs = 'transB' in attributes ? dims[1] : dims[0];
    const file = bytesOf({
      inputs: [valueInfo('x', 'float32', ['batch', inputs])],
      outputs: [valueInfo('y', 'float32', ['batch', (dims[0] * dims[1]) / inputs])],
      initializers: [tensor('w', 'float32', dims, gaussian(dims[0] * dims[1], 7))],
      nodes: [node(operator, ['x', 'w'], ['y'], attributes)],
    });
    const packables = packablesOf(readModel(file, 'net'));
    const part = {
      ...block,
      size: inputs,
      mean: new Float64Array(inputs),
      covariance: Float64Array.from(
        { length: inputs ** 2 },
        (_, at) => covariance[Math.floor(at / inputs) * n + (at % inputs)],
      ),
    };
    const model = quantizableModel(file, packables, new Map([['w', [part]]]), true);
    const tensors = model.tensors([0.8]);
    expect(tensors[0].path).toBeDefined();
    expect(unpack(writeContainer(file, tensors))).toEqual(model.bytes([0.8]));
  });
});
