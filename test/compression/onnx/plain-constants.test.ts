import { describe, expect, it } from 'vitest';
import {
  buildModel,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { ELEMENT_TYPE } from '../../../problems/compression/onnx/model.js';
import { withPlainConstants } from '../../../problems/compression/onnx/plain-constants.js';
import { toFloat32, transposed } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { applyPlan, prepare } from '../../../problems/compression/plan.js';
import { randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const normal = (key: string, count: number) => {
  const random = randomOf(1, key);
  return Float32Array.from({ length: count }, () => random.normal());
};
const X = { data: normal('x', 5 * 6), dims: [5, 6] };

const model = (parts: Omit<ModelParts, 'inputs' | 'outputs' | 'opset'>) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['batch', 6])],
    outputs: [valueInfo('y', 'float32', ['batch', null])],
    ...parts,
  });

/** The outputs for x, before and after `prepare`, which must not change them. */
async function outputs(parts: Parameters<typeof model>[0]) {
  const built = model(parts);
  const prepared = prepare(built);
  const [before, after] = [
    await runOnnx(writeModel(built), { x: X }),
    await runOnnx(prepared.bytes, { x: X }),
  ];
  return { prepared, before, after };
}

const totals = ({ tensors }: ReturnType<typeof prepare>) =>
  tensors.map(({ name, total }) => `${name} ${total}`);
const every = (
  prepared: ReturnType<typeof prepare>,
  intensity: number,
  quantization: 'none' | 'dynamic-int8' = 'none',
) => ({
  layers: prepared.layers.map(({ name }) => ({ layer: name, weight: intensity, bias: intensity })),
  quantization,
});

