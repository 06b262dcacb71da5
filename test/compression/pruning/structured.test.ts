import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateConstants } from '../../../problems/compression/inference/constants.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model, Node, Tensor } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { rawOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import {
  type ChannelSelection,
  channelCriteria,
  channelGroups,
  selectChannels,
} from '../../../problems/compression/pruning/channel-selection.js';
import { keptIndices, removeChannels } from '../../../problems/compression/pruning/remove-channels.js';
import { type TracedChannels, traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { whyWhole } from '../../../problems/compression/pruning/whole-groups.js';
import { foldConstants } from '../../../problems/compression/simplify/constants.js';
import { asFlatten } from '../../../problems/compression/simplify/flatten.js';
import { InputError, randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const normal = (name: string, ...dims: number[]) => {
  const random = randomOf(name);
  return tensor(
    name,
    'float32',
    dims,
    Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
  );
};
const positive = (name: string, size: number) => {
  const random = randomOf(name);
  return tensor(
    name,
    'float32',
    [size],
    Float32Array.from({ length: size }, () => 0.5 + random.uniform()),
  );
};
const int64 = (name: string, ...values: number[]) =>
  tensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
const pads = { pads: [1, 1, 1, 1] };

/** A residual block with normalisation, a depthwise block, a padded shortcut, Concat, Split, Flatten of a picture and a head. */
const everything = () =>
  network(
    [
      node('Conv', ['x', 'w1'], ['c1'], pads),
      node('BatchNormalization', ['c1', 'gain', 'shift', 'mean', 'variance'], ['n1']),
      node('Relu', ['n1'], ['r1']),
      node('Conv', ['r1', 'w2', 'b2'], ['c2'], pads),
      node('Add', ['c2', 'r1'], ['a2']),
      node('Relu', ['a2'], ['r2']),
      node('Conv', ['r2', 'w3'], ['c3'], pads),
      node('Relu', ['c3'], ['r3']),
      node('Conv', ['r3', 'w4', 'b4'], ['d4'], { ...pads, group: 12 }),
      node('Clip', ['d4', 'zero', 'six'], ['r4']),
      node('Pad', ['r2', 'channels'], ['p2']),
      node('Add', ['r4', 'p2'], ['a4']),
      node('Split', ['a4'], ['s1', 's2'], { axis: 1 }),
      node('Mul', ['s1', 's2'], ['m']),
      node('Concat', ['m', 'r2'], ['cat'], { axis: 1 }),
      node('MaxPool', ['cat'], ['pool'], { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Flatten', ['pool'], ['flat']),
      node('Gemm', ['flat', 'w5', 'b5'], ['g5'], { transB: 1 }),
      node('LeakyRelu', ['g5'], ['r5'], { alpha: float(0.1) }),
      node('MatMul', ['r5', 'w6'], ['y']),
    ],
    [
      normal('w1', 8, 3, 3, 3),
      positive('gain', 8),
      normal('shift', 8),
      normal('mean', 8),
      positive('variance', 8),
      normal('w2', 8, 8, 3, 3),
      normal('b2', 8),
      normal('w3', 12, 8, 3, 3),
      normal('w4', 12, 1, 3, 3),
      normal('b4', 12),
      int64('channels', 0, 2, 0, 0, 0, 2, 0, 0),
      normal('w5', 10, 14 * 9),
      normal('b5', 10),
      normal('w6', 10, 4),
    ],
  );

function network(nodes: readonly Node[], initializers: readonly Tensor[], width = 4): Model {
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 6, 6])],
    outputs: [valueInfo('y', 'float32', ['n', width])],
    initializers: [
      ...initializers,
      tensor('zero', 'float32', [], Float32Array.of(0)),
      tensor('six', 'float32', [], Float32Array.of(6)),
    ],
    nodes,
  });
}

const random = randomOf('pictures');
const x = { data: Float32Array.from({ length: 2 * 108 }, () => random.normal()), dims: [2, 3, 6, 6] };
const answers = async (model: Model) => (await runOnnx(writeModel(model), { x })).y;

