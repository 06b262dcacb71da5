import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeVector } from '../../problems/compression/design-vector.js';
import {
  buildModel,
  emptyTensor,
  float,
  floats,
  graph,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../problems/compression/onnx/build.js';
import { constantsOf } from '../../problems/compression/onnx/constants.js';
import { toFloat16 } from '../../problems/compression/onnx/float16.js';
import { loadModel } from '../../problems/compression/onnx/load.js';
import { ELEMENT_TYPE } from '../../problems/compression/onnx/model.js';
import { readModel } from '../../problems/compression/onnx/read.js';
import { toFloat32 } from '../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { applyPlan, type Plan, prepare } from '../../problems/compression/plan.js';
import { InputError, randomOf } from '../../src/index.js';
import { furthest, runOnnx } from './run-onnx.js';

function normal(key: string, count: number): Float32Array<ArrayBuffer> {
  const random = randomOf(2, key);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** The smallest magnitudes zeroed by sorting. */
function pruned(values: Float32Array, count: number): Float32Array {
  const order = [...values.keys()].sort((i, j) => Math.abs(values[i]) - Math.abs(values[j]) || i - j);
  const gone = new Set(order.slice(0, count));
  return values.map((value, i) => (gone.has(i) ? 0 : value));
}

const prepareBuilt = (parts: Omit<ModelParts, 'opset'>) =>
  prepare(readModel(writeModel(buildModel({ opset: 17, ...parts })), 'built'));
const plan = (layers: Plan['layers'], quantization: Plan['quantization'] = 'none'): Plan => ({
  layers,
  quantization,
});

const X = normal('x', 2 * 4);
const io = { inputs: [valueInfo('x', 'float32', [2, 4])], outputs: [valueInfo('y', 'float32', [2, 3])] };
const feed = { x: { data: X, dims: [2, 4] } };
const W = normal('w', 12);
const B = normal('b', 3);

function gemm(w: Float32Array, b: Float32Array): number[] {
  return Array.from({ length: 6 }, (_, at) => {
    const [i, j] = [Math.floor(at / 3), at % 3];
    let sum = b[j];
    for (let k = 0; k < 4; k++) sum += X[i * 4 + k] * w[k * 3 + j];
    return sum;
  });
}

describe('applying a plan', () => {
  const half = (values: Float32Array) => toFloat16(values);
  const plain = [tensor('w', 'float32', [4, 3], W), tensor('b', 'float32', [3], B)];
  /** Three bytes an element are enough for sixteen bits. */
  const varints = (bits: Uint16Array) =>
    Uint8Array.from([...bits].flatMap((v) => [(v & 127) | 128, ((v >> 7) & 127) | 128, v >> 14]));
  const layer = node('Gemm', ['x', 'w', 'b'], ['y'], {}, { name: 'fc' });
  const toHalf = [
    node('Cast', ['x'], ['h'], { to: ELEMENT_TYPE.float16 }),
    node('Gemm', ['h', 'w', 'b'], ['g'], {}, { name: 'fc' }),
    node('Cast', ['g'], ['y'], { to: ELEMENT_TYPE.float32 }),
  ];
  const floatData = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer);
  const forms: readonly [string, Omit<ModelParts, 'opset'>, number][] = [
    ['raw data', { ...io, nodes: [layer], initializers: plain }, 1e-5],
    [
      'float_data',
      {
        ...io,
        nodes: [layer],
        initializers: [
          { ...emptyTensor('w', ELEMENT_TYPE.float32, [4, 3]), floatData: floatData(W) },
          { ...emptyTensor('b', ELEMENT_TYPE.float32, [3]), floatData: floatData(B) },
        ],
      },
      1e-5,
    ],
    [
      'Constant nodes',
      {
        ...io,
        nodes: [
          node('Constant', [], ['w'], { value: { ...plain[0], name: '' } }),
          node('Constant', [], ['b'], { value_floats: floats([...B]) }),
          layer,
        ],
      },
      1e-5,
    ],
    [
      'float16 raw data',
      {
        ...io,
        nodes: toHalf,
        initializers: [tensor('w', 'float16', [4, 3], half(W)), tensor('b', 'float16', [3], half(B))],
      },
      0.02,
    ],
    [
      'float16 in int32_data',
      {
        ...io,
        nodes: toHalf,
        initializers: [
          { ...emptyTensor('w', ELEMENT_TYPE.float16, [4, 3]), int32Data: varints(half(W)) },
          { ...emptyTensor('b', ELEMENT_TYPE.float16, [3]), int32Data: varints(half(B)) },
        ],
      },
      0.02,
    ],
  ];

  test.each(forms)('prunes weights and biases that stand in %s', async (_, parts, tolerance) => {
    const prepared = prepareBuilt(parts);
    const before = prepared.bytes.slice();
    const result = applyPlan(prepared, plan([{ layer: 'fc', weight: 0.5, bias: 0.3 }]));
    expect(result.tensors).toEqual([
      { name: 'w', role: 'weight', layer: 'fc', total: 12, nonZero: 6 },
      { name: 'b', role: 'bias', layer: 'fc', total: 3, nonZero: 2 },
    ]);
    expect([result.nonZero, result.total]).toEqual([8, 15]);
    const { y } = await runOnnx(result.bytes, feed);
    expect(furthest(y, gemm(pruned(W, 6), pruned(B, 1)))).toBeLessThan(tolerance);
    expect(prepared.bytes).toEqual(before);
    const { y: whole } = await runOnnx(applyPlan(prepared, plan([])).bytes, feed);
    expect(furthest(whole, gemm(W, B))).toBeLessThan(tolerance);
  });

  test('prunes convolutions, and a plain sum over the window agrees', async () => {
    const image = normal('image', 2 * 5 * 5);
    const cw = normal('cw', 3 * 2 * 3 * 3);
    const tw = normal('tw', 3 * 2 * 2 * 2);
    const prepared = prepareBuilt({
      inputs: [valueInfo('x', 'float32', [1, 2, 5, 5])],
      outputs: [valueInfo('c', 'float32'), valueInfo('y', 'float32')],
      nodes: [
        node('Conv', ['x', 'cw', 'cb'], ['c'], { pads: [1, 1, 1, 1] }),
        node('ConvTranspose', ['c', 'tw'], ['y'], { strides: [2, 2] }),
      ],
      initializers: [
        tensor('cw', 'float32', [3, 2, 3, 3], cw),
        tensor('cb', 'float32', [3], B),
        tensor('tw', 'float32', [3, 2, 2, 2], tw),
      ],
    });
    const { bytes, nonZero, total } = applyPlan(
      prepared,
      plan([
        { layer: 'c', weight: 0.75, bias: 0 },
        { layer: 'y', weight: 0.5, bias: 1 },
      ]),
    );
    // 54 - round(40.5) = 54 - 40, 3, 24 - 12
    expect([nonZero, total]).toEqual([14 + 3 + 12, 54 + 3 + 24]);
    const cwPruned = pruned(cw, 40);
    const twPruned = pruned(tw, 12);
    const c = Array.from({ length: 75 }, (_, at) => {
      const [o, i, j] = [Math.floor(at / 25), Math.floor(at / 5) % 5, at % 5];
      let sum = B[o];
      for (let p = 0; p < 2; p++)
        for (let u = -1; u <= 1; u++)
          for (let v = -1; v <= 1; v++)
            if (i + u >= 0 && i + u < 5 && j + v >= 0 && j + v < 5)
              sum += image[p * 25 + (i + u) * 5 + j + v] * cwPruned[((o * 2 + p) * 3 + u + 1) * 3 + v + 1];
      return sum;
    });
    const y = Array.from({ length: 200 }, (_, at) => {
      const [o, i, j] = [Math.floor(at / 100), Math.floor(at / 10) % 10, at % 10];
      let sum = 0;
      for (let p = 0; p < 3; p++)
        sum +=
          c[p * 25 + Math.floor(i / 2) * 5 + Math.floor(j / 2)] *
          twPruned[((p * 2 + o) * 2 + (i % 2)) * 2 + (j % 2)];
      return sum;
    });
    const outputs = await runOnnx(bytes, { x: { data: image, dims: [1, 2, 5, 5] } });
    expect(furthest(outputs.c, c)).toBeLessThan(1e-4);
    expect(furthest(outputs.y, y)).toBeLessThan(1e-4);
  });

  test('prunes a MatMul with its constant on either side', async () => {
    const prepared = prepareBuilt({
      ...io,
      outputs: [valueInfo('y', 'float32', [5, 3])],
      nodes: [
        node('MatMul', ['x', 'w'], ['m'], {}, { name: 'right' }),
        node('Add', ['m', 'b'], ['a']),
        node('MatMul', ['l', 'a'], ['y'], {}, { name: 'left' }),
      ],
      initializers: [...plain, tensor('l', 'float32', [5, 2], normal('l', 10))],
    });
    const { bytes, tensors } = applyPlan(
      prepared,
      plan([
        { layer: 'right', weight: 0.25, bias: 0.7 },
        { layer: 'left', weight: 0.4, bias: 0 },
      ]),
    );
    expect(tensors.map(({ name, nonZero }) => [name, nonZero])).toEqual([
      ['w', 9],
      ['b', 1],
      ['l', 6],
    ]);
    const a = gemm(pruned(W, 3), pruned(B, 2));
    const l = pruned(normal('l', 10), 4);
    const expected = Array.from({ length: 15 }, (_, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return l[i * 2] * a[j] + l[i * 2 + 1] * a[3 + j];
    });
    const { y } = await runOnnx(bytes, feed);
    expect(furthest(y, expected)).toBeLessThan(1e-5);
  });

  test('prunes a shared tensor once, as the first layer says whose intensity is not 0', () => {
    const shared = prepareBuilt({
      ...io,
      nodes: [
        node('Gemm', ['x', 'w'], ['a']),
        node('Gemm', ['x', 'w', 'b'], ['c']),
        node('Gemm', ['x', 'w', 'b'], ['d']),
        node('Sum', ['a', 'c', 'd'], ['y']),
      ],
      initializers: plain,
    });
    const counts = (...weights: number[]) => {
      const { tensors, total } = applyPlan(
        shared,
        plan(['a', 'c', 'd'].map((name, i) => ({ layer: name, weight: weights[i], bias: weights[i] }))),
      );
      expect(total).toBe(15);
      return tensors.map(({ nonZero }) => nonZero);
    };
    expect(counts(0.5, 0.25, 0.75)).toEqual([6, 2]);
    expect(counts(0, 0.25, 0.75)).toEqual([9, 2]);
    expect(counts(0, 0, 0.75)).toEqual([3, 1]);
    expect(counts(0, 0, 0)).toEqual([12, 3]);
  });

  test('counts zeros that were there among the pruned', () => {
    const values = Float32Array.of(0, -0, 3, 0, 1, 2, 4, 5, 6, 7, 8, 9);
    const sparse = prepareBuilt({
      ...io,
      nodes: [layer],
      initializers: [tensor('w', 'float32', [4, 3], values), plain[1]],
    });
    const nonZero = (weight: number) =>
      applyPlan(sparse, plan([{ layer: 'fc', weight, bias: 0 }])).tensors[0].nonZero;
    expect([0, 2 / 12, 3 / 12, 4 / 12, 1].map(nonZero)).toEqual([9, 9, 9, 8, 0]);
  });

  test('leaves control flow as it is', async () => {
    const branch = (name: string, weight: string) =>
      graph({
        inputs: [],
        outputs: [valueInfo(name, 'float32')],
        initializers: [tensor('inner', 'float32', [4, 3], W)],
        nodes: [node('MatMul', ['x', weight], [name])],
      });
    const prepared = prepareBuilt({
      inputs: [...io.inputs, valueInfo('c', 'bool', [])],
      outputs: io.outputs,
      nodes: [
        node(
          'If',
          ['c'],
          ['i'],
          { then_branch: branch('t', 'inner'), else_branch: branch('e', 'v') },
          { name: 'if' },
        ),
        node('Gemm', ['x', 'w', 'b'], ['g'], {}, { name: 'fc' }),
        node('Add', ['i', 'g'], ['y']),
      ],
      initializers: [...plain, tensor('v', 'float32', [4, 3], W)],
    });
    const { bytes, total, notes } = applyPlan(
      prepared,
      plan([{ layer: 'fc', weight: 1, bias: 1 }], 'dynamic-int8'),
    );
    expect(total).toBe(15);
    expect(notes).toEqual([
      'control flow is left as it is: If if',
      'a constant read only by control flow is left as it is: v',
    ]);
    for (const data of [true, false]) {
      const { y } = await runOnnx(bytes, { ...feed, c: { data, dims: [] } });
      expect(furthest(y, gemm(W, new Float32Array(3)))).toBeLessThan(1e-5);
    }
  });

  test('quantizes the pruned weights and counts them as pruning left them', async () => {
    const prepared = prepareBuilt({ ...io, nodes: [layer], initializers: plain });
    const layers = [{ layer: 'fc', weight: 0.5, bias: 0.3 }];
    const real = applyPlan(prepared, plan(layers));
    const int8 = applyPlan(prepared, plan(layers, 'dynamic-int8'));
    expect({ ...int8, bytes: 0 }).toEqual({ ...real, bytes: 0 });
    const zeros = [...toFloat32(constantsOf(readModel(real.bytes, 'f').graph).get('w')!)].map((v) => v === 0);
    const quantized = constantsOf(readModel(int8.bytes, 'q').graph).get('w_int8')!;
    expect(quantized.dims).toEqual([4, 3]);
    expect([...quantized.rawData!].map((v) => v === 0)).toEqual(zeros);
    const { y } = await runOnnx(int8.bytes, feed);
    expect(furthest(y, gemm(pruned(W, 6), pruned(B, 1)))).toBeLessThan(0.1);
  });

  test('refuses a plan that does not fit the model', () => {
    const prepared = prepareBuilt({ ...io, nodes: [layer], initializers: plain });
    expect(() => applyPlan(prepared, plan([{ layer: 'other', weight: 0, bias: 0 }]))).toThrow(
      'a plan must name layers of the model, got "other"',
    );
    expect(() => applyPlan(prepared, plan([{ layer: 'fc', weight: 1.4, bias: 0 }]))).toThrow(InputError);
    const short = { ...plain[0], dims: [4, 4] };
    expect(() => prepareBuilt({ ...io, nodes: [layer], initializers: [short, plain[1]] })).toThrow(
      'must hold 64 bytes, got 48',
    );
  });

  test('of a damaged file works or is refused with an InputError', () => {
    const branch = (name: string) =>
      graph({
        inputs: [],
        outputs: [valueInfo(name, 'float32')],
        nodes: [node('MatMul', ['x', 'w'], [name])],
      });
    const bytes = writeModel(
      buildModel({
        opset: 17,
        ...io,
        nodes: [
          node('Constant', [], ['v'], { value: tensor('', 'float32', [3, 3], normal('v', 9)) }),
          node('If', ['x'], ['i'], { then_branch: branch('t'), else_branch: branch('e') }),
          node('Gemm', ['x', 'w', 'b'], ['g'], { alpha: float(2) }),
          node('MatMul', ['g', 'v'], ['m']),
          node('Add', ['m', 'b'], ['y']),
        ],
        initializers: plain,
      }),
    );
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const bad = bytes.slice();
        for (const [at, value] of changes) bad[at] = value;
        try {
          const prepared = prepare(readModel(bad, 'bad'));
          applyPlan(prepared, decodeVector([2, 2, 0.5, 0.5, 2, 2, 1], prepared.layers, 1));
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }),
      { seed: 9, numRuns: 1000 },
    );
  });

  test('gives the same bytes for the same plan, and the file itself for no plan', () => {
    const built = writeModel(buildModel({ opset: 17, ...io, nodes: [layer], initializers: plain }));
    const prepared = prepare(readModel(built, 'built'));
    expect(applyPlan(prepared, plan([])).bytes).toEqual(built);
    const p = decodeVector([1, 1, 0.4, 0.4, 2, 2, 1], prepared.layers, 3);
    expect(applyPlan(prepared, p)).toEqual(applyPlan(prepared, p));
  });
});

