import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyFile, type FullPlan, loadModel, STAND_IN_MODEL } from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { randomOf } from '../../../src/index.js';
import { scratchFolder } from '../data/scratch-folder.js';

const folder = scratchFolder();
const everything: FullPlan = {
  channels: { keep: 0.5, criterion: 'least-squares' },
  zeros: { share: 0.2, criterion: 'second-order' },
  recovery: 'least-squares+channel-statistics',
  quantization: { kind: 'static-int8' },
};

function apply(name: string, model: Model, plan: FullPlan = everything) {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, writeModel(model));
  return applyFile({ model: path, plan, data: 'stand-in', limit: 80, threads: 1 });
}

/** Two convolutions and a head, whatever the size of the picture, with this operator behind the first. */
function convolutions(opType: string, domain: string): Model {
  const random = (name: string, ...dims: number[]) => {
    const { normal } = randomOf(name);
    const size = dims.reduce((a, b) => a * b);
    return tensor(
      name,
      'float32',
      dims,
      Float32Array.from({ length: size }, () => 0.1 * normal()),
    );
  };
  const pads = { pads: [1, 1, 1, 1] };
  return buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 'height', 'width'])],
    outputs: [valueInfo('y', 'float32', ['n', 10])],
    initializers: [random('w1', 16, 3, 3, 3), random('w2', 24, 16, 3, 3), random('head', 24, 10)],
    nodes: [
      node('Conv', ['x', 'w1'], ['c1'], pads, { name: 'first' }),
      { ...node(opType, ['c1'], ['r1'], undefined, { name: 'between' }), domain },
      node('Conv', ['r1', 'w2'], ['c2'], pads, { name: 'second' }),
      node('Relu', ['c2'], ['r2']),
      node('GlobalAveragePool', ['r2'], ['pooled']),
      node('Flatten', ['pooled'], ['flat']),
      node('MatMul', ['flat', 'head'], ['y']),
    ],
  });
}

describe('a whole plan', () => {
  it('is applied to a network whose picture may have any size, which stays so', async () => {
    const { bytes, baseline } = await apply('free', convolutions('Relu', ''));
    expect(bytes.length).toBeLessThan(baseline.size / 2);
    const [input] = readModel(bytes, 'the result').graph.inputs;
    expect(input.type?.tensor?.shape?.dims.map(({ parameter }) => parameter)).toEqual([
      'n',
      undefined,
      'height',
      'width',
    ]);
  });

  /** A network with a function of its own, of this operator set, behind the first convolution. */
  const withFunction = (version: number) => {
    const model = convolutions('Positive', 'local');
    const [standard] = model.opsets;
    const positive = {
      name: 'Positive',
      domain: 'local',
      inputs: ['X'],
      outputs: ['Y'],
      nodes: [node('Relu', ['X'], ['Y'])],
      opsets: [{ ...standard, version }],
      defaults: [],
      rest: new Uint8Array(0),
    };
    const opsets = [...model.opsets, { ...standard, domain: 'local', version: 1 }];
    return { ...model, opsets, functions: [positive] };
  };

  it('sees through the functions of a model', async () => {
    const { bytes, notes } = await apply('function', withFunction(17));
    expect(notes.filter((note) => /function|mix/.test(note))).toEqual([]);
    expect(readModel(bytes, 'the result').functions).toEqual([]);
  });

  it('leaves the channels before a function of another operator set, and says so', async () => {
    const { bytes, notes } = await apply('older-function', withFunction(16));
    expect(notes).toContain('a function of the model is left as it is: local.Positive');
    expect(notes).toContain('channels before Positive between stay: it may mix them');
    expect(readModel(bytes, 'the result').functions.map(({ name }) => name)).toEqual(['Positive']);
  });

  it('is refused for an operator that the runtime does not have, by its name', async () => {
    const model = convolutions('Magic', 'com.acme');
    const [standard] = model.opsets;
    const opsets = [...model.opsets, { ...standard, domain: 'com.acme', version: 1 }];
    await expect(apply('unknown', { ...model, opsets })).rejects.toThrow(
      /^the model must be an ONNX file that ONNX Runtime \S+ can load, got: it has no operator Magic of the domain com\.acme$/,
    );
  });

  it('is refused for a network of two inputs, by their names', async () => {
    const model = loadModel(STAND_IN_MODEL);
    const [input] = model.graph.inputs;
    const inputs = [input, { ...input, name: 'other' }];
    await expect(apply('two', { ...model, graph: { ...model.graph, inputs } })).rejects.toThrow(
      /^the model must have one input, got 2 \(input, other\)$/,
    );
  });

  it('is refused for pictures of another size, by both shapes', async () => {
    const model = convolutions('Relu', '');
    const inputs = [valueInfo('x', 'float32', ['n', 3, 16, 16])];
    await expect(apply('small', { ...model, graph: { ...model.graph, inputs } })).rejects.toThrow(
      /^the model's input must fit samples of shape \[3, 32, 32\] behind a batch axis, got \[n, 3, 16, 16\] in "x"$/,
    );
  });
});
