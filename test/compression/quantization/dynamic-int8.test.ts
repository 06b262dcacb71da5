import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type AttributeValue,
  buildModel,
  float,
  graph,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { fromFloat16, toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { layersOf } from '../../../problems/compression/onnx/layers.js';
import {
  ELEMENT_TYPE,
  type Model,
  type Node,
  type Tensor,
} from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { quantizable, quantizeDynamic } from '../../../problems/compression/quantization/dynamic-int8.js';
import { InputError, randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const M = 5;
const K = 37;
const N = 11;

function normal(key: string, count: number, scale = 1): Float32Array<ArrayBuffer> {
  const random = randomOf(1, key);
  return Float32Array.from({ length: count }, () => scale * random.normal());
}

const X = normal('x', M * K);
const W = normal('w', K * N);
const B = normal('b', N);

const even = (value: number) => {
  const near = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && near % 2 !== 0 ? near - 1 : near;
};

/** x (m x k) times w (k x n) as DynamicQuantizeLinear and int8 weights define it; one scale a column, or one in all. */
function reference(
  x: Float32Array,
  w: Float32Array,
  m: number,
  k: number,
  n: number,
  perColumn = true,
): number[] {
  const low = Math.min(0, ...x);
  const high = Math.max(0, ...x);
  const s = Math.fround((high - low) / 255);
  const z = even(-low / s);
  const q = Array.from(x, (value) => Math.max(0, Math.min(255, even(Math.fround(value / s)) + z)) - z);
  const scales = Array.from({ length: n }, (_, j) => {
    const column = perColumn ? w.filter((_, i) => i % n === j) : w;
    return Math.fround(column.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127) || 1;
  });
  const int8 = Array.from(w, (value, i) => even(value / scales[i % n]));
  return Array.from({ length: m * n }, (_, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    let sum = 0;
    for (let l = 0; l < k; l++) sum += q[i * k + l] * int8[l * n + j];
    return sum * s * scales[j];
  });
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j];
  return out;
}

function model(
  nodes: readonly Node[],
  initializers: readonly Tensor[],
  more: Partial<ModelParts> = {},
): Model {
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32')],
    outputs: [valueInfo('y', 'float32')],
    nodes,
    initializers,
    ...more,
  });
}

/** Quantizes a model as it would come from a file. */
function quantized(built: Model): { model: Model; notes: readonly string[]; bytes: Uint8Array } {
  const read = readModel(writeModel(built), 'built');
  const result = quantizeDynamic(read, layersOf(read).layers);
  return { ...result, bytes: writeModel(result.model) };
}

const operators = ({ graph: { nodes } }: Model) => nodes.map(({ opType }) => opType);
const names = ({ graph: { initializers } }: Model) => initializers.map(({ name }) => name);
const x = (dims: readonly number[] = [M, K], data = X) => ({ x: { data, dims } });

const w = tensor('w', 'float32', [K, N], W);
const wt = tensor('w', 'float32', [N, K], transpose(W, K, N));
const b = tensor('b', 'float32', [N], B);