describe('transposing a constant', () => {
  it('moves element [i, j] to [j, i], and the axes of a stack as told', () => {
    const matrix = tensor('t', 'float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    const turned = transposed(matrix, [1, 0]);
    expect([turned.dims, [...toFloat32(turned)]]).toEqual([
      [3, 2],
      [1, 4, 2, 5, 3, 6],
    ]);
    const stack = tensor('t', 'float32', [2, 1, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    const rolled = transposed(stack, [2, 0, 1]);
    expect([rolled.dims, [...toFloat32(rolled)]]).toEqual([
      [3, 2, 1],
      [1, 4, 2, 5, 3, 6],
    ]);
  });
});

describe('constants are put where they are read:', () => {
  const weights = [
    tensor('fc.weight', 'float32', [4, 6], normal('w', 24)),
    tensor('fc.bias', 'float32', [4], normal('b', 4)),
  ];

  it('a transposed weight keeps its name and its meaning', async () => {
    const { prepared, before, after } = await outputs({
      initializers: weights,
      nodes: [
        node('Transpose', ['fc.weight'], ['turned'], { perm: [1, 0] }),
        node('MatMul', ['x', 'turned'], ['product']),
        node('Add', ['fc.bias', 'product'], ['y']),
      ],
    });
    expect(totals(prepared)).toEqual(['fc.weight 24', 'fc.bias 4']);
    expect(prepared.notes).toEqual([]);
    expect(furthest(after.y, before.y)).toBe(0);
  });

  it('a weight that equal Transposes turn for two layers is one weight', async () => {
    const { prepared, before, after } = await outputs({
      initializers: [tensor('square', 'float32', [6, 6], normal('s', 36))],
      nodes: [
        node('Transpose', ['square'], ['t1'], { perm: [1, 0] }),
        node('MatMul', ['x', 't1'], ['h']),
        node('Transpose', ['square'], ['t2'], { perm: [1, 0] }),
        node('MatMul', ['h', 't2'], ['y']),
      ],
    });
    expect(totals(prepared)).toEqual(['square 36']);
    expect(prepared.layers).toHaveLength(2);
    expect(furthest(after.y, before.y)).toBe(0);
  });

  it('a weight that is read both ways becomes two', async () => {
    const { prepared, before, after } = await outputs({
      initializers: [tensor('square', 'float32', [6, 6], normal('s', 36))],
      nodes: [
        node('Transpose', ['square'], ['turned'], { perm: [1, 0] }),
        node('MatMul', ['x', 'turned'], ['h']),
        node('MatMul', ['h', 'square'], ['y']),
      ],
    });
    expect(totals(prepared)).toEqual(['turned 36', 'square 36']);
    expect(furthest(after.y, before.y)).toBe(0);
  });

  it('parameters that an exporter merged by an Identity are apart again', async () => {
    const { prepared, before, after } = await outputs({
      initializers: [
        tensor('1.weight', 'float32', [6, 6], normal('w1', 36)),
        tensor('1.bias', 'float32', [6], new Float32Array(6)),
      ],
      nodes: [
        node('Identity', ['1.bias'], ['2.bias']),
        node('Identity', ['1.weight'], ['2.weight']),
        node('Gemm', ['x', '1.weight', '1.bias'], ['h'], { transB: 1 }),
        node('Gemm', ['h', '2.weight', '2.bias'], ['y'], { transB: 1 }),
      ],
    });
    expect(totals(prepared)).toEqual(['1.weight 36', '1.bias 6', '2.weight 36', '2.bias 6']);
    expect(furthest(after.y, before.y)).toBe(0);
    const [first] = prepared.layers;
    const pruned = applyPlan(prepared, {
      layers: [{ layer: first.name, weight: 1, bias: 1 }],
      quantization: 'none',
    });
    expect(pruned.tensors.map(({ nonZero }) => nonZero)).toEqual([0, 0, 36, 0]);
  });

  it('an old file, whose constants are inputs too, is still a file', async () => {
    const { prepared, after, before } = await outputs({
      irVersion: 3,
      initializers: weights,
      nodes: [
        node('Transpose', ['fc.weight'], ['turned']),
        node('Identity', ['fc.bias'], ['same']),
        node('MatMul', ['x', 'turned'], ['product']),
        node('Add', ['product', 'same'], ['y']),
      ],
    });
    expect(totals(prepared)).toEqual(['fc.weight 24', 'same 4']);
    expect(furthest(after.y, before.y)).toBe(0);
  });

  it('a model without such nodes is the same object', () => {
    const plain = model({
      initializers: weights,
      nodes: [node('Gemm', ['x', 'fc.weight', 'fc.bias'], ['y'], { transB: 1 })],
    });
    expect(withPlainConstants(plain)).toBe(plain);
  });
});

describe('pruning leaves alone what is no layer:', () => {
  const scale = (input: string) => ({
    initializers: [
      tensor('w', 'float32', [6, 6], normal('w', 36)),
      tensor('b', 'float32', [6], new Float32Array(6).fill(1)),
    ],
    nodes: [
      ...(input === 'b' ? [] : [node('Identity', ['b'], [input])]),
      node('Gemm', ['x', 'w', 'b'], ['h'], { transB: 1 }),
      node('Mul', ['h', input], ['y']),
    ],
  });

  it.each(['b', 'norm.weight'])('a scale that is the bias of a layer too (read as %s)', async (input) => {
    const built = model(scale(input));
    const prepared = prepare(built);
    expect(totals(prepared)).toEqual(['w 36', 'b 6']);
    const { bytes } = applyPlan(prepared, {
      layers: [{ layer: prepared.layers[0].name, weight: 0, bias: 1 }],
      quantization: 'none',
    });
    const expected = model({
      initializers: [
        tensor('w', 'float32', [6, 6], normal('w', 36)),
        tensor('b', 'float32', [6], new Float32Array(6)),
      ],
      nodes: [node('Gemm', ['x', 'w', 'b'], ['y'], { transB: 1 })],
    });
    const [{ y }, { y: wanted }] = [
      await runOnnx(bytes, { x: X }),
      await runOnnx(writeModel(expected), { x: X }),
    ];
    expect(furthest(y, wanted)).toBe(0);
  });
});

describe('weights stored in float16 and cast', () => {
  const half = (key: string, count: number) => toFloat16(normal(key, count));
  const parts = {
    initializers: [tensor('w', 'float16', [4, 6], half('w', 24)), tensor('b', 'float16', [4], half('b', 4))],
    nodes: [
      node('Cast', ['w'], ['w32'], { to: ELEMENT_TYPE.float32 }),
      node('Cast', ['b'], ['b32'], { to: ELEMENT_TYPE.float32 }),
      node('Gemm', ['x', 'w32', 'b32'], ['y'], { transB: 1 }),
    ],
  };

  it('are pruned where they are stored', async () => {
    const { prepared, before, after } = await outputs(parts);
    expect(totals(prepared)).toEqual(['w 24', 'b 4']);
    expect(furthest(after.y, before.y)).toBe(0);
    const all = applyPlan(prepared, every(prepared, 1));
    expect(all.nonZero).toBe(0);
    expect([...(await runOnnx(all.bytes, { x: X })).y]).toEqual(Array(20).fill(0));
  });

  it('are quantized from what is stored, which then leaves the file', async () => {
    const { prepared, before } = await outputs(parts);
    const { bytes, notes } = applyPlan(prepared, every(prepared, 0, 'dynamic-int8'));
    expect(notes).toEqual([]);
    const { y } = await runOnnx(bytes, { x: X });
    expect(furthest(y, before.y)).toBeLessThan(0.1);
    expect(furthest(y, before.y)).toBeGreaterThan(0);
    expect(prepare(model(parts)).tensors.map(({ name }) => name)).toContain('w');
    expect(Buffer.from(bytes).includes(Buffer.from('w32'))).toBe(false);
  });
});
