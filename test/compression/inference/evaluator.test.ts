import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCifar10 } from '../../../problems/compression/data/cifar10.js';
import { readSidecar } from '../../../problems/compression/data/sidecar.js';
import { type InferenceOptions, openInference } from '../../../problems/compression/inference/evaluator.js';
import { node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { InputError, RunError, randomOf } from '../../../src/index.js';
import { bytesOf, convolutional, dataOf, identity } from './networks.js';

const rows = [
  [3, 1, 2],
  [1, 3, 2],
  [Number.NaN, 9, 9],
  [1, 2, 3],
  [1, 2, 3],
];
const labels = [0, 1, 1, 0, 2]; // right, right, NaN, wrong, right

async function evaluated(options: InferenceOptions, candidate = options.baseline, time = false) {
  const inference = await openInference(options);
  try {
    return { ...(await inference.evaluate(candidate, { time })), batchSize: inference.batchSize };
  } finally {
    await inference.close();
  }
}

const refusal = async (baseline: Uint8Array, dataset = dataOf(rows, labels), options = {}) => {
  const error: unknown = await openInference({ baseline, dataset, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

const randomPictures = (count: number) => {
  const random = randomOf('test pictures');
  const pictures = Array.from({ length: count }, () => Array.from({ length: 768 }, () => random.normal()));
  return dataOf(
    pictures,
    pictures.map((_, i) => i % 10),
    [3, 16, 16],
  );
};

describe('evaluate', () => {
  it.each([1, 2, 3, 5, 99])('counts every sample once in batches of %i', async (batchSize) => {
    const result = await evaluated({ baseline: identity('n', 3), dataset: dataOf(rows, labels), batchSize });
    expect(result).toMatchObject({ accuracy: 0.6, correct: 3, count: 5, top5: 0.8 });
    expect([...result.predictions]).toEqual([0, 1, -1, 2, 2]);
    // class 0: TP 1 FN 1; class 1: TP 1 FN 1; class 2: TP 1 FP 1
    expect(result.macroF1).toBeCloseTo(2 / 3, 15);
    expect(result.time).toBeUndefined();
  });

  it.each([1, 2, 4, 8])('fills up batches for a model that fixes %i rows', async (size) => {
    const result = await evaluated({
      baseline: identity(size, 3),
      dataset: dataOf(rows, labels),
      batchSize: 3,
    });
    expect(result).toMatchObject({ batchSize: size, correct: 3, top5: 0.8 });
    expect([...result.predictions]).toEqual([0, 1, -1, 2, 2]);
  });

  it('takes a single sample', async () => {
    const result = await evaluated({ baseline: identity('n', 3), dataset: dataOf([[1, 2, 3]], [2]) });
    expect(result).toMatchObject({ accuracy: 1, count: 1 });
  });

  it('measures the candidate, not the baseline', async () => {
    const negated = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 3])],
      outputs: [valueInfo('y', 'float32', ['n', 3])],
      nodes: [node('Neg', ['x'], ['y'])],
    });
    for (const time of [false, true]) {
      const result = await evaluated(
        { baseline: identity('n', 3), dataset: dataOf(rows, labels), batchSize: 2 },
        negated,
        time,
      );
      expect([...result.predictions]).toEqual([1, 0, -1, 0, 0]);
    }
  });

  it('takes the first output of several, and passes initializers listed as inputs over', async () => {
    const baseline = bytesOf({
      irVersion: 3,
      inputs: [valueInfo('x', 'float32', ['n', 3]), valueInfo('shift', 'float32', [3])],
      outputs: [valueInfo('y', 'float32', ['n', 3]), valueInfo('z', 'float32', ['n', 3])],
      initializers: [tensor('shift', 'float32', [3], Float32Array.of(0, 0, 10))],
      nodes: [node('Add', ['x', 'shift'], ['y']), node('Neg', ['x'], ['z'])],
    });
    const result = await evaluated({ baseline, dataset: dataOf(rows, labels) });
    expect([...result.predictions]).toEqual([2, 2, -1, 2, 2]);
  });

  it('feeds float16 inputs and reads float16 scores', async () => {
    const baseline = bytesOf({
      inputs: [valueInfo('x', 'float16', ['n', 3])],
      outputs: [valueInfo('y', 'float16', ['n', 3])],
      nodes: [node('Identity', ['x'], ['y'])],
    });
    const result = await evaluated({ baseline, dataset: dataOf(rows, labels) });
    expect([...result.predictions]).toEqual([0, 1, -1, 2, 2]);
  });

  it('takes bytes in shared memory, and a view into a larger buffer', async () => {
    const plain = identity('n', 3);
    const shared = new Uint8Array(new SharedArrayBuffer(plain.length));
    shared.set(plain);
    const padded = new Uint8Array(plain.length + 20);
    padded.set(plain, 10);
    for (const bytes of [shared, padded.subarray(10, 10 + plain.length)])
      expect((await evaluated({ baseline: bytes, dataset: dataOf(rows, labels) })).correct).toBe(3);
  });

  it('times the candidate against the baseline, by median and quartiles', async () => {
    const dataset = dataOf(new Array(95).fill(rows[0]), new Array(95).fill(0));
    const result = await evaluated({ baseline: identity('n', 3), dataset, batchSize: 4 }, undefined, true);
    // 24 batches, 23 of them full: floor(24 / 2) - 3 pairs
    expect(result.timing).toMatchObject({ pairs: 9, batchSize: 4, ratio: result.time });
    expect(result.timing?.candidate).toBeGreaterThan(0);
    const [low, high] = result.timing?.quartiles ?? [1, 0];
    expect(low).toBeLessThanOrEqual(result.time!);
    expect(result.time).toBeLessThanOrEqual(high);
    expect(result.correct).toBe(95);
    const few = await evaluated(
      { baseline: identity('n', 3), dataset: dataOf(rows, labels) },
      undefined,
      true,
    );
    expect(few.timing).toMatchObject({ pairs: 5, batchSize: 5 });
    expect(few.correct).toBe(3);
  });

  it('accounts for its milliseconds: creation and runs lie within the total', async () => {
    const { milliseconds } = await evaluated({ baseline: convolutional(), dataset: randomPictures(20) });
    expect(milliseconds.create).toBeGreaterThan(0);
    expect(milliseconds.run).toBeGreaterThan(0);
    expect(milliseconds.create + milliseconds.run).toBeLessThanOrEqual(milliseconds.total);
  });

  it('stops between batches with the reason of the signal', async () => {
    const dataset = dataOf(new Array(500).fill(rows[0]), new Array(500).fill(0));
    const inference = await openInference({ baseline: identity('n', 3), dataset, batchSize: 1 });
    const controller = new AbortController();
    const later = (turns: number) => {
      if (turns === 0) controller.abort(new Error('enough'));
      else setImmediate(() => later(turns - 1));
    };
    later(20);
    await expect(inference.evaluate(identity('n', 3), { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    await expect(
      inference.evaluate(identity('n', 3), { signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
    expect((await inference.evaluate(identity('n', 3))).correct).toBe(500);
    await inference.close();
  });

  it('reports a candidate that can not be run as a failure of the run', async () => {
    const inference = await openInference({ baseline: identity('n', 3), dataset: dataOf(rows, labels) });
    const failure = async (bytes: Uint8Array) => {
      const error: unknown = await inference.evaluate(bytes).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(RunError);
      return (error as Error).message;
    };
    expect(await failure(new Uint8Array(50))).toMatch(/candidate could not be evaluated: .*protobuf/);
    const fewer = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 3])],
      outputs: [valueInfo('y', 'float32', ['n', 'k'])],
      initializers: [tensor('w', 'float32', [3, 2], new Float32Array(6))],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
    });
    expect(await failure(fewer)).toMatch(/3 classes as the baseline, got 2/);
    await inference.close();
    expect(await failure(identity('n', 3))).toMatch(/after close/);
    await inference.close();
  });
});

