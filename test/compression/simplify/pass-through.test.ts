import { expect, test } from 'vitest';
import { buildModel, graph, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { withoutPassThrough } from '../../../problems/compression/simplify/pass-through.js';

const model = (nodes: readonly Node[]) =>
  buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 8, 8])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [
      tensor('nothing', 'int64', [8], new BigInt64Array(8)),
      tensor('around', 'int64', [8], BigInt64Array.of(0n, 0n, 1n, 1n, 0n, 0n, 1n, 1n)),
      tensor('ratio', 'float32', [], Float32Array.of(0.5)),
      tensor('no', 'bool', [], Uint8Array.of(0)),
      tensor('yes', 'bool', [], Uint8Array.of(1)),
      tensor('if', 'bool', [], Uint8Array.of(1)),
    ],
    nodes,
    valueInfo: [valueInfo('a', 'float32', ['n', 3, 8, 8])],
  });

test('nodes that hand on what they get go, and what read them reads what they read', () => {
  const { graph: left } = withoutPassThrough(
    model([
      node('Identity', ['x'], ['a']),
      node('Dropout', ['a', 'ratio'], ['b']),
      node('Dropout', ['b', 'ratio', 'no'], ['c']),
      node('Pad', ['c', 'nothing'], ['d']),
      node('Pad', ['d'], ['e'], { pads: [0, 0, 0, 0, 0, 0, 0, 0] }),
      node('Add', ['e', 'a'], ['y']),
    ]),
  );
  expect(left.nodes.map(({ opType, inputs }) => [opType, ...inputs])).toEqual([['Add', 'x', 'x']]);
  const names = left.initializers.map(({ name }) => name);
  for (const gone of ['nothing', 'ratio', 'no']) expect(names).not.toContain(gone);
  expect(left.valueInfo).toEqual([]);
});

test.each<[string, Node[]]>([
  ['a Dropout of training', [node('Dropout', ['x', 'ratio', 'yes'], ['a']), node('Relu', ['a'], ['y'])]],
  [
    'a Dropout whose mask is read',
    [node('Dropout', ['x'], ['a', 'm']), node('Where', ['m', 'a', 'x'], ['y'])],
  ],
  ['a Pad by something', [node('Pad', ['x', 'around'], ['a']), node('Relu', ['a'], ['y'])]],
  ['what makes an output of the graph', [node('Relu', ['x'], ['a']), node('Identity', ['a'], ['y'])]],
  [
    'what the body of an If reads',
    [
      node('Identity', ['x'], ['a']),
      node('If', ['if'], ['y'], {
        then_branch: graph({
          inputs: [],
          outputs: [valueInfo('t', 'float32')],
          nodes: [node('Relu', ['a'], ['t'])],
        }),
        else_branch: graph({
          inputs: [],
          outputs: [valueInfo('e', 'float32')],
          nodes: [node('Neg', ['x'], ['e'])],
        }),
      }),
    ],
  ],
])('%s stays', (_, nodes) => {
  const given = model(nodes);
  expect(withoutPassThrough(given)).toBe(given);
});

const gated = (...behind: readonly Node[]) =>
  model([
    node('GlobalAveragePool', ['x'], ['mean']),
    node('Shape', ['x'], ['size']),
    node('Expand', ['mean', 'size'], ['a']),
    ...behind,
  ]);

test('an Expand to the shape of what it is multiplied with goes', () => {
  const { graph: left } = withoutPassThrough(gated(node('Mul', ['x', 'a'], ['y'])));
  expect(left.nodes.map(({ opType, inputs }) => [opType, ...inputs])).toEqual([
    ['GlobalAveragePool', 'x'],
    ['Mul', 'x', 'mean'],
  ]);
});

test.each<[string, Node[]]>([
  [
    'something else reads it',
    [node('Mul', ['x', 'a'], ['b']), node('Concat', ['a', 'b'], ['y'], { axis: 1 })],
  ],
  ['it is multiplied with another value', [node('Mul', ['mean', 'a'], ['y'])]],
  ['it is an output', [node('Mul', ['x', 'a'], ['b']), node('Identity', ['a'], ['y'])]],
])('an Expand stays where %s', (_, behind) => {
  const { graph: left } = withoutPassThrough(gated(...behind));
  expect(left.nodes.some(({ opType }) => opType === 'Expand')).toBe(true);
});
