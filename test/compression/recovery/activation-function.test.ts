import { expect, test } from 'vitest';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Node } from '../../../problems/compression/onnx/model.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { activationFunctions } from '../../../problems/compression/recovery/activation-function.js';
import { runOnnx } from '../run-onnx.js';

const scalar = (name: string, value: number) => tensor(name, 'float32', [], Float32Array.of(value));
const numbers = Float32Array.from({ length: 161 }, (_, i) => (i - 80) / 8);

/** A graph from z to y, and maybe to other outputs. */
const graphOf = (nodes: readonly Node[], outputs: readonly string[] = ['y'], opset = 17) =>
  buildModel({
    opset,
    inputs: [valueInfo('z', 'float32', [161])],
    outputs: outputs.map((name) => valueInfo(name, 'float32', [161])),
    initializers: [
      scalar('one', 1),
      scalar('half', 0.5),
      scalar('three', 3),
      scalar('six', 6),
      scalar('zero', 0),
      scalar('root', Math.SQRT2),
      tensor('many', 'float32', [161], numbers),
    ],
    nodes,
  });

const behind = (...given: Parameters<typeof graphOf>) => {
  const { graph } = graphOf(...given);
  return activationFunctions(graph, constantsOf(graph))('z');
};

const unary = (operator: string, attributes = {}) => [node(operator, ['z'], ['y'], attributes)];
const silu = [node('Sigmoid', ['z'], ['s']), node('Mul', ['z', 's'], ['y'])];

const functions: readonly { name: string; nodes: readonly Node[]; slope: number; opset?: number }[] = [
  { name: 'Relu', nodes: unary('Relu'), slope: 1 },
  { name: 'LeakyRelu', nodes: unary('LeakyRelu', { alpha: float(0.25) }), slope: 1 },
  { name: 'Elu', nodes: unary('Elu', { alpha: float(0.5) }), slope: 1 },
  { name: 'Sigmoid', nodes: unary('Sigmoid'), slope: 0.25 },
  { name: 'HardSigmoid', nodes: unary('HardSigmoid', { alpha: float(0.25), beta: float(0.4) }), slope: 0.25 },
  { name: 'HardSwish', nodes: unary('HardSwish'), slope: 1.5 },
  { name: 'Tanh', nodes: unary('Tanh'), slope: 1 },
  { name: 'Erf', nodes: unary('Erf'), slope: 2 / Math.sqrt(Math.PI) },
  { name: 'Softplus', nodes: unary('Softplus'), slope: 1 },
  { name: 'Mish', nodes: unary('Mish'), slope: 1.09, opset: 18 },
  { name: 'Gelu', nodes: unary('Gelu'), slope: 1.13, opset: 20 },
  { name: 'Clip', nodes: [node('Clip', ['z', 'zero', 'six'], ['y'])], slope: 1 },
  { name: 'a Clip of one bound', nodes: [node('Clip', ['z', '', 'six'], ['y'])], slope: 1 },
  { name: 'SiLU', nodes: silu, slope: 1.1 },
  {
    name: 'GELU as exporters write it',
    nodes: [
      node('Div', ['z', 'root'], ['a']),
      node('Erf', ['a'], ['b']),
      node('Add', ['b', 'one'], ['c']),
      node('Mul', ['z', 'c'], ['d']),
      node('Mul', ['d', 'half'], ['y']),
    ],
    slope: 1.13,
  },
  {
    name: 'a hard swish as exporters write it',
    nodes: [
      node('Add', ['z', 'three'], ['a']),
      node('Clip', ['a', 'zero', 'six'], ['b']),
      node('Mul', ['z', 'b'], ['c']),
      node('Div', ['c', 'six'], ['y']),
    ],
    slope: 1.5,
  },
];

test.each(functions)(
  '$name is found, with the values that ONNX Runtime gives and its steepest slope',
  async ({ nodes, slope, opset }) => {
    const { graph, ...rest } = graphOf(nodes, ['y'], opset);
    // What reads it further is no matter.
    const read = { ...graph, nodes: [...graph.nodes, node('Add', ['y', 'many'], ['w'])] };
    const found = activationFunctions(read, constantsOf(read))('z')!;
    const { y } = await runOnnx(writeModel({ ...rest, graph }), { z: { data: numbers, dims: [161] } });
    y.forEach((value, i) => {
      expect(found.of(numbers[i])).toBeCloseTo(value, 5);
    });
    expect(found.slope / slope).toBeCloseTo(1, 1);
  },
);

test('a value that is read by others too has none, nor has one that is an output', () => {
  expect(behind([...unary('Relu'), node('Add', ['z', 'many'], ['w'])])).toBeNull();
  expect(behind(unary('Relu'), ['y', 'z'])).toBeNull();
  expect(behind([...silu, node('Add', ['s', 'many'], ['w'])])).toBeNull();
});

test('what works on more than the number ends the function', () => {
  const relu = node('Relu', ['z'], ['r']);
  const { of } = behind([relu, node('Add', ['r', 'many'], ['y'])])!;
  expect([of(-1), of(2)]).toEqual([0, 2]);
  // Two read what Relu gives.
  const gated = behind([relu, node('Sigmoid', ['r'], ['s']), node('Add', ['r', 'many'], ['y'])])!;
  expect([gated.of(-1), gated.of(2)]).toEqual([0, 2]);
  const further = behind([relu, node('Mul', ['r', 'half'], ['h']), node('Add', ['h', 'many'], ['y'])])!;
  expect([further.of(-1), further.of(2)]).toEqual([0, 1]);
});

test('what is straight is none, and so is an unknown operator', () => {
  expect(behind([node('Mul', ['z', 'half'], ['a']), node('Add', ['a', 'one'], ['y'])])).toBeNull();
  expect(behind(unary('Sin'))).toBeNull();
  expect(behind([node('Clip', ['z', 'unknown'], ['y'])])).toBeNull();
});