/** The model with every row that makes or shifts a removed channel set to zero, and all else as it was. */
function silenced(model: Model, traced: TracedChannels, removed: ReadonlySet<number>): Model {
  const changed = new Map<string, Tensor>();
  for (const { tensor: name, axis, ids, role } of traced.axes) {
    if (role === 'input' || name === 'mean' || name === 'variance') continue;
    const before = changed.get(name) ?? constantsOf(model.graph).get(name)!;
    const values = toFloat32(before);
    const inner = before.dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    values.forEach((_, i) => {
      if (removed.has(traced.channels.classOf(ids[Math.floor(i / inner) % ids.length]))) values[i] = 0;
    });
    changed.set(name, withRawData(before, rawOf(before.dataType, values)));
  }
  return { ...model, graph: withConstants(model.graph, changed) };
}

const ofWeights = channelCriteria.filter((name) => name !== 'mean-activation' && name !== 'least-squares');
const selections: ChannelSelection[] = ofWeights.flatMap((criterion) => [
  { keep: 0.5, scope: 'local', criterion },
  { keep: 0.6, scope: 'global', criterion },
]);

describe('structured pruning', () => {
  test.each(selections)(
    'answers as the network with those channels silenced: $criterion, $scope',
    async (selection) => {
      const model = everything();
      const traced = traceChannels(model.graph);
      const removed = selectChannels(model.graph, traced, selection);
      const pruned = removeChannels(model, traced, removed);
      expect(removed.size).toBeGreaterThan(4);
      expect(writeModel(pruned).length).toBeLessThan(writeModel(model).length);
      const expected = await answers(silenced(model, traced, removed));
      expect(furthest(await answers(pruned), expected)).toBeLessThan(
        1e-4 * Math.max(...expected.map(Math.abs)),
      );
    },
  );

  test.each([1, 0.5])('convolutions in groups keep as many channels in each (share %f)', async (keep) => {
    const model = network(
      [
        node('Conv', ['x', 'w1', 'b1'], ['c1'], pads),
        node('Relu', ['c1'], ['r1']),
        node('Conv', ['r1', 'w2', 'b2'], ['c2'], { ...pads, group: 3 }),
        node('Relu', ['c2'], ['r2']),
        node('Conv', ['r2', 'w3'], ['c3'], { ...pads, group: 2 }),
        node('GlobalAveragePool', ['c3'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
      [
        normal('w1', 12, 3, 3, 3),
        normal('b1', 12),
        normal('w2', 24, 4, 3, 3),
        normal('b2', 24),
        normal('w3', 8, 12, 3, 3),
        normal('head', 8, 4),
      ],
    );
    const traced = traceChannels(model.graph);
    expect(traced.notes).toEqual([]);
    const removed = selectChannels(model.graph, traced, { keep, scope: 'local', criterion: 'l1' });
    const pruned = removeChannels(model, traced, removed);
    const dims = ['w1', 'w2', 'w3', 'head'].map((name) => constantsOf(pruned.graph).get(name)!.dims);
    expect(dims[0][0]).toBe(12 * keep);
    expect(dims.slice(0, 3).map((shape) => shape[1])).toEqual([3, 4 * keep, 12 * keep]);
    expect(dims[3][0]).toBe(8 * keep);
    const expected = await answers(silenced(model, traced, removed));
    expect(furthest(await answers(pruned), expected)).toBeLessThan(
      1e-4 * Math.max(...expected.map(Math.abs)),
    );
  });

  test.each([1, 0.5])(
    'and so do transposed convolutions, depthwise ones among them (share %f)',
    async (keep) => {
      const model = network(
        [
          node('Conv', ['x', 'w1', 'b1'], ['c1'], pads),
          node('Relu', ['c1'], ['r1']),
          node('ConvTranspose', ['r1', 'w2', 'b2'], ['c2'], { ...pads, strides: [2, 2], group: 3 }),
          node('Relu', ['c2'], ['r2']),
          node('ConvTranspose', ['r2', 'w3', 'b3'], ['c3'], { ...pads, group: 24 }),
          node('ConvTranspose', ['c3', 'w4'], ['c4'], { ...pads, group: 2 }),
          node('GlobalAveragePool', ['c4'], ['g']),
          node('Flatten', ['g'], ['f']),
          node('MatMul', ['f', 'head'], ['y']),
        ],
        [
          normal('w1', 12, 3, 3, 3),
          normal('b1', 12),
          normal('w2', 12, 8, 3, 3),
          normal('b2', 24),
          normal('w3', 24, 1, 3, 3),
          normal('b3', 24),
          normal('w4', 24, 4, 3, 3),
          normal('head', 8, 4),
        ],
      );
      const traced = traceChannels(model.graph);
      expect(traced.notes).toEqual([]);
      // Of the 24 channels in the middle, three groups tie every eighth and two groups every twelfth: every fourth together.
      expect(channelGroups(traced).map(({ classes, each }) => [classes.length, each])).toEqual([
        [4, 3],
        [4, 6],
        [4, 2],
      ]);
      const removed = selectChannels(model.graph, traced, { keep, scope: 'local', criterion: 'l1' });
      const pruned = removeChannels(model, traced, removed);
      const dims = ['w1', 'w2', 'w3', 'w4', 'head'].map((name) => constantsOf(pruned.graph).get(name)!.dims);
      expect(dims).toEqual([
        [12 * keep, 3, 3, 3],
        [12 * keep, 8 * keep, 3, 3],
        [24 * keep, 1, 3, 3],
        [24 * keep, 4 * keep, 3, 3],
        [8 * keep, 4],
      ]);
      expect(keptIndices(traced, removed).get('w2')).toHaveLength(24 * keep);
      const expected = await answers(silenced(model, traced, removed));
      expect(furthest(await answers(pruned), expected)).toBeLessThan(
        1e-4 * Math.max(...expected.map(Math.abs)),
      );
    },
  );

  /** The mean and the largest of every channel, one behind the other. */
  const meansAndMaxima = (last: readonly [string, ...Node[]], head: Tensor) =>
    network(
      [
        node('Conv', ['x', 'w', 'b'], ['c'], pads),
        node('GlobalAveragePool', ['c'], ['mean']),
        node('Flatten', ['mean'], ['means']),
        ...(last.slice(1) as Node[]),
        node('Concat', ['means', last[0]], ['both'], { axis: 1 }),
        node('Gemm', ['both', 'head'], ['y']),
      ],
      [normal('w', 8, 3, 3, 3), normal('b', 8), head],
    );
  const flattenedMaxima = [
    'flat',
    node('GlobalMaxPool', ['c'], ['m']),
    node('Flatten', ['m'], ['flat']),
  ] as const;
  const reducedMaxima = ['m', node('ReduceMax', ['c'], ['m'], { axes: [2, 3], keepdims: 0 })] as const;

  test.each([flattenedMaxima, reducedMaxima])(
    'follows channels through the Concat of rows (%s)',
    async (...last) => {
      const model = meansAndMaxima(last as readonly [string, ...Node[]], normal('head', 16, 4));
      const traced = traceChannels(model.graph);
      expect(traced.notes).toEqual([]);
      const removed = selectChannels(model.graph, traced, { keep: 0.5, scope: 'local', criterion: 'l1' });
      const pruned = removeChannels(model, traced, removed);
      expect(constantsOf(pruned.graph).get('head')!.dims).toEqual([8, 4]);
      const expected = await answers(silenced(model, traced, removed));
      expect(furthest(await answers(pruned), expected)).toBeLessThan(
        1e-4 * Math.max(...expected.map(Math.abs)),
      );
    },
  );

  test('but not where one of them has more than a number for each channel', () => {
    const pictures = meansAndMaxima(['flat', node('Flatten', ['c'], ['flat'])], normal('head', 8 + 288, 4));
    const traced = traceChannels(pictures.graph);
    expect(traced.notes).toEqual(['channels before Gemm y stay: it may mix them']);
    expect(channelGroups(traced)).toEqual([]);
  });

  test('even where they are flattened once more', () => {
    // 8 + 24 numbers of 8 + 8 channels: two for each at the mean.
    const model = network(
      [
        node('Conv', ['x', 'w'], ['c'], pads),
        node('GlobalAveragePool', ['c'], ['mean']),
        node('Flatten', ['mean'], ['means']),
        node('MaxPool', ['c'], ['m'], { kernel_shape: [6, 4] }),
        node('Flatten', ['m'], ['maxima']),
        node('Concat', ['means', 'maxima'], ['both'], { axis: 1 }),
        node('Unsqueeze', ['both', 'two'], ['line']),
        node('Flatten', ['line'], ['again']),
        node('Gemm', ['again', 'head'], ['y']),
      ],
      [normal('w', 8, 3, 3, 3), int64('two', 2), normal('head', 32, 4)],
    );
    expect(channelGroups(traceChannels(model.graph))).toEqual([]);
  });

  test('and not where the second axis is none of channels', () => {
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 5, 3])],
      outputs: [valueInfo('y', 'float32', ['n', 10, 4])],
      initializers: [normal('a', 3, 8), normal('b', 3, 8), normal('head', 8, 4)],
      nodes: [
        node('MatMul', ['x', 'a'], ['p']),
        node('MatMul', ['x', 'b'], ['q']),
        node('Concat', ['p', 'q'], ['both'], { axis: 1 }),
        node('MatMul', ['both', 'head'], ['y']),
      ],
    });
    expect(channelGroups(traceChannels(model.graph))).toEqual([]);
  });

  /** A picture made smaller and larger again beside itself, gates of linear layers (by Unsqueeze and by Reshape) and over places, and a view of known size. */
  const gatesAndSizes = () =>
    network(
      [
        node('Conv', ['x', 'w1', 'b1'], ['c1'], pads),
        node('InstanceNormalization', ['c1', 'gain', 'shift'], ['n1']),
        node('AveragePool', ['n1'], ['small'], { kernel_shape: [2, 2], strides: [2, 2] }),
        node('Resize', ['small', '', 'factors'], ['large'], { mode: 'nearest' }),
        node('Resize', ['small', '', '', 'sizes'], ['linear'], { mode: 'linear' }),
        node('Concat', ['large', 'linear', 'n1'], ['cat'], { axis: 1 }),
        node('Conv', ['cat', 'w2', 'b2'], ['c2'], pads),
        node('ReduceMax', ['c2'], ['most'], { axes: [2, 3], keepdims: 0 }),
        node('Gemm', ['most', 'w3', 'b3'], ['g3']),
        node('Unsqueeze', ['g3', 'two'], ['u3']),
        node('Unsqueeze', ['u3', 'last'], ['v3']),
        node('Mul', ['c2', 'v3'], ['m3']),
        node('Gemm', ['most', 'w3', 'b3'], ['g4']),
        node('Reshape', ['g4', 'pixel'], ['v4']),
        node('Mul', ['m3', 'v4'], ['m4']),
        node('ReduceMean', ['x'], ['grey'], { axes: [1] }),
        node('Conv', ['grey', 'w5'], ['places'], pads),
        node('Sigmoid', ['places'], ['open']),
        node('Mul', ['open', 'm4'], ['m5']),
        node('Reshape', ['m5', 'view'], ['flat']),
        node('MatMul', ['flat', 'head'], ['y']),
      ],
      [
        normal('w1', 8, 3, 3, 3),
        normal('b1', 8),
        positive('gain', 8),
        normal('shift', 8),
        tensor('factors', 'float32', [4], Float32Array.of(1, 1, 2, 2)),
        int64('sizes', 2, 8, 6, 6),
        normal('w2', 10, 24, 3, 3),
        normal('b2', 10),
        normal('w3', 10, 10),
        normal('b3', 10),
        int64('two', 2),
        int64('last', -1),
        int64('pixel', -1, 10, 1, 1),
        normal('w5', 1, 1, 3, 3),
        int64('view', -1, 360),
        normal('head', 360, 4),
      ],
    );

  test('follows channels through gates, other sizes of the picture and views of known size', async () => {
    const model = gatesAndSizes();
    const traced = traceChannels(model.graph);
    expect(traced.notes).toEqual([]);
    const removed = selectChannels(model.graph, traced, { keep: 0.5, scope: 'local', criterion: 'l1' });
    const pruned = removeChannels(model, traced, removed);
    const dims = ['w1', 'w2', 'w3', 'w5', 'head'].map((name) => constantsOf(pruned.graph).get(name)!.dims);
    expect(dims).toEqual([
      [4, 3, 3, 3],
      [5, 12, 3, 3],
      [5, 5],
      [1, 1, 3, 3],
      [180, 4],
    ]);
    const expected = await answers(silenced(model, traced, removed));
    expect(furthest(await answers(pruned), expected)).toBeLessThan(
      1e-4 * Math.max(...expected.map(Math.abs)),
    );
  });

  test('in an old operator set a Split in equal parts gets an attribute, and an input that is a weight its new shape', async () => {
    const model = buildModel({
      opset: 11,
      inputs: [valueInfo('x', 'float32', ['n', 3, 6, 6]), valueInfo('w1', 'float32', [8, 3, 1, 1])],
      outputs: [valueInfo('y', 'float32', ['n', 4])],
      initializers: [normal('w1', 8, 3, 1, 1), normal('v1', 4, 4, 1, 1), normal('head', 4, 4)],
      nodes: [
        node('Conv', ['x', 'w1'], ['c1']),
        node('Split', ['c1'], ['s1', 's2'], { axis: 1 }),
        node('Conv', ['s1', 'v1'], ['d1']),
        node('Mul', ['d1', 's2'], ['m']),
        node('GlobalAveragePool', ['m'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
    });
    const traced = traceChannels(model.graph);
    const removed = new Set([channelGroups(traced)[0].classes[0]]);
    const pruned = removeChannels(model, traced, removed);
    expect(pruned.graph.inputs[1].type?.tensor?.shape?.dims.map(({ value }) => value)).toEqual([7, 3, 1, 1]);
    const expected = await answers(silenced(model, traced, removed));
    expect(furthest(await answers(pruned), expected)).toBeLessThan(
      1e-4 * Math.max(...expected.map(Math.abs)),
    );
  });

  test('finds the groups, and leaves the output layer whole', () => {
    const traced = traceChannels(everything().graph);
    const groups = channelGroups(traced).map(({ weights, classes }) => [weights.join(' '), classes.length]);
    // The shortcut ties the eight channels of w1 and w2 to eight of the twelve of w3 and w4, and the halves of the Split to one another.
    expect(groups.map(([weights]) => weights)).toContain('w5');
    expect(groups.flatMap(([weights]) => `${weights}`.split(' '))).not.toContain('w6');
    const pruned = removeChannels(
      everything(),
      traced,
      selectChannels(everything().graph, traced, { keep: 0.01, scope: 'global', criterion: 'l1' }),
    );
    expect(constantsOf(pruned.graph).get('w6')!.dims[1]).toBe(4);
    for (const { dims } of constantsOf(pruned.graph).values())
      expect(dims.every((dim) => dim > 0)).toBe(true);
  });

  test('keeps multiples', () => {
    const model = network(
      [
        node('Conv', ['x', 'w'], ['c']),
        node('Relu', ['c'], ['r']),
        node('GlobalAveragePool', ['r'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
      [normal('w', 40, 3, 3, 3), normal('head', 40, 4)],
    );
    const traced = traceChannels(model.graph);
    for (const [keep, count] of [
      [0.5, 24],
      [0.29, 8],
      [0.01, 8],
      [1, 40],
    ]) {
      const removed = selectChannels(model.graph, traced, {
        keep,
        scope: 'local',
        criterion: 'l2',
        multipleOf: 8,
      });
      expect(40 - removed.size).toBe(count);
    }
  });

  test('removes the channel of smallest norm', () => {
    const weights = Float32Array.from({ length: 3 * 3 }, (_, i) => [3, -1, 2][Math.floor(i / 3)]);
    const model = network(
      [
        node('Conv', ['x', 'w'], ['c']),
        node('GlobalAveragePool', ['c'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
      [tensor('w', 'float32', [3, 3, 1, 1], weights), normal('head', 3, 4)],
    );
    const traced = traceChannels(model.graph);
    const removed = selectChannels(model.graph, traced, { keep: 0.7, scope: 'local', criterion: 'l1' });
    const { w } = Object.fromEntries(constantsOf(removeChannels(model, traced, removed).graph));
    expect([...toFloat32(w)]).toEqual([3, 3, 3, 2, 2, 2]);
  });

  test('says which node forbids it, and prunes the rest', () => {
    const model = network(
      [
        node('Conv', ['x', 'w1'], ['c1']),
        node('Softmax', ['c1'], ['s'], { axis: 1 }, { name: 'attention' }),
        node('Conv', ['s', 'w2'], ['c2']),
        node('Relu', ['c2'], ['r']),
        node('GlobalAveragePool', ['r'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
      [normal('w1', 6, 3, 1, 1), normal('w2', 9, 6, 3, 3), normal('head', 9, 4)],
    );
    const traced = traceChannels(model.graph);
    expect(traced.notes).toEqual(['channels before Softmax attention stay: it may mix them']);
    expect(channelGroups(traced).map(({ name }) => name)).toEqual(['w2']);
  });

  const twice = () =>
    network(
      [
        node('Conv', ['x', 'w1'], ['c1'], { kernel_shape: [1, 1] }),
        node('GlobalAveragePool', ['c1'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'head'], ['y']),
      ],
      [normal('w1', 6, 3, 1, 1), normal('head', 6, 4)],
    );
  const whole = (model: Model, selection: Partial<ChannelSelection>) => {
    const traced = traceChannels(model.graph);
    const full = { keep: 0.5, scope: 'local', criterion: 'l1', ...selection } as const;
    return whyWhole(traced, selectChannels(model.graph, traced, full), full);
  };

  test('says why channels stay that layers read and that are an output too', () => {
    const { graph, ...rest } = twice();
    const outputs = [...graph.outputs, valueInfo('g', 'float32', ['n', 6, 1, 1])];
    expect(whole({ ...rest, graph: { ...graph, outputs } }, {})).toEqual([
      'the channels of w1 stay: layers read them, but they are an output of the network too',
    ]);
    expect(whole(twice(), {})).toEqual([]);
  });

  test.each(['local', 'global'] as const)('says which groups multiples leave whole (%s)', (scope) => {
    const stay = (multiple: number) => [
      `all channels of w1 stay: the nearest multiple of ${multiple} is all of them`,
    ];
    expect(whole(twice(), { scope, multipleOf: 1e9 })).toEqual(stay(1e9));
    expect(whole(twice(), { scope, multipleOf: 6 })).toEqual(stay(6));
    expect(whole(twice(), { scope, multipleOf: 3 })).toEqual([]);
    expect(whole(twice(), { scope, keep: 1, multipleOf: 6 })).toEqual([]);
    expect(whole(twice(), { scope, keep: 1, groups: { w1: 0.9 }, multipleOf: 3 })).toEqual(stay(3));
  });

  test('says that a network of one layer has none to remove', () => {
    const one = network(
      [node('Flatten', ['x'], ['f']), node('MatMul', ['f', 'head'], ['y'])],
      [normal('head', 108, 4)],
    );
    expect(whole(one, {})).toEqual(['no channel can leave: none lie between two layers']);
    expect(whole(one, { keep: 1 })).toEqual([]);
  });

  test('refuses a share outside (0, 1] and multiples of nothing', () => {
    const model = everything();
    const traced = traceChannels(model.graph);
    expect(() => selectChannels(model.graph, traced, { keep: 0, scope: 'local', criterion: 'l1' })).toThrow(
      new InputError('the share of channels to keep must lie in (0, 1], got 0'),
    );
    expect(() =>
      selectChannels(model.graph, traced, { keep: 1, scope: 'local', criterion: 'l1', multipleOf: 0 }),
    ).toThrow(new InputError('channels are kept in multiples of a whole number from 1, got 0'));
  });

  const path = new URL('../../../../shared/models/resnet20-cifar10.onnx', import.meta.url).pathname;
  test.skipIf(!existsSync(path))('does so on ResNet-20 (in ../shared, skipped where absent)', async () => {
    const model = await foldConstants(
      asFlatten(readModel(readFileSync(path), 'ResNet-20')),
      evaluateConstants,
    );
    const traced = traceChannels(model.graph);
    expect(traced.notes).toEqual([]);
    expect(channelGroups(traced).length).toBe(12);
    const removed = selectChannels(model.graph, traced, { keep: 0.7, scope: 'global', criterion: 'l1' });
    const input = {
      data: Float32Array.from({ length: 2 * 3072 }, () => random.normal()),
      dims: [2, 3, 32, 32],
    };
    const [name] = model.graph.inputs.map((value) => value.name);
    const run = async (m: Model) => Object.values(await runOnnx(writeModel(m), { [name]: input }))[0];
    const expected = await run(silenced(model, traced, removed));
    const pruned = removeChannels(model, traced, removed);
    // A channel of a shortcut is made by three to ten filters: it is these that are counted.
    const filters = ({ graph }: Model) =>
      [...constantsOf(graph).values()].reduce((sum, { dims }) => sum + (dims.length === 4 ? dims[0] : 0), 0);
    expect([filters(model), filters(pruned)]).toEqual([688, Math.round(0.7 * 688)]);
    const got = await run(pruned);
    expect(furthest(got, expected)).toBeLessThan(1e-4 * Math.max(...expected.map(Math.abs)));
  });
});
