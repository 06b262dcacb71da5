import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  buildModel,
  emptyTensor,
  graph,
  node,
  tensor,
  valueInfo,
} from '../../../problems/compression/onnx/build.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
import { ELEMENT_TYPE, type Tensor } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { InputError } from '../../../src/index.js';
import { runOnnx } from '../run-onnx.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fronteira-onnx-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WEIGHTS = Float32Array.of(9, 1, 2, 3, 4);

function external(name: string, dims: readonly number[], entries: Readonly<Record<string, string>>): Tensor {
  const externalData = Object.entries(entries).map(([key, value]) => ({
    key,
    value,
    rest: new Uint8Array(0),
  }));
  return { ...emptyTensor(name, ELEMENT_TYPE.float32, dims), dataLocation: 1, externalData };
}

function save(name: string, weight: Tensor): string {
  const model = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', [1, 2])],
    outputs: [valueInfo('y', 'float32', [1, 2])],
    initializers: [weight],
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
  });
  const path = join(folder, name);
  writeFileSync(path, writeModel(model));
  return path;
}

describe('a model with a data file', () => {
  test('is read into one file that runs by itself', async () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub', 'weights.bin'), WEIGHTS);
    const location = { location: 'sub/weights.bin', offset: '4', length: '16' };
    const model = loadModel(save('good.onnx', external('w', [2, 2], location)));
    expect([...toFloat32(model.graph.initializers[0])]).toEqual([1, 2, 3, 4]);
    const bytes = writeModel(model);
    expect(readModel(bytes, 'm').graph.initializers[0]).toMatchObject({ dataLocation: 0, externalData: [] });
    const { y } = await runOnnx(bytes, { x: { data: Float32Array.of(1, 10), dims: [1, 2] } });
    expect(y).toEqual([31, 42]);
  });

  test('may leave out offset and length, and may use it in a Constant of a subgraph', () => {
    writeFileSync(join(folder, 'plain.bin'), WEIGHTS.subarray(0, 2));
    const weight = external('', [2], { location: 'plain.bin' });
    const branch = (output: string) =>
      graph({
        inputs: [],
        outputs: [valueInfo(output, 'float32')],
        nodes: [node('Constant', [], [output], { value: weight })],
      });
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('c', 'bool', [])],
      outputs: [valueInfo('y', 'float32')],
      nodes: [node('If', ['c'], ['y'], { then_branch: branch('a'), else_branch: branch('b') })],
    });
    const path = join(folder, 'if.onnx');
    writeFileSync(path, writeModel(model));
    const inner = loadModel(path).graph.nodes[0].attributes[1].g!.nodes[0].attributes[0].t!;
    expect([...toFloat32(inner)]).toEqual([9, 1]);
  });

  test.each([
    ['../secret.bin', {}, 'below the model'],
    ['a/../../secret.bin', {}, 'below the model'],
    ['..\\secret.bin', {}, 'below the model'],
    ['/etc/passwd', {}, 'below the model'],
    ['C:\\secret.bin', {}, 'below the model'],
    ['', {}, 'below the model'],
    ['absent.bin', {}, 'must be readable'],
    ['sub', {}, 'must have 16 bytes or more, got no file'],
    ['short.bin', {}, 'must have 16 bytes or more, got 12'],
    ['plain16.bin', { offset: '4' }, 'must have 20 bytes or more, got 16'],
    ['plain16.bin', { offset: '-4' }, 'must be a whole number, got "-4"'],
    ['plain16.bin', { length: '12' }, 'must have 16 bytes, got 12'],
    ['plain16.bin', { length: '1e2' }, 'must be a whole number, got "1e2"'],
  ])('is refused when its data lie at %j with %j', (location, more, law) => {
    mkdirSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, 'short.bin'), new Uint8Array(12));
    writeFileSync(join(folder, 'plain16.bin'), new Uint8Array(16));
    const path = save('bad.onnx', external('w', [2, 2], { location, ...more }));
    expect(() => loadModel(path)).toThrow(InputError);
    expect(() => loadModel(path)).toThrow(law);
  });

  test('is refused without allocating what an absurd shape asks for', () => {
    const path = save('huge.onnx', external('w', [2 ** 20, 2 ** 20], { location: 'plain16.bin' }));
    expect(() => loadModel(path)).toThrow('at most 2147483647 bytes');
  });
});

describe('a path that is no model', () => {
  test('is refused in one sentence', () => {
    expect(() => loadModel(join(folder, 'no.onnx'))).toThrow('the model must be an existing file');
    expect(() => loadModel(folder)).toThrow('the model must be a file');
    writeFileSync(join(folder, 'empty.onnx'), '');
    expect(() => loadModel(join(folder, 'empty.onnx'))).toThrow('an empty file');
    const sparse = join(folder, 'sparse.onnx');
    writeFileSync(sparse, '');
    truncateSync(sparse, 2 ** 31);
    expect(() => loadModel(sparse)).toThrow('at most 2147483647 bytes, got 2147483648');
    expect(() =>
      loadModel(save('broken.onnx', tensor('w', 'float32', [1], WEIGHTS.slice(1, 2)))),
    ).not.toThrow();
  });
});
