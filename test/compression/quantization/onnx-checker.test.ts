import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STAND_IN_MODEL, standInDataset } from '../../../problems/compression/index.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toOpset13 } from '../../../problems/compression/onnx/opset.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { quantizationForms, quantize } from '../../../problems/compression/quantization/catalogue.js';
import { scratchFolder } from '../data/scratch-folder.js';
import { complaints, hasChecker } from '../onnx-checker.js';

const folder = scratchFolder();

/** What the checker has against these files: null where nothing. */
function complaintsOf(files: readonly Uint8Array[]): (string | null)[] {
  const paths = files.map((_, i) => join(folder, `${i}.onnx`));
  files.forEach((file, i) => {
    writeFileSync(paths[i], file);
  });
  return complaints(paths);
}

describe.skipIf(!hasChecker)("onnx's own checker (skipped where python3-onnx is absent)", () => {
  test('passes every form of quantization, with shapes inferred strictly', async () => {
    const calibration = standInDataset({ split: 'train', count: 16 });
    const files: Uint8Array[] = [];
    for (const { quantization } of quantizationForms) {
      const model = readModel(readFileSync(STAND_IN_MODEL), 'stand-in');
      files.push(writeModel((await quantize(model, quantization, { calibration, threads: 1 })).model));
    }
    expect(complaintsOf(files)).toEqual(files.map(() => null));
  });

  test('passes what was converted from an older operator set', () => {
    const older = buildModel({
      opset: 9,
      irVersion: 4,
      inputs: [valueInfo('x', 'float32', ['n', 4, 6, 6])],
      outputs: [valueInfo('y', 'float32', ['n', 3])],
      initializers: [
        tensor('scales', 'float32', [4], Float32Array.of(1, 1, 2, 2)),
        tensor('w', 'float32', [3, 4], new Float32Array(12)),
        tensor('b', 'float32', [3], new Float32Array(3)),
      ],
      nodes: [
        node('Clip', ['x'], ['c'], { min: float(0), max: float(6) }),
        node('Pad', ['c'], ['p'], { pads: [0, 0, 1, 1, 0, 0, 1, 1] }),
        node('Upsample', ['p', 'scales'], ['u'], { mode: 'nearest' }),
        node('ReduceSum', ['u'], ['r'], { axes: [2], keepdims: 1 }),
        node('Squeeze', ['r'], ['s'], { axes: [2] }),
        node('ReduceSum', ['s'], ['t'], { axes: [2], keepdims: 0 }),
        node('Dropout', ['t'], ['d'], { ratio: float(0.5) }),
        node('Gemm', ['d', 'w', 'b'], ['g'], { transB: 1 }),
        node('Softmax', ['g'], ['y']),
      ],
    });
    expect(complaintsOf([writeModel(toOpset13(older))])).toEqual([null]);
  });

  test('has something to say of a file that is wrong', () => {
    const wrong = buildModel({
      opset: 13,
      inputs: [valueInfo('x', 'float32', ['n', 4])],
      outputs: [valueInfo('y', 'float32', ['n', 4])],
      nodes: [node('Squeeze', ['x'], ['y'], { axes: [0] })],
    });
    expect(complaintsOf([writeModel(wrong)])).toEqual([expect.stringMatching(/axes/)]);
  });
});
