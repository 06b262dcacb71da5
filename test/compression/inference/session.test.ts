import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSession, shortReason } from '../../../problems/compression/inference/session.js';
import { buildModel, node, valueInfo } from '../../../problems/compression/onnx/build.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { randomOf } from '../../../src/index.js';
import { convolutional, identity } from './networks.js';

/** The scores of `count` random pictures, all of them, in batches of `size`. */
async function scoresOf(bytes: Uint8Array, side: number, threads: number, size: number, count = 24) {
  const random = randomOf('session pictures');
  const pictures = Float32Array.from({ length: count * 3 * side * side }, () => random.normal());
  const session = await openSession(bytes, { threads });
  const all: number[] = [];
  for (let first = 0; first < count; first += size) {
    const part = pictures.slice(first * 3 * side * side, (first + size) * 3 * side * side);
    all.push(...(await session.run(session.batch(part, [size, 3, side, side]))).data);
  }
  await session.release();
  return all;
}

async function expectSameScores(bytes: Uint8Array, side: number) {
  const expected = await scoresOf(bytes, side, 1, 24);
  expect(new Set(expected).size).toBeGreaterThan(100);
  for (const threads of [1, 2, 3, 4])
    for (const size of [2, 3, 8, 24]) {
      const scores = await scoresOf(bytes, side, threads, size);
      expect(
        scores.every((score, i) => Object.is(score, expected[i])),
        `${threads} threads, batches of ${size}`,
      ).toBe(true);
    }
}

describe('openSession', () => {
  it('gives the same scores, bit for bit, whatever the threads and the size of the batch', async () => {
    await expectSameScores(convolutional(), 16);
  });

  const resnet = fileURLToPath(new URL('../../../../shared/models/resnet20-cifar10.onnx', import.meta.url));
  it.skipIf(!existsSync(resnet))('does so on ResNet-20 (in ../shared, skipped where absent)', async () => {
    await expectSameScores(readFileSync(resnet), 32);
  });

  it('tells the inputs and outputs, a free size by its name', async () => {
    const session = await openSession(identity('n', 3), { threads: 1, optimization: 'basic' });
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['n', 3] }]);
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['n', 3] }]);
    await session.release();
    await session.release();
    await expect(session.run(session.batch(new Float32Array(3), [1, 3]))).rejects.toThrow(/disposed/);
  });

  it('shortens what the runtime says', () => {
    const long =
      'Load model failed:/onnxruntime_src/onnxruntime/core/graph/model.cc:180 onnxruntime::Model::Model(...) Unsupported model IR version: 99';
    expect(shortReason(new Error(`a\n  b\tc`))).toBe('a b c');
    expect(shortReason(new Error(long))).not.toContain('.cc:');
    expect(shortReason(new Error(long))).toContain('Unsupported model IR version: 99');
    expect(shortReason('x'.repeat(500))).toHaveLength(200);
  });

  it.each([
    ['void onnxruntime::a::Check(const std::unordered_map<std::string, int>&, bool) ', 'Too new (99).'],
    ['onnxruntime::Foo<T>::Foo(std::function<void(int)>, int (*)(char)) [with T = float] ', 'Too new.'],
    ['onnxruntime::Graph::Load(int)::<lambda(const Node&)> ', 'No node::x (y).'],
    ['virtual onnxruntime::common::Status onnxruntime::Reshape::Compute(Context*) const ', 'a::b (c) != d'],
    ['onnxruntime::Model::Model ', 'Too new (99)'],
    ['', 'Sizes (2, 3) differ'],
  ])('leaves the C++ function out: %s', (signature, sentence) => {
    for (const file of ['/onnxruntime_src/onnxruntime/core/a.cc:20', 'D:\\a\\onnxruntime\\core\\a.cc:20'])
      expect(shortReason(new Error(`Load failed: ${file} ${signature}${sentence}\n`))).toBe(
        `Load failed: ${sentence}`,
      );
  });

  it('gives the sentence of the runtime for a file format or operators from the future', async () => {
    const future = (parts: { opset?: number; irVersion?: number }) =>
      openSession(
        writeModel(
          buildModel({
            opset: 17,
            inputs: [valueInfo('x', 'float32', ['n', 3])],
            outputs: [valueInfo('y', 'float32', ['n', 3])],
            nodes: [node('Identity', ['x'], ['y'])],
            ...parts,
          }),
        ),
        { threads: 1 },
      );
    await expect(future({ irVersion: 99 })).rejects.toThrow(/load, got: Unsupported model IR version: 99/);
    await expect(future({ opset: 99 })).rejects.toThrow(/load, got: ONNX Runtime only .*Opset 99 is under/);
  });
});
