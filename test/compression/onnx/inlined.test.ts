import { expect, test } from 'vitest';
import {
  attribute,
  buildModel,
  float,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { inlined } from '../../../problems/compression/onnx/inlined.js';
import type { LocalFunction, Model, Node } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { runOnnx } from '../run-onnx.js';

const rest = new Uint8Array(0);
const opsets = [{ domain: '', version: 17, rest }];
const local = { domain: 'local' };
/** An attribute whose value is that of the call. */
const asked = (of: Node, name: string, reference: string): Node => {
  const { f: _, ...empty } = attribute(name, float(0));
  return { ...of, attributes: [{ ...empty, reference }] };
};

/** A product that leaks as the call says, or by 0.25 where it does not, and the negative of that. */
const block: LocalFunction = {
  name: 'Block',
  ...local,
  inputs: ['a', 'w'],
  outputs: ['b', 'c'],
  nodes: [
    node('MatMul', ['a', 'w'], ['m'], {}, { name: 'product' }),
    asked(node('LeakyRelu', ['m'], ['b']), 'alpha', 'slope'),
    node('Neg', ['b'], ['c']),
  ],
  opsets,
  defaults: [attribute('slope', float(0.25))],
  rest,
};
const pair: LocalFunction = {
  ...block,
  name: 'Pair',
  outputs: ['b'],
  nodes: [
    node('Block', ['a', 'w'], ['m', 'n'], {}, local),
    node('Block', ['m', 'w'], ['b', 'o'], { slope: float(0.5) }, local),
  ],
  opsets: [...opsets, { domain: 'local', version: 1, rest }],
  defaults: [],
};
const network = (functions: readonly LocalFunction[], calls: readonly Node[]): Model => ({
  ...buildModel({
    opset: { '': 17, local: 1 },
    inputs: [valueInfo('x', 'float32', ['n', 2])],
    outputs: [valueInfo('y', 'float32', ['n', 2])],
    initializers: [
      tensor('w', 'float32', [2, 2], Float32Array.of(1, -2, 3, 1)),
      tensor('m', 'float32', [2], Float32Array.of(1, 2)),
    ],
    nodes: calls,
  }),
  functions,
});
const x = { data: Float32Array.of(1, -1, 2, 0.5), dims: [2, 2] };

test('the nodes of functions stand in place of calls, at any depth, with names of their own and what the calls say', async () => {
  const model = network(
    [block, pair],
    [
      node('Pair', ['x', 'w'], ['p'], {}, local),
      node('Block', ['p', 'w'], ['r', 'q'], {}, { ...local, name: 'last' }),
      node('Add', ['q', 'm'], ['y']),
    ],
  );
  const plain = inlined(model);
  expect(plain.functions).toEqual([]);
  expect(plain.opsets.map(({ domain }) => domain)).toEqual(['']);
  expect(plain.graph.nodes.map(({ opType }) => opType).join(' ')).toBe(
    'MatMul LeakyRelu Neg MatMul LeakyRelu Neg MatMul LeakyRelu Neg Add',
  );
  const made = plain.graph.nodes.flatMap(({ outputs }) => outputs);
  expect(new Set(made).size).toBe(made.length);
  expect(made).not.toContain('m');
  expect(await runOnnx(writeModel(plain), { x })).toEqual(await runOnnx(writeModel(model), { x }));
});

test('a function of another operator set, or with control flow, stays a call', () => {
  const calls = [node('Block', ['x', 'w'], ['y'], {}, local)];
  const older = network([{ ...block, opsets: [{ domain: '', version: 13, rest }] }], calls);
  expect(inlined(older)).toBe(older);
});

test('a file keeps what its functions are made of', () => {
  const bytes = writeModel(network([block, pair], [node('Pair', ['x', 'w'], ['y'], {}, local)]));
  const read = readModel(bytes, 'the model');
  expect(read.functions[0]).toMatchObject({ name: 'Block', inputs: ['a', 'w'], outputs: ['b', 'c'] });
  expect(read.functions[0].nodes[1].attributes[0].reference).toBe('slope');
  expect(writeModel(read)).toEqual(bytes);
});
