import { describe, expect, it } from 'vitest';
import {
  buildModel,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model, Node, Tensor } from '../../../problems/compression/onnx/model.js';
import { rawOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { removeBlock, residualBlocks } from '../../../problems/compression/pruning/residual-blocks.js';
import { randomOf } from '../../../src/index.js';
import { normal } from '../recovery/network.js';
import { furthest, runOnnx } from '../run-onnx.js';

const pads = { pads: [1, 1, 1, 1] };
const random = randomOf('residual');
const x = { data: Float32Array.from({ length: 2 * 108 }, () => random.normal()), dims: [2, 3, 6, 6] };

/** A stem that gives `r0` and, behind what is given, `last` as the output. */
const network = (
  nodes: readonly Node[],
  initializers: readonly Tensor[],
  last: string,
  graph: Partial<ModelParts> = {},
): Model =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 6, 6])],
    outputs: [valueInfo('y', 'float32', ['n', 'c', 'h', 'w'])],
    initializers: [normal('w0', 8, 3, 3, 3), ...initializers],
    nodes: [
      node('Conv', ['x', 'w0'], ['c0'], pads),
      node('Relu', ['c0'], ['r0']),
      ...nodes,
      node('MaxPool', [last], ['y'], { kernel_shape: [2, 2] }),
    ],
    ...graph,
  });
const branch = (input: string, at: string) => [
  node('Conv', [input, `${at}.w1`, `${at}.b1`], [`${at}.c1`], pads),
  node('Relu', [`${at}.c1`], [`${at}.r1`]),
  node('Conv', [`${at}.r1`, `${at}.w2`], [`${at}.c2`], pads),
];
const weights = (at: string, outputs = 8) => [
  normal(`${at}.w1`, 8, 8, 3, 3),
  normal(`${at}.b1`, 8),
  normal(`${at}.w2`, outputs, 8, 3, 3),
];
const names = (model: Model) => residualBlocks(model).map(({ name }) => name);

const plain = network(
  [...branch('r0', 'a'), node('Add', ['a.c2', 'r0'], ['s']), node('Relu', ['s'], ['r'])],
  weights('a'),
  'r',
);
const padded = network(
  [
    ...branch('r0', 'a'),
    node('Pad', ['r0', 'pads'], ['p']),
    node('Add', ['p', 'a.c2'], ['s']),
    ...branch('s', 'b').map((each) =>
      each.inputs[1] === 'b.w1' ? { ...each, inputs: ['s', 'b.w1', 'b.b1'] } : each,
    ),
    node('Add', ['s', 'b.c2'], ['t']),
  ],
  [
    ...weights('a', 12),
    normal('b.w1', 8, 12, 3, 3),
    normal('b.b1', 8),
    normal('b.w2', 12, 8, 3, 3),
    tensor('pads', 'int64', [8], BigInt64Array.of(0n, 2n, 0n, 0n, 0n, 2n, 0n, 0n)),
  ],
  't',
);
const gated = network(
  [
    ...branch('r0', 'a'),
    node('GlobalAveragePool', ['a.c2'], ['g']),
    node('Sigmoid', ['g'], ['q']),
    node('Mul', ['a.c2', 'q'], ['m']),
    node('Add', ['r0', 'm'], ['s']),
  ],
  weights('a'),
  's',
);

describe('residual blocks', () => {
  it('are sums of a value and what layers make of it, by the first weight on the way', () => {
    expect(residualBlocks(plain)).toEqual([
      { name: 'a.w1', nodes: [2, 3, 4], adder: 5, shortcut: 'r0', sum: 's' },
    ]);
    expect(names(padded)).toEqual(['a.w1', 'b.w1']);
    expect(residualBlocks(padded)[0].shortcut).toBe('p');
    expect(names(gated)).toEqual(['a.w1']);
  });

  it.each([
    ['a shortcut has a layer of its own', [node('Conv', ['r0', 'd'], ['d1'])], ['a.c2', 'd1']],
    ['both sides are the same', [], ['a.c2', 'a.c2']],
    ['a constant is added', [], ['a.c2', 'k']],
    ['what is added comes from elsewhere', [node('Conv', ['x', 'e'], ['d1'])], ['a.c2', 'd1']],
    [
      'the branch is read elsewhere',
      [node('Relu', ['a.c1'], ['o']), node('Add', ['r0', 'o'], ['d1'])],
      ['a.c2', 'd1'],
    ],
  ])('are none where %s', (_, nodes, sides) => {
    const model = network(
      [...branch('r0', 'a'), ...nodes, node('Add', sides, ['s'])],
      [...weights('a'), normal('d', 8, 8, 1, 1), normal('e', 8, 3, 1, 1), normal('k', 8, 1, 1)],
      's',
    );
    expect(names(model)).toEqual([]);
  });

  it('have names of their own where sums are summed: the inner one is the block', () => {
    const summed = network(
      [
        ...branch('r0', 'a'),
        node('Add', ['r0', 'a.c2'], ['s']),
        ...branch('s', 'b'),
        node('Add', ['s', 'b.c2'], ['t']),
        node('Add', ['s', 't'], ['u']),
      ],
      [...weights('a'), ...weights('b')],
      'u',
    );
    expect(residualBlocks(summed).map(({ name, sum }) => [name, sum])).toEqual([
      ['a.w1', 's'],
      ['b.w1', 't'],
    ]);
  });

  it('are none where the sum or something on the branch is an output of the network', () => {
    for (const name of ['s', 'a.r1']) {
      const outputs = [...plain.graph.outputs, valueInfo(name, 'float32', ['n', 8, 6, 6])];
      expect(names({ ...plain, graph: { ...plain.graph, outputs } })).toEqual([]);
    }
  });

  it.each([
    ['plain', plain, 'a.w1', ['a.w2']],
    ['with a padded shortcut', padded, 'a.w1', ['a.w2']],
    ['behind another', padded, 'b.w1', ['b.w2']],
    ['with a gate', gated, 'a.w1', ['a.w2']],
  ])('that leave are as if their branch gave nothing: %s', async (_, model, name, silent) => {
    const block = residualBlocks(model).find((each) => each.name === name)!;
    const removed = removeBlock(model, block);
    const answers = async (m: Model) => (await runOnnx(writeModel(m), { x })).y;
    const wanted = await answers(silenced(model, silent));
    expect(furthest(await answers(removed), wanted)).toBe(0);
    expect(furthest(await answers(model), wanted)).toBeGreaterThan(0.01);
    expect(names(removed)).toEqual(names(model).filter((each) => each !== name));
    const left = [...constantsOf(removed.graph).keys()];
    expect(left.filter((each) => each.startsWith(name[0]))).toEqual([]);
  });
});

function silenced(model: Model, weightNames: readonly string[]): Model {
  const constants = constantsOf(model.graph);
  const changed = new Map(
    weightNames.map((name) => {
      const weight = constants.get(name)!;
      return [name, withRawData(weight, rawOf(weight.dataType, toFloat32(weight).fill(0)))] as const;
    }),
  );
  return { ...model, graph: withConstants(model.graph, changed) };
}