describe('a quantized Gemm', () => {
  const product = reference(X, W, M, K, N);
  const cases: readonly [string, Readonly<Record<string, AttributeValue>>, number, number][] = [
    ['as it is', {}, 1, 1],
    ['with transB', { transB: 1 }, 1, 1],
    ['with alpha and beta', { alpha: float(0.5), beta: float(-2) }, 0.5, -2],
    ['with a beta of 0', { beta: float(0), transB: 1 }, 1, 0],
    ['with transA', { transA: 1 }, 1, 1],
    ['with everything', { transA: 1, transB: 1, alpha: float(-1.5), beta: float(3) }, -1.5, 3],
  ];
  test.each(cases)('%s gives what the integers say', async (_, attributes, alpha, beta) => {
    const built = model(
      [node('Gemm', ['x', 'w', 'b'], ['y'], attributes)],
      ['transB' in attributes ? wt : w, b],
    );
    const { bytes, notes, model: result } = quantized(built);
    const feed = 'transA' in attributes ? x([K, M], transpose(X, M, K)) : x();
    const { y } = await runOnnx(bytes, feed);
    const expected = product.map((value, i) => alpha * value + beta * B[i % N]);
    expect(furthest(y, expected)).toBeLessThan(1e-4);
    const { y: exact } = await runOnnx(writeModel(built), feed);
    // Half a step of either factor, 37 times, at random: well below 1, and not 0.
    expect(furthest(y, exact)).toBeLessThan(1);
    expect(furthest(y, exact)).toBeGreaterThan(1e-3);
    expect(notes).toEqual([]);
    expect(names(result)).not.toContain('w');
  });

  test('adds a bias of any shape that Gemm takes, computed or not', async () => {
    for (const dims of [[1], [1, N], [M, 1], [M, N], []]) {
      const size = dims.reduce((p, d) => p * d, 1);
      const bias = normal('bias', size);
      const built = model(
        [
          node('Identity', ['c'], ['d']),
          node('Gemm', ['x', 'w', 'c'], ['z']),
          node('Gemm', ['x', 'w', 'd'], ['y']),
        ],
        [w, tensor('c', 'float32', dims, bias)],
        { outputs: [valueInfo('y', 'float32'), valueInfo('z', 'float32')] },
      );
      const { y, z } = await runOnnx(quantized(built).bytes, x());
      const at = (i: number) => {
        const row = dims.length === 2 && dims[0] > 1 ? Math.floor(i / N) : 0;
        const column = dims.length > 0 && dims[dims.length - 1] > 1 ? i % N : 0;
        return bias[row * (dims[dims.length - 1] ?? 1) + column];
      };
      const expected = product.map((value, i) => value + at(i));
      expect(furthest(y, expected), `${dims}`).toBeLessThan(1e-4);
      expect(furthest(z, expected), `${dims}`).toBeLessThan(1e-4);
    }
  });

  test('whose constant is on the left is quantized too', async () => {
    const built = model([node('Gemm', ['w', 'x'], ['y'], { transA: 1, transB: 1, alpha: float(2) })], [w]);
    const { bytes, notes } = quantized(built);
    const { y } = await runOnnx(bytes, x());
    const expected = reference(X, W, M, K, N, false).map((value) => 2 * value);
    expect(furthest(y, [...transpose(Float32Array.from(expected), M, N)])).toBeLessThan(1e-3);
    expect(notes).toEqual([]);
  });
});

describe('a quantized MatMul', () => {
  test('takes inputs of more than two axes, and its Add stays behind it', async () => {
    const built = model([node('MatMul', ['x', 'w'], ['m']), node('Add', ['b', 'm'], ['y'])], [w, b]);
    const { bytes, model: result } = quantized(built);
    const { y } = await runOnnx(bytes, x([1, M, 1, K]));
    const expected = reference(X, W, M, K, N).map((value, i) => value + B[i % N]);
    expect(furthest(y, expected)).toBeLessThan(1e-4);
    expect(operators(result)).toEqual([
      'DynamicQuantizeLinear',
      'MatMulInteger',
      'Cast',
      'Mul',
      'Mul',
      'Add',
    ]);
  });

  test('takes an input of one axis', async () => {
    const { y } = await runOnnx(
      quantized(model([node('MatMul', ['x', 'w'], ['y'])], [w])).bytes,
      x([K], X.slice(0, K)),
    );
    expect(furthest(y, reference(X.slice(0, K), W, 1, K, N))).toBeLessThan(1e-4);
  });

  test('of a stack of matrices has one scale', async () => {
    const W3 = normal('w3', 2 * K * N);
    const X3 = normal('x3', 2 * M * K);
    const built = model([node('MatMul', ['x', 'w'], ['y'])], [tensor('w', 'float32', [2, K, N], W3)]);
    const { bytes, model: result } = quantized(built);
    expect(result.graph.initializers.map(({ dims }) => dims)).toEqual([[2, K, N], []]);
    const feed = x([2, M, K], X3);
    const { y } = await runOnnx(bytes, feed);
    const { y: exact } = await runOnnx(writeModel(built), feed);
    expect(furthest(y, exact)).toBeLessThan(1);
    expect(furthest(y, exact)).toBeGreaterThan(1e-3);
  });

  test.each([1, 7, 64])('whose constant is on the left keeps its side, %i columns', async (columns) => {
    // The worst case for saturating kernels among the columns: all activations at 255, all weights at -127 or 127.
    const left = normal('left', N * K).map((value, i) => (i < K ? 1 : i < 2 * K ? -1 : value));
    const right = normal('right', K * columns).map((value, i) => (i % columns === 0 ? 3 : value));
    const built = model([node('MatMul', ['w', 'x'], ['y'])], [tensor('w', 'float32', [N, K], left)]);
    const { bytes, notes } = quantized(built);
    const { y } = await runOnnx(bytes, x([K, columns], right));
    // (W x)^T = x^T W^T
    const expected = reference(transpose(right, K, columns), transpose(left, N, K), columns, K, N, false);
    expect(furthest(y, [...transpose(Float32Array.from(expected), columns, N)])).toBeLessThan(2e-3);
    expect(notes).toEqual([]);
  });

  test('of zeros gives zeros, and a column of zeros stays zero', async () => {
    const some = W.map((value, i) => (i % N === 2 ? 0 : value));
    for (const values of [new Float32Array(K * N), some]) {
      const built = model([node('MatMul', ['x', 'w'], ['y'])], [tensor('w', 'float32', [K, N], values)]);
      const { y } = await runOnnx(quantized(built).bytes, x());
      expect(furthest(y, reference(X, values, M, K, N))).toBeLessThan(1e-4);
      expect(y.filter((_, i) => i % N === 2)).toEqual(new Array(M).fill(0));
    }
  });

  test('of a batch of zeros gives zeros', async () => {
    const { bytes } = quantized(model([node('MatMul', ['x', 'w'], ['y'])], [w]));
    const { y } = await runOnnx(bytes, x([M, K], new Float32Array(M * K)));
    expect(y.every((value) => value === 0)).toBe(true);
  });
});

