import { describe, expect, test } from 'vitest';
import {
  buildModel,
  float,
  floats,
  graph,
  type ModelParts,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { type Layers, layersOf } from '../../../problems/compression/onnx/layers.js';
import type { Node, Tensor } from '../../../problems/compression/onnx/model.js';

const weight = (name: string, dims: readonly number[]) =>
  tensor(name, 'float32', dims, new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1));

function layers(
  nodes: readonly Node[],
  initializers: readonly Tensor[],
  more: Partial<ModelParts> = {},
): Layers {
  const inputs = [valueInfo('x', 'float32')];
  return layersOf(
    buildModel({ opset: 17, inputs, outputs: [valueInfo('y', 'float32')], nodes, initializers, ...more }),
  );
}

const brief = ({ layers: found }: Layers) =>
  found.map(({ operator, kind, weight: w, bias, side }) => [operator, kind, w, bias, side]);

describe('the layers of a model', () => {
  test('are Conv and ConvTranspose, Gemm and MatMul with one constant side, in graph order', () => {
    const found = layers(
      [
        node('Conv', ['x', 'cw', 'cb'], ['a'], {}, { name: 'first' }),
        node('ConvTranspose', ['a', 'tw'], ['b']),
        node('Flatten', ['b'], ['f']),
        node('Gemm', ['f', 'gw', 'gb'], ['g'], { transB: 1 }),
        node('Gemm', ['g', 'hw', ''], ['h'], { alpha: float(0.5) }),
        node('MatMul', ['h', 'mw'], ['m']),
        node('MatMul', ['lw', 'm'], ['y']),
        node('MatMul', ['h', 'g'], ['unused']),
        node('Conv', ['x', 'cw'], ['z'], {}, { domain: 'my.own' }),
      ],
      [
        weight('cw', [4, 3, 3, 3]),
        weight('cb', [4]),
        weight('tw', [4, 2, 2, 2]),
        weight('gw', [5, 8]),
        weight('gb', [5]),
        weight('hw', [5, 6]),
        weight('mw', [6, 7]),
        weight('lw', [2, 3]),
      ],
    );
    expect(brief(found)).toEqual([
      ['Conv', 'convolutional', 'cw', 'cb', 1],
      ['ConvTranspose', 'convolutional', 'tw', null, 1],
      ['Gemm', 'linear', 'gw', 'gb', 1],
      ['Gemm', 'linear', 'hw', null, 1],
      ['MatMul', 'linear', 'mw', null, 1],
      ['MatMul', 'linear', 'lw', null, 0],
    ]);
    expect(found.layers.map(({ name }) => name)).toEqual(['first', 'b', 'g', 'h', 'm', 'y']);
    expect(found.tensors.map(({ name, role, layer }) => `${layer} ${role} ${name}`)).toEqual([
      'first weight cw',
      'first bias cb',
      'b weight tw',
      'g weight gw',
      'g bias gb',
      'h weight hw',
      'm weight mw',
      'y weight lw',
    ]);
    // The product of two activations is no layer, so there is nothing to say of it.
    expect(found.notes).toEqual([]);
  });

  test('take weights and biases from Constant nodes', () => {
    const found = layers(
      [
        node('Constant', [], ['w'], { value: weight('', [2, 3]) }),
        node('Constant', [], ['b'], { value_floats: floats([1, 2, 3]) }),
        node('Constant', [], ['c'], { value_float: float(1) }),
        node('Gemm', ['x', 'w', 'b'], ['a']),
        node('Gemm', ['a', 'v', 'c'], ['y']),
      ],
      [weight('v', [3, 3])],
    );
    expect(brief(found)).toEqual([
      ['Gemm', 'linear', 'w', 'b', 1],
      ['Gemm', 'linear', 'v', 'c', 1],
    ]);
    expect(found.tensors.map(({ tensor: { dims } }) => dims)).toEqual([[2, 3], [3], [3, 3], []]);
  });

  test.each([
    ['behind the product', ['m', 'b'], [3], 'b'],
    ['before it', ['b', 'm'], [3], 'b'],
    ['with leading ones', ['m', 'b'], [1, 1, 3], 'b'],
    ['that is a scalar', ['m', 'b'], [], null],
    ['that has one element', ['m', 'b'], [1], null],
    ['that has one element a row', ['m', 'b'], [3, 1], null],
    ['that is a whole matrix', ['m', 'b'], [2, 3], null],
    ['that doubles the product', ['m', 'm'], [3], null],
  ])('give a MatMul the bias of an Add %s: %j, shape %j', (_, inputs, dims, bias) => {
    const found = layers(
      [node('MatMul', ['x', 'w'], ['m']), node('Add', inputs, ['y'])],
      [weight('w', [2, 3]), weight('b', dims)],
    );
    expect(found.layers[0].bias).toBe(bias);
  });

  test('give a MatMul no bias when something else reads the product', () => {
    const add = [node('MatMul', ['x', 'w'], ['m']), node('Add', ['m', 'b'], ['y'])];
    const constants = [weight('w', [2, 3]), weight('b', [3])];
    const body = graph({
      inputs: [],
      outputs: [valueInfo('o', 'float32')],
      nodes: [node('Relu', ['m'], ['o'])],
    });
    expect(layers(add, constants).layers[0].bias).toBe('b');
    expect(layers([...add, node('Relu', ['m'], ['z'])], constants).layers[0].bias).toBeNull();
    const outputs = [valueInfo('y', 'float32'), valueInfo('m', 'float32')];
    expect(layers(add, constants, { outputs }).layers[0].bias).toBeNull();
    const control = node('If', ['c'], ['z'], { then_branch: body, else_branch: body });
    expect(layers([...add, control], constants).layers[0].bias).toBeNull();
  });

  test('take the bias of a constant on the left along its rows', () => {
    const bias = (dims: readonly number[]) =>
      layers(
        [node('MatMul', ['w', 'x'], ['m']), node('Add', ['m', 'b'], ['y'])],
        [weight('w', [2, 3]), weight('b', dims)],
      ).layers[0].bias;
    expect(bias([2, 1])).toBe('b');
    expect(bias([1, 2, 1])).toBe('b');
    expect(bias([2])).toBeNull();
    expect(bias([3])).toBeNull();
  });

  test('count a shared tensor once, with the first layer that has it', () => {
    const found = layers(
      [node('Gemm', ['x', 'w', 'b'], ['a']), node('Gemm', ['a', 'w', 'b'], ['y'], { transB: 1 })],
      [weight('w', [3, 3]), weight('b', [3])],
    );
    expect(found.layers).toHaveLength(2);
    expect(found.tensors.map(({ name, layer }) => [name, layer])).toEqual([
      ['w', 'a'],
      ['b', 'a'],
    ]);
  });

  test('leave out computed weights, inputs and integers, and say so', () => {
    const found = layers(
      [
        node('Identity', ['w'], ['i']),
        node('DequantizeLinear', ['q', 's'], ['d']),
        node('Gemm', ['x', 'i'], ['a'], {}, { name: 'by-identity' }),
        node('Gemm', ['a', 'd'], ['b'], {}, { name: 'by-dequantizing' }),
        node('Conv', ['b', 'given'], ['c'], {}, { name: 'given' }),
        node('MatMul', ['c', 'q'], ['e'], {}, { name: 'whole' }),
        node('MatMul', ['w', 'w'], ['f'], {}, { name: 'constants' }),
        node('Conv', ['e', 'k', 'computed'], ['y'], {}, { name: 'half' }),
      ],
      [
        weight('w', [3, 3]),
        weight('k', [1, 1, 3, 3]),
        weight('s', []),
        tensor('q', 'int8', [3, 3], new Int8Array(9)),
      ],
      { inputs: [valueInfo('x', 'float32'), valueInfo('given', 'float32')] },
    );
    expect(brief(found)).toEqual([['Conv', 'convolutional', 'k', null, 1]]);
    expect(found.notes).toEqual([
      'a layer whose weight is computed or an input is left as it is: Gemm by-identity, Gemm by-dequantizing, Conv given',
      'a layer whose weight is no floating-point tensor is left as it is: MatMul whole',
      'a product of two constants is left as it is: MatMul constants',
      'a bias that is computed or an input is left as it is: Conv half',
    ]);
  });

  test('take an initializer that is listed as an input too', () => {
    const inputs = [valueInfo('x', 'float32'), valueInfo('w', 'float32', [2, 3])];
    const found = layers([node('Gemm', ['x', 'w'], ['y'])], [weight('w', [2, 3])], { inputs, irVersion: 3 });
    expect(found.layers).toHaveLength(1);
  });

  test('leave control flow and functions alone and note them, with the constants that only they read', () => {
    const body = (name: string) =>
      graph({
        inputs: [],
        outputs: [valueInfo(name, 'float32')],
        initializers: [weight('inside', [3, 3])],
        nodes: [
          node('Gemm', ['x', 'outside'], [`${name}1`]),
          node('Gemm', [`${name}1`, 'inside'], [`${name}2`]),
          node('Gemm', [`${name}2`, 'both'], [name]),
        ],
      });
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32'), valueInfo('c', 'bool', [])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [weight('outside', [3, 3]), weight('both', [3, 3])],
      nodes: [
        node('If', ['c'], ['a'], { then_branch: body('t'), else_branch: body('e') }, { name: 'choose' }),
        node('Gemm', ['a', 'both'], ['y']),
      ],
    });
    const rest = new Uint8Array(0);
    const empty = { inputs: [], outputs: [], nodes: [], opsets: [], defaults: [], rest };
    const found = layersOf({ ...model, functions: [{ name: 'F', domain: 'own', ...empty }] });
    expect(brief(found)).toEqual([['Gemm', 'linear', 'both', null, 1]]);
    expect(found.notes).toEqual([
      'control flow is left as it is: If choose',
      'a constant read only by control flow is left as it is: outside',
      'a function of the model is left as it is: own.F',
    ]);
  });

  test('are told from recurrent ones, which are left as they are with a note', () => {
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', [4, 1, 3])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [weight('w', [1, 6, 3]), weight('r', [1, 6, 2]), weight('head', [2, 3])],
      nodes: [
        node('GRU', ['x', 'w', 'r'], ['', 'state'], { hidden_size: 2 }, { name: 'memory' }),
        node('MatMul', ['state', 'head'], ['y']),
      ],
    });
    const { layers, notes } = layersOf(model);
    expect(layers.map((layer) => layer.weight)).toEqual(['head']);
    expect(notes).toEqual(['a recurrent layer is left as it is: GRU memory']);
  });

  test('have names of their own even where the nodes share one', () => {
    const nodes = [
      node('Gemm', ['x', 'w'], ['a'], {}, { name: 'same' }),
      node('Gemm', ['a', 'w'], ['b'], {}, { name: 'same' }),
      node('Gemm', ['b', 'w'], ['y'], {}, { name: 'a' }),
    ];
    const names = layers(nodes, [weight('w', [3, 3])]).layers.map(({ name }) => name);
    expect(names).toEqual(['a', 'b', 'a 2']);
  });

  test('may be none', () => {
    expect(layers([node('Relu', ['x'], ['y'])], [])).toEqual({ layers: [], tensors: [], notes: [] });
  });
});