describe('openInference', () => {
  it('says what it runs on', async () => {
    const open = async (batch: number | string) => {
      const inference = await openInference({
        baseline: identity(batch, 3),
        dataset: dataOf(rows, labels),
        threads: 2,
      });
      await inference.close();
      return inference;
    };
    expect(await open('n')).toMatchObject({
      classes: 3,
      batchSize: 5,
      runtime: { provider: 'cpu', threads: 2 },
    });
    expect((await open('n')).runtime.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
    // batches of one run on one thread: the sums of a batch of one depend on the number of threads
    expect(await open(1)).toMatchObject({ batchSize: 1, runtime: { threads: 1 } });
  });

  it('takes 32 samples a batch, fewer of large ones', async () => {
    const batchSizeOf = async (side: number) => {
      const baseline = bytesOf({
        inputs: [valueInfo('x', 'float32', ['n', 1, side, side])],
        outputs: [valueInfo('y', 'float32', ['n', 1])],
        nodes: [node('GlobalAveragePool', ['x'], ['p']), node('Flatten', ['p'], ['y'])],
      });
      const dataset = {
        ...dataOf([[0]], [0], [1, side, side]),
        count: 100,
        labels: new Int32Array(100),
        read() {},
      };
      return (await evaluated({ baseline, dataset })).batchSize;
    };
    expect(await batchSizeOf(8)).toBe(32);
    expect(await batchSizeOf(256)).toBe(16);
    expect(await batchSizeOf(640)).toBe(8);
  });

  it('refuses bytes that are no model, with the reason of the runtime', async () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(100),
      Buffer.from('not a model'),
      convolutional().subarray(0, 900),
    ])
      expect(await refusal(bytes)).toMatch(/must be an ONNX file that ONNX Runtime [\d.]+ can load, got: \S/);
    const unknown = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 3])],
      outputs: [valueInfo('y', 'float32', ['n', 3])],
      nodes: [node('NoSuchOperator', ['x'], ['y'])],
    });
    expect(await refusal(unknown)).toMatch(/NoSuchOperator/);
  });

  it('refuses a model of more or fewer than one input', async () => {
    const two = bytesOf({
      inputs: [valueInfo('a', 'float32', ['n', 3]), valueInfo('b', 'float32', ['n', 3])],
      outputs: [valueInfo('y', 'float32', ['n', 3])],
      nodes: [node('Add', ['a', 'b'], ['y'])],
    });
    expect(await refusal(two)).toMatch(/one input, got 2 \(a, b\)/);
    const none = bytesOf({
      inputs: [],
      outputs: [valueInfo('y', 'float32', [3])],
      initializers: [tensor('w', 'float32', [3], new Float32Array(3))],
      nodes: [node('Neg', ['w'], ['y'])],
    });
    expect(await refusal(none)).toMatch(/one input, got 0/);
  });

  it('refuses an input of another shape or type, and takes free sizes', async () => {
    const passing = (type: 'float32' | 'int64', dims?: (number | string)[]) =>
      bytesOf({
        inputs: [valueInfo('x', type, dims)],
        outputs: [valueInfo('y', type)],
        nodes: [node('Identity', ['x'], ['y'])],
      });
    expect(await refusal(identity('n', 4))).toMatch(/samples of shape \[3\] .*, got \[n, 4\] in "x"/);
    expect(await refusal(passing('float32', ['n', 3, 3]))).toMatch(/shape \[3\] .*, got \[n, 3, 3\]/);
    expect(await refusal(passing('float32', ['n']))).toMatch(/got \[n\]/);
    expect(await refusal(passing('int64', ['n', 3]))).toMatch(/float32 or float16, got int64 in "x"/);
    expect((await evaluated({ baseline: identity('n', 'k'), dataset: dataOf(rows, labels) })).correct).toBe(
      3,
    );
    expect((await evaluated({ baseline: passing('float32'), dataset: dataOf(rows, labels) })).correct).toBe(
      3,
    );
  });

  it('refuses a model that fixes a batch of no samples, or of more than there is memory for', async () => {
    expect(await refusal(identity(0, 3))).toMatch(/at least one sample, got \[0, 3\] in "x"/);
    expect(await refusal(identity(2 ** 40, 3))).toMatch(
      /at most 2 GiB, got 1099511627776 samples of shape \[3\]/,
    );
  });

  it('refuses more than 256 threads', async () => {
    const dataset = dataOf(rows, labels);
    expect(await refusal(identity('n', 3), dataset, { threads: 257 })).toMatch(/at most 256, got 257/);
    expect(await refusal(identity('n', 3), dataset, { threads: 1e9 })).toMatch(/at most 256, got 1000000000/);
  });

  it('refuses a model whose free sizes turn out not to fit when it runs', async () => {
    const baseline = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 'k'])],
      outputs: [valueInfo('y', 'float32', ['n', 2])],
      initializers: [tensor('w', 'float32', [4, 2], new Float32Array(8))],
      nodes: [node('MatMul', ['x', 'w'], ['y'])],
    });
    expect(await refusal(baseline)).toMatch(/run on batches of shape \[5, 3\], got: \S/);
  });

  it('refuses an output that is not [batch, classes] scores', async () => {
    const giving = (name: string, type: 'float32' | 'int64', attributes: Record<string, number>) =>
      bytesOf({
        inputs: [valueInfo('x', 'float32', ['n', 3])],
        outputs: [valueInfo('y', type)],
        nodes: [node(name, ['x'], ['y'], attributes)],
      });
    expect(await refusal(giving('ArgMax', 'int64', { axis: 1 }))).toMatch(
      /scores as float32.*got int64 in "y"/,
    );
    expect(await refusal(giving('ReduceSum', 'float32', { keepdims: 0 }))).toMatch(
      /\[batch, classes\], got \[\]/,
    );
    expect(await refusal(giving('Transpose', 'float32', {}))).toMatch(/got \[3, 5\] for a batch of 5/);
  });

  it('refuses a label that is no class of the model', async () => {
    expect(await refusal(identity('n', 3), dataOf(rows, [0, 1, 3, 0, 0]))).toMatch(
      /one of the model's 3 classes \(0 \.\. 2\), got 3 for sample 2 of rows/,
    );
    expect(await refusal(identity('n', 3), dataOf(rows, [0, 1]))).toMatch(/one label a sample, 5, got 2/);
  });

  it.each([0, -1, 2.5, Number.NaN])('refuses %s threads or samples a batch', async (value) => {
    const dataset = dataOf(rows, labels);
    expect(await refusal(identity('n', 3), dataset, { threads: value })).toMatch(/threads .* from 1, got/);
    expect(await refusal(identity('n', 3), dataset, { batchSize: value })).toMatch(
      /batch size .* from 1, got/,
    );
  });
});

const shared = (path: string) => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url));
const model = shared('models/resnet20-cifar10.onnx');
const images = shared('data/cifar10/test_batch.bin');
const reference = shared('reference/pytorch-resnet20.json');
describe.skipIf(![model, images, reference].every((path) => existsSync(path)))(
  'evaluate on ResNet-20 (in ../shared, skipped where absent)',
  () => {
    it("has PyTorch's number of correct answers, within 3 of 1000", async () => {
      const { baseline } = JSON.parse(readFileSync(reference, 'utf8')) as { baseline: { correct: number } };
      const dataset = await readCifar10([images], { limit: 1000, ...(await readSidecar(model)) });
      const result = await evaluated({ baseline: readFileSync(model), dataset });
      expect(Math.abs(result.correct - baseline.correct)).toBeLessThanOrEqual(3);
    });
  },
);