describe('quantizing a graph', () => {
  test('shares the quantized input of layers that read the same, and the int8 weight of layers that share it', async () => {
    const built = model(
      [
        node('MatMul', ['x', 'w'], ['a']),
        node('Gemm', ['x', 'w', 'b'], ['c']),
        node('Gemm', ['x', 'w'], ['d'], { alpha: float(2) }),
        node('Sum', ['a', 'c', 'd'], ['y']),
      ],
      [w, b],
    );
    const { bytes, model: result } = quantized(built);
    expect(operators(result).filter((name) => name === 'DynamicQuantizeLinear')).toHaveLength(1);
    expect(names(result)).toEqual(['b', 'w_int8', 'w_scale', 'w_scale_alpha']);
    const { y } = await runOnnx(bytes, x());
    expect(
      furthest(
        y,
        reference(X, W, M, K, N).map((value, i) => 4 * value + B[i % N]),
      ),
    ).toBeLessThan(1e-3);
  });

  test('keeps a weight that something else reads, removes the Constant node of one that nothing reads', async () => {
    const built = model(
      [
        node('Constant', [], ['v'], { value: { ...w, name: '' } }),
        node('MatMul', ['x', 'v'], ['a']),
        node('Gemm', ['x', 'w'], ['c']),
        node('ReduceSum', ['w'], ['s'], { keepdims: 0 }),
        node('Sum', ['a', 'c', 's'], ['y']),
      ],
      [w],
    );
    const { bytes, model: result } = quantized(built);
    expect(operators(result)).not.toContain('Constant');
    expect(names(result)).toContain('w');
    const total = W.reduce((sum, value) => sum + value, 0);
    const { y } = await runOnnx(bytes, x());
    expect(
      furthest(
        y,
        reference(X, W, M, K, N).map((value) => 2 * value + total),
      ),
    ).toBeLessThan(1e-3);
  });

  test('casts float16 layers to float32 and back', async () => {
    const half = (name: string, dims: readonly number[], values: Float32Array) =>
      tensor(name, 'float16', dims, toFloat16(values));
    const built = model(
      [
        node('Cast', ['x'], ['h'], { to: ELEMENT_TYPE.float16 }),
        node('Gemm', ['h', 'w', 'b'], ['g'], { beta: float(2) }),
        node('MatMul', ['h', 'w'], ['m']),
        node('Add', ['g', 'm'], ['s']),
        node('Cast', ['s'], ['y'], { to: ELEMENT_TYPE.float32 }),
      ],
      [half('w', [K, N], W), half('b', [N], B)],
    );
    const { bytes, notes } = quantized(built);
    const { y } = await runOnnx(bytes, x());
    const rounded = (values: Float32Array) => fromFloat16(toFloat16(values));
    const product = reference(rounded(X), rounded(W), M, K, N);
    const expected = product.map((value, i) => 2 * value + 2 * B[i % N]);
    // float16 has eleven bits: values up to 64 are rounded by 0.016 at most, four times.
    expect(furthest(y, expected)).toBeLessThan(0.064);
    expect(notes).toEqual([]);
  });

  test('works in a file of version 3, where initializers are inputs too', async () => {
    const inputs = [
      valueInfo('x', 'float32', [M, K]),
      valueInfo('w', 'float32', [K, N]),
      valueInfo('b', 'float32', [N]),
    ];
    const built = model([node('Gemm', ['x', 'w', 'b'], ['y'])], [w, b], { inputs, irVersion: 3, opset: 11 });
    const { bytes, model: result } = quantized(built);
    expect(result.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    const { y } = await runOnnx(bytes, x());
    expect(
      furthest(
        y,
        reference(X, W, M, K, N).map((value, i) => value + B[i % N]),
      ),
    ).toBeLessThan(1e-4);
  });

  test('takes no name that is in use, not even inside a subgraph', async () => {
    const branch = (value: string) =>
      graph({
        inputs: [],
        outputs: [valueInfo(value, 'float32')],
        nodes: [node('Identity', ['a'], [value])],
      });
    const built = model(
      [
        node('MatMul', ['x', 'w'], ['a']),
        node('Identity', ['x'], ['x_uint8']),
        node('If', ['c'], ['y'], { then_branch: branch('w_int8'), else_branch: branch('a_scale') }),
        node('ReduceSum', ['x_uint8'], ['z']),
      ],
      [w],
      {
        inputs: [valueInfo('x', 'float32'), valueInfo('c', 'bool', [])],
        outputs: [valueInfo('y', 'float32'), valueInfo('z', 'float32')],
      },
    );
    const { y } = await runOnnx(quantized(built).bytes, { ...x(), c: { data: true, dims: [] } });
    expect(furthest(y, reference(X, W, M, K, N))).toBeLessThan(1e-4);
  });

  test('leaves in float what it cannot do, and says so', () => {
    const bad = W.map((value, i) => (i === 3 ? Number.NaN : value));
    const built = model(
      [
        node('Gemm', ['x', 'bad'], ['a'], {}, { name: 'nan' }),
        node('MatMul', ['a', 'double'], ['d'], {}, { name: 'double' }),
        node('MatMul', ['x', 'vector'], ['v'], {}, { name: 'vector' }),
        node('Gemm', ['x', 'w', 'd'], ['y'], { beta: float(2) }, { name: 'factor' }),
      ],
      [
        tensor('bad', 'float32', [K, N], bad),
        tensor('double', 'float64', [N, 2], new Float64Array(2 * N)),
        tensor('vector', 'float32', [K], W.slice(0, K)),
        w,
      ],
    );
    const { model: result, notes } = quantized(built);
    expect(notes).toEqual([
      'Gemm nan stays in float: its weight has a NaN or an infinity',
      'MatMul double stays in float: its type is neither float32 nor float16',
      'MatMul vector stays in float: its weight is no matrix',
      'Gemm factor stays in float: its bias is computed and has a factor',
    ]);
    expect(writeModel(result)).toEqual(writeModel(built));
  });

  test('is refused for a model older than the operators', () => {
    const old = model([node('Gemm', ['x', 'w', 'b'], ['y'])], [w, b], { opset: 10 });
    const reason = 'dynamic quantization needs a model of operator set 11 or later, got 10';
    expect(quantizable(old)).toEqual({ ok: false, reason });
    expect(() => quantizeDynamic(old, layersOf(old).layers)).toThrow(new InputError(reason));
    expect(quantizable(model([], [], { opset: { 'ai.onnx': 11 } }))).toEqual({ ok: true });
    expect(quantizable(model([], [], { opset: { 'my.own': 11 } })).ok).toBe(false);
  });
});

describe('ONNX Runtime', () => {
  test('fuses every quantized layer with its bias', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fronteira-fused-'));
    try {
      const built = model(
        [
          node('Gemm', ['x', 'w', 'b'], ['h']),
          node('Relu', ['h'], ['r']),
          node('MatMul', ['r', 'v'], ['m']),
          node('Add', ['m', 'b'], ['s']),
          node('Gemm', ['r', 'v', 'b'], ['t'], { transB: 1, alpha: float(0.5) }),
          node('Add', ['s', 't'], ['y']),
        ],
        [w, b, tensor('v', 'float32', [N, N], normal('v', N * N))],
        {
          inputs: [valueInfo('x', 'float32', ['batch', K])],
          outputs: [valueInfo('y', 'float32', ['batch', N])],
        },
      );
      const path = join(folder, 'optimized.onnx');
      await runOnnx(quantized(built).bytes, x(), { optimizedModelFilePath: path });
      const fused = operators(readModel(readFileSync(path), path));
      expect(fused).not.toContain('MatMulInteger');
      expect(fused.filter((name) => name === 'DynamicQuantizeMatMul')).toHaveLength(1);
      expect(fused.filter((name) => name === 'MatMulIntegerToFloat')).toHaveLength(2);
      expect(fused.filter((name) => name === 'Add')).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
