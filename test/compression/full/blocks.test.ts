import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { blockOrder } from '../../../problems/compression/full/block-order.js';
import { remainingCounts } from '../../../problems/compression/full/remaining.js';
import { applyFullPlan, prepare } from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { removableBlocks } from '../../../problems/compression/recovery/removable-blocks.js';
import { InputError, randomOf } from '../../../src/index.js';
import { normal } from '../recovery/network.js';
import { furthest, runOnnx } from '../run-onnx.js';

const COUNT = 64;
const random = randomOf('rows');
const rows = Float32Array.from({ length: COUNT * 6 }, () => random.normal());
const dataset: Dataset = {
  name: 'rows',
  count: COUNT,
  sampleShape: [6],
  labels: new Int32Array(COUNT),
  read: (first, count, out) => out.set(rows.subarray(first * 6, (first + count) * 6)),
};
/** What the branches of blocks 1 to 4 give is multiplied with this. */
const SIZES = [0.5, 0.02, 1, 0.1];

/** A Gemm, four blocks of two products each, a sum whose shape is not that of its shortcut, and a head. */
const model = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 6])],
  outputs: [valueInfo('y', 'float32', ['n', 4])],
  initializers: [
    normal('stem', 6, 8),
    ...SIZES.flatMap((size, b) => {
      const second = normal(`block${b + 1}.second`, 16, 8);
      const values = Float32Array.from(
        new Float32Array(second.rawData!.slice().buffer),
        (value) => size * value,
      );
      return [normal(`block${b + 1}.first`, 8, 16), tensor(second.name, 'float32', [16, 8], values)];
    }),
    tensor('column', 'int64', [2], BigInt64Array.of(-1n, 1n)),
    normal('narrow', 8, 1),
    normal('head', 8, 4),
  ],
  nodes: [
    node('MatMul', ['x', 'stem'], ['v0']),
    ...SIZES.flatMap((_, b) => [
      node('MatMul', [`v${b}`, `block${b + 1}.first`], [`h${b}`]),
      node('Relu', [`h${b}`], [`r${b}`]),
      node('MatMul', [`r${b}`, `block${b + 1}.second`], [`o${b}`]),
      node('Add', [`v${b}`, `o${b}`], [`v${b + 1}`]),
    ]),
    node('ReduceMean', ['v4'], ['m'], { axes: [1] }),
    node('MatMul', ['v4', 'narrow'], ['thin']),
    node('Add', ['thin', 'v4'], ['v5']),
    node('Sub', ['v5', 'm'], ['v6']),
    node('MatMul', ['v6', 'head'], ['y']),
  ],
});
const firsts = SIZES.map((_, b) => `block${b + 1}.first`);
const apply = { calibration: dataset, threads: 1 };

describe('blocks', () => {
  it('can leave where the sum has the shape of the shortcut', async () => {
    const narrower = await removableBlocks(model, dataset, { threads: 1 });
    expect(narrower).toEqual([...firsts, 'narrow']);
    // Here the branch is wider than what it is added to.
    const wide = {
      ...model,
      graph: {
        ...model.graph,
        nodes: [
          node('ReduceMean', ['x'], ['m'], { axes: [1], keepdims: 1 }),
          node('MatMul', ['m', 'broad'], ['b']),
          node('Add', ['m', 'b'], ['v']),
          node('MatMul', ['v', 'head'], ['y']),
        ],
        initializers: [normal('broad', 1, 8), normal('head', 8, 4)],
      },
    };
    expect(await removableBlocks(wide, dataset, { threads: 1 })).toEqual([]);
  });

  it('leave in the order of what they do to the answers, half of them at most', async () => {
    const database = await openLayerDatabase(model, dataset, { threads: 1 });
    expect(await blockOrder(database, firsts, 'none')).toEqual(['block2.first', 'block4.first']);
    expect((await blockOrder(database, firsts, 'least-squares'))[0]).toBe('block2.first');
    expect(await blockOrder(database, firsts.slice(0, 1), 'least-squares')).toEqual([]);
  });

  it('leave with a plan, their weights counted as zero, and recovery makes good most of it', async () => {
    const blocks = ['block1.first', 'block2.first'];
    const plain = await applyFullPlan(model, { blocks }, apply);
    expect([...constantsOf(plain.model.graph).keys()]).not.toContain('block1.second');
    const whole = prepare(model);
    const counts = remainingCounts(whole, plain.pruned);
    expect(counts.filter(({ nonZero }) => nonZero === 0).map(({ name }) => name)).toEqual([
      'block1.first',
      'block1.second',
      'block2.first',
      'block2.second',
    ]);
    expect(counts.map(({ total }) => total)).toEqual(whole.tensors.map(({ total }) => total));
    const recovered = await applyFullPlan(model, { blocks, recovery: 'least-squares' }, apply);
    const answers = async (m: typeof model) =>
      (await runOnnx(writeModel(m), { x: { data: rows, dims: [COUNT, 6] } })).y;
    const [wanted, bare, better] = await Promise.all([model, plain.model, recovered.model].map(answers));
    expect(furthest(better, wanted)).toBeLessThan(0.7 * furthest(bare, wanted));
  });

  it('that are none are refused in a sentence', async () => {
    await expect(applyFullPlan(model, { blocks: ['stem'] }, apply)).rejects.toThrow(
      new InputError(
        'a block must be one of block1.first, block2.first, block3.first, block4.first, narrow, got "stem"',
      ),
    );
    const { calibration: _, ...rest } = apply;
    const none = { ...model, graph: { ...model.graph, nodes: model.graph.nodes.slice(0, 1) } };
    const only = { ...none, graph: { ...none.graph, outputs: [valueInfo('v0', 'float32', ['n', 8])] } };
    await expect(
      applyFullPlan(only, { blocks: ['stem'] }, { ...rest, calibration: dataset }),
    ).rejects.toThrow('no residual block can leave this network, got "stem"');
  });

  it('are named once', async () => {
    const blocks = ['block2.first', 'block2.first'];
    await expect(applyFullPlan(model, { blocks }, apply)).rejects.toThrow(
      'a block leaves once, got "block2.first" twice',
    );
  });
});
