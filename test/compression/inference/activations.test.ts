import { expect, it } from 'vitest';
import { applyFullPlan, standInDataset } from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { ELEMENT_TYPE } from '../../../problems/compression/onnx/model.js';

const calibration = standInDataset({ split: 'train', count: 8 });
const options = { calibration, threads: 1 };
const plan = { recovery: 'least-squares', quantization: { kind: 'static-int8' } } as const;

it('a model without layers has no values to observe, and stays as it is', async () => {
  const model = buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float32', ['batch', 3, 32, 32])],
    outputs: [valueInfo('y', 'float32', ['batch', 3072])],
    initializers: [],
    nodes: [node('Flatten', ['x'], ['y'])],
  });
  const applied = await applyFullPlan(model, plan, options);
  expect(applied.model.graph.nodes.map(({ opType }) => opType)).toEqual(['Flatten']);
});

it('a model in float16 is stored in it, and takes and gives it', async () => {
  const model = buildModel({
    opset: 13,
    inputs: [valueInfo('x', 'float16', ['batch', 3, 32, 32])],
    outputs: [valueInfo('y', 'float16', ['batch', 2])],
    initializers: [tensor('w', 'float16', [3072, 2], new Uint16Array(6144).fill(0x2e66))],
    nodes: [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'w'], ['y'])],
  });
  const applied = await applyFullPlan(model, { recovery: plan.recovery }, options);
  const { nodes, inputs, outputs } = applied.model.graph;
  expect(nodes.map(({ opType }) => opType).filter((opType) => opType !== 'Cast')).toEqual([
    'Flatten',
    'MatMul',
  ]);
  for (const { type } of [...inputs, ...outputs])
    expect(type?.tensor?.elementType).toBe(ELEMENT_TYPE.float16);
  expect(applied.model.graph.initializers.map(({ dataType }) => dataType)).toEqual([ELEMENT_TYPE.float16]);
});