const shared = new URL('../../../shared/', import.meta.url);
const referenceFile = new URL('reference/pytorch-resnet20.json', shared);

describe.skipIf(!existsSync(referenceFile))('PyTorch on ResNet-20 (skipped: no ../shared)', () => {
  interface Reference {
    readonly baseline: { readonly total: number };
    readonly vectors: readonly {
      readonly x: readonly number[];
      readonly nonZero: number;
      readonly nonZeroByTensor: Readonly<Record<string, number>>;
    }[];
  }

  test('leaves as many elements in every tensor, for every vector', () => {
    const reference = JSON.parse(readFileSync(referenceFile, 'utf8')) as Reference;
    const prepared = prepare(loadModel(new URL('models/resnet20-cifar10.onnx', shared).pathname));
    expect(prepared.total).toBe(reference.baseline.total);
    expect(reference.vectors).toHaveLength(16);
    for (const { x, nonZero, nonZeroByTensor } of reference.vectors) {
      const result = applyPlan(prepared, decodeVector(x, prepared.layers, 1));
      expect(result.nonZero, `${x}`).toBe(nonZero);
      const counts = Object.fromEntries(result.tensors.map((t) => [t.name, t.nonZero]));
      expect(counts, `${x}`).toEqual(nonZeroByTensor);
    }
  });
});
