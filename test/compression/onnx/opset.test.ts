import { describe, expect, test } from 'vitest';
import {
  attribute,
  buildModel,
  float,
  floats,
  graph,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { standardVersion } from '../../../problems/compression/onnx/constants.js';
import type { Model, Node, Tensor } from '../../../problems/compression/onnx/model.js';
import { toOpset13 } from '../../../problems/compression/onnx/opset.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { InputError, randomOf } from '../../../src/index.js';
import { runOnnx } from '../run-onnx.js';

const random = randomOf('operator sets');
const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const x = { data: normal(2 * 4 * 6 * 6), dims: [2, 4, 6, 6] };

interface Case {
  readonly opset: number;
  readonly nodes: readonly Node[];
  readonly initializers?: readonly Tensor[];
  /** Of the output, where the file says it. */
  readonly dims?: readonly (number | string)[];
  readonly irVersion?: number;
}

const modelOf = ({ opset, nodes, initializers = [], dims, irVersion = 4 }: Case): Model =>
  buildModel({
    opset,
    irVersion,
    inputs: [
      valueInfo('x', 'float32', ['n', 4, 6, 6]),
      // Before version 4 of the format initializers are inputs too.
      ...(irVersion < 4 ? initializers.map(({ name, dims }) => valueInfo(name, 'float32', dims)) : []),
    ],
    outputs: [valueInfo('y', 'float32', dims)],
    initializers,
    nodes,
  });

const cases: Readonly<Record<string, Case>> = {
  'a Slice from the last but one to the end': {
    opset: 9,
    nodes: [node('Slice', ['x'], ['y'], { axes: [2], starts: [-2], ends: [2n ** 63n - 1n] })],
  },
  'axes of Squeeze and Unsqueeze': {
    opset: 11,
    nodes: [
      node('Unsqueeze', ['x'], ['u'], { axes: [0, 3] }),
      node('Squeeze', ['u'], ['s'], { axes: [-3] }),
      node('Squeeze', ['s'], ['y']),
    ],
  },
  'axes of ReduceSum, kept and not, and of its kin': {
    opset: 11,
    nodes: [
      node('ReduceSum', ['x'], ['a'], { axes: [2, 3], keepdims: 1 }),
      node('ReduceSum', ['a'], ['b'], { keepdims: 0 }),
      node('ReduceMean', ['x'], ['c'], { axes: [1], keepdims: 0 }),
      node('Add', ['b', 'c'], ['y']),
    ],
  },
  'Softmax over three axes at once': { opset: 11, nodes: [node('Softmax', ['x'], ['y'])] },
  'Softmax and LogSoftmax over two axes and over one': {
    opset: 12,
    nodes: [
      node('Softmax', ['x'], ['s'], { axis: 2 }),
      node('LogSoftmax', ['s'], ['l'], { axis: -2 }),
      node('Softmax', ['l'], ['y'], { axis: 3 }),
    ],
  },
  'Softmax behind Flatten': {
    opset: 9,
    nodes: [node('Flatten', ['x'], ['f']), node('Softmax', ['f'], ['y'])],
  },
  'Hardmax over rows': { opset: 7, nodes: [node('Hardmax', ['x'], ['y'], { axis: 2 })] },
  'bounds of Clip, both, one and none': {
    opset: 10,
    nodes: [
      node('Clip', ['x'], ['a'], { min: float(-0.5), max: float(1) }),
      node('Clip', ['x'], ['b'], { max: float(0.25) }),
      node('Clip', ['x'], ['c'], { min: float(0) }),
      node('Clip', ['x'], ['d']),
      node('Sum', ['a', 'b', 'c', 'd'], ['y']),
    ],
  },
  'pads of Pad, with a value and without': {
    opset: 10,
    nodes: [
      node('Pad', ['x'], ['p'], { pads: [0, 0, 1, 0, 0, 1, 0, 2], value: float(0.5) }),
      node('Pad', ['p'], ['r'], { pads: [0, 0, 1, 1, 0, 0, 1, 1], mode: 'reflect' }),
      node('Pad', ['r'], ['y'], { pads: [0, 0, 0, 0, 0, 0, 1, 1] }),
    ],
  },
  'ends of Slice': {
    opset: 9,
    nodes: [
      node('Slice', ['x'], ['s'], { starts: [1, 0], ends: [3, -1], axes: [1, 3] }),
      node('Slice', ['s'], ['y'], { starts: [0, 0], ends: [1, 1] }),
    ],
  },
  'parts of Split': {
    opset: 11,
    nodes: [
      node('Split', ['x'], ['a', 'b'], { axis: 1, split: [1, 3] }),
      node('Split', ['b'], ['c', 'd', 'e'], { axis: 1 }),
      node('Concat', ['e', 'a', 'd', 'c'], ['y'], { axis: 1 }),
    ],
  },
  'BatchNormalization and Dropout of inference, in the old format': {
    opset: 7,
    irVersion: 3,
    initializers: ['scale', 'shift', 'mean', 'variance'].map((name) =>
      tensor(name, 'float32', [4], normal(4).map(Math.abs)),
    ),
    nodes: [
      node('BatchNormalization', ['x', 'scale', 'shift', 'mean', 'variance'], ['b'], { spatial: 1 }),
      node('Dropout', ['b'], ['y'], { ratio: float(0.4) }),
    ],
  },
  'the largest of TopK': {
    opset: 9,
    nodes: [node('TopK', ['x'], ['y', 'places'], { axis: 3, k: 2 })],
  },
  'Upsample by an attribute': {
    opset: 8,
    nodes: [node('Upsample', ['x'], ['y'], { mode: 'nearest', scales: floats([1, 1, 2, 3]) })],
  },
  'Upsample by an input, linear, by a fraction': {
    opset: 9,
    initializers: [tensor('scales', 'float32', [4], Float32Array.of(1, 1, 2, 1.5))],
    nodes: [node('Upsample', ['x', 'scales'], ['y'], { mode: 'linear' })],
  },
  'Resize, nearest, by a fraction': {
    opset: 10,
    initializers: [tensor('scales', 'float32', [4], Float32Array.of(1, 1, 1.5, 2.5))],
    nodes: [node('Resize', ['x', 'scales'], ['y'], { mode: 'nearest' })],
  },
  'a network as exporters wrote it': {
    opset: 9,
    dims: ['n', 5],
    initializers: [
      tensor('w', 'float32', [8, 4, 3, 3], normal(288)),
      tensor('head', 'float32', [5, 8], normal(40)),
      tensor('bias', 'float32', [5], normal(5)),
    ],
    nodes: [
      node('Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1] }),
      node('Clip', ['c'], ['r'], { min: float(0), max: float(6) }),
      node('GlobalAveragePool', ['r'], ['p']),
      node('Squeeze', ['p'], ['s'], { axes: [2, 3] }),
      node('Dropout', ['s'], ['d', ''], { ratio: float(0.5) }),
      node('Gemm', ['d', 'head', 'bias'], ['g'], { transB: 1 }),
      node('Softmax', ['g'], ['y']),
    ],
  },
};

describe('conversion to operator set 13', () => {
  test.each(Object.entries(cases))('keeps the answers of %s', async (_, given) => {
    const model = modelOf(given);
    const conversion = toOpset13(model);
    expect(standardVersion(conversion)).toBe(13);
    expect(conversion.irVersion).toBeGreaterThanOrEqual(4);
    const [before, after] = [
      await runOnnx(writeModel(model), { x }),
      await runOnnx(writeModel(conversion), { x }),
    ];
    expect(before.y.length).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });

  test('reaches the bodies of If, which may read constants around it', async () => {
    const branch = (max: number) =>
      graph({
        inputs: [],
        outputs: [valueInfo('out', 'float32')],
        nodes: [
          node('Clip', ['x'], ['clipped'], { max: float(max) }),
          node('Unsqueeze', ['clipped'], ['out'], { axes: [0] }),
        ],
      });
    const model = modelOf({
      opset: 10,
      initializers: [tensor('yes', 'bool', [], Uint8Array.of(1))],
      nodes: [node('If', ['yes'], ['y'], { then_branch: branch(0.5), else_branch: branch(1) })],
    });
    const converted = toOpset13(model);
    expect(await runOnnx(writeModel(converted), { x })).toEqual(await runOnnx(writeModel(model), { x }));
  });

  test('writes one Softmax where the axis is known to be the last', () => {
    for (const name of ['Softmax behind Flatten', 'a network as exporters wrote it']) {
      const { nodes } = toOpset13(modelOf(cases[name])).graph;
      expect(nodes.filter(({ opType }) => opType === 'Reshape')).toEqual([]);
      expect(nodes[nodes.length - 1].attributes).toEqual([attribute('axis', -1)]);
    }
  });

  test('leaves models of 13 and later alone', () => {
    const model = modelOf({ opset: 13, nodes: [node('Relu', ['x'], ['y'])] });
    expect(toOpset13(model)).toBe(model);
  });

  test.each([
    [{ opset: 6, nodes: [] }, 'models of operator set 7 or later can be converted to 13, got 6'],
    [
      { opset: 9, nodes: [node('ImageScaler', ['x'], ['y'], {}, { name: 'scaler' })] },
      'got ImageScaler scaler: it was an experiment and is no operator any more',
    ],
    [
      { opset: 10, nodes: [node('Dropout', ['x'], ['y', 'mask'])] },
      'a model of operator set 10 must have only nodes that can be converted to 13, got Dropout y: its mask changed',
    ],
    [{ opset: 10, nodes: [node('Resize', ['x', 'x'], ['y'])] }, 'got Resize y: its scales are computed'],
    [
      { opset: 8, nodes: [node('Upsample', ['x'], ['y'], { scales: floats([1, 1, 0.5, 1]) })] },
      'got Upsample y: which positions it takes to make something smaller was not fixed',
    ],
    [
      { opset: 8, nodes: [node('BatchNormalization', ['x'], ['y'], { spatial: 0 })] },
      'got BatchNormalization y: it normalises every position by itself',
    ],
  ] as const)('refuses %j', (given, sentence) => {
    const refused = () => toOpset13(modelOf(given));
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(sentence);
  });
});
