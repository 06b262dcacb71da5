import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { STAND_IN_MODEL, standInDataset } from '../../../problems/compression/index.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { toOpset13 } from '../../../problems/compression/onnx/opset.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { quantizationForms, quantize } from '../../../problems/compression/quantization/catalogue.js';

const PYTHON = '/usr/bin/python3';
const present = spawnSync(PYTHON, ['-c', 'import onnx']).status === 0;

/** What onnx's own checker and strict shape inference say of files: nothing, where they are right. */
function complaints(files: readonly Uint8Array[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'fronteira-'));
  files.forEach((file, i) => {
    writeFileSync(join(folder, `${i}.onnx`), file);
  });
  const script = [
    'import onnx, sys, glob',
    'for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):',
    '    model = onnx.load(path)',
    '    onnx.checker.check_model(model, full_check=True)',
    '    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)',
  ].join('\n');
  const { stderr } = spawnSync(PYTHON, ['-c', script, folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stderr;
}

describe.skipIf(!present)("onnx's own checker (skipped where python3-onnx is absent)", () => {
  test('passes every form of quantization, with shapes inferred strictly', async () => {
    const calibration = standInDataset({ split: 'train', count: 16 });
    const files: Uint8Array[] = [];
    for (const { quantization } of quantizationForms) {
      const model = readModel(readFileSync(STAND_IN_MODEL), 'stand-in');
      files.push(writeModel((await quantize(model, quantization, { calibration, threads: 1 })).model));
    }
    expect(complaints(files)).toBe('');
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
    expect(complaints([writeModel(toOpset13(older))])).toBe('');
  });

  test('has something to say of a file that is wrong', () => {
    const wrong = buildModel({
      opset: 13,
      inputs: [valueInfo('x', 'float32', ['n', 4])],
      outputs: [valueInfo('y', 'float32', ['n', 4])],
      nodes: [node('Squeeze', ['x'], ['y'], { axes: [0] })],
    });
    expect(complaints([writeModel(wrong)])).toMatch(/axes/);
  });
});
