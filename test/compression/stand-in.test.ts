import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../problems/compression/onnx/read.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import {
  RECORD_BYTES,
  STAND_IN_MEAN,
  STAND_IN_STD,
  standInDataset,
  standInRecords,
} from '../../problems/compression/stand-in/images.js';
import {
  inferenceModel,
  initialParameters,
  type Network,
  type Parameter,
  parameterShapes,
  STAND_IN_NETWORK,
} from '../../problems/compression/stand-in/network.js';
import { CLASS_NAMES } from '../../problems/compression/stand-in/shapes.js';
import { rateAt, train } from '../../problems/compression/stand-in/train.js';
import { trainingModel } from '../../problems/compression/stand-in/training-graph.js';
import { InputError, randomOf } from '../../src/index.js';

const folder = fileURLToPath(new URL('../../problems/compression/stand-in/', import.meta.url));
const hasRuntime = (() => {
  try {
    return existsSync(createRequire(import.meta.url).resolve('onnxruntime-node'));
  } catch {
    return false;
  }
})();
/** Skipped where onnxruntime-node is not installed: it is an optional dependency. */
const withRuntime = describe.skipIf(!hasRuntime);

describe('the stand-in images', () => {
  const records = standInRecords({ split: 'test', count: 300 });

  it('are the same every time and do not depend on how many are made', () => {
    const fewer = standInRecords({ split: 'test', count: 20, seed: 1 });
    expect(fewer).toEqual(records.slice(0, 20 * RECORD_BYTES));
  });

  it('differ between splits, seeds and indices', () => {
    const pictures = [
      ...[0, 1, 2, 3].map((i) => records.slice(i * RECORD_BYTES + 1, (i + 1) * RECORD_BYTES)),
      standInRecords({ split: 'train', count: 1 }).slice(1),
      standInRecords({ split: 'test', count: 1, seed: 2 }).slice(1),
    ];
    // mean distance of two unrelated pictures, far above the noise of one picture
    for (let i = 0; i < pictures.length; i++)
      for (let j = 0; j < i; j++) expect(meanDistance(pictures[i], pictures[j])).toBeGreaterThan(15);
  });

  it('show every class about equally often', () => {
    const counts = new Array<number>(CLASS_NAMES.length).fill(0);
    const { labels } = standInDataset({ split: 'test', count: 1000 });
    for (const label of labels) counts[label]++;
    // 100 expected; the standard deviation is 9.5
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(50);
  });

  it('are read by plane, normalised, from any place', () => {
    const dataset = standInDataset({ split: 'test', count: 300 });
    expect(dataset.sampleShape).toEqual([3, 32, 32]);
    const out = new Float32Array(2 * 3072).fill(Number.NaN);
    dataset.read(7, 2, out);
    expect(dataset.labels[8]).toBe(records[8 * RECORD_BYTES]);
    for (const [sample, channel, pixel] of [
      [0, 0, 0],
      [0, 2, 1023],
      [1, 1, 500],
      [1, 2, 1023],
    ]) {
      const byte = records[(7 + sample) * RECORD_BYTES + 1 + channel * 1024 + pixel];
      const expected = (byte / 255 - STAND_IN_MEAN[channel]) / STAND_IN_STD[channel];
      expect(out[sample * 3072 + channel * 1024 + pixel]).toBeCloseTo(expected, 5);
    }
  });

  it('fill the range of a byte: normalised, their mean is near 0 and their deviation near 1', () => {
    const out = new Float32Array(300 * 3072);
    standInDataset({ split: 'test', count: 300 }).read(0, 300, out);
    const mean = out.reduce((sum, value) => sum + value, 0) / out.length;
    const variance = out.reduce((sum, value) => sum + (value - mean) ** 2, 0) / out.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.1);
  });

  it.each([0, -1, 2.5, Number.NaN])('refuse a count of %s', (count) => {
    expect(() => standInDataset({ split: 'test', count })).toThrow(InputError);
  });
});

describe('the stand-in network', () => {
  const storedModel = () => readModel(readFileSync(`${folder}network.onnx`), 'network.onnx');

  it('has the shapes that its description says, and a card that says how to feed it', () => {
    const { irVersion, opsets, graph } = storedModel();
    expect([irVersion, opsets.map(({ version }) => version)]).toEqual([8, [17]]);
    expect(graph.initializers.map(({ name, dims }) => ({ name, dims }))).toEqual(
      parameterShapes(STAND_IN_NETWORK),
    );
    expect(JSON.parse(readFileSync(`${folder}network.json`, 'utf8'))).toEqual({
      mean: STAND_IN_MEAN,
      std: STAND_IN_STD,
      labels: CLASS_NAMES,
    });
  });

  withRuntime('in ONNX Runtime', () => {
    it('is right about 90 to 96 % of new images', async () => {
      const accuracy = await accuracyOf(storedParameters());
      expect(accuracy).toBeGreaterThanOrEqual(0.9);
      expect(accuracy).toBeLessThanOrEqual(0.96);
    });

    it('bears the loss of the smallest third of its weights, and not of nine tenths', async () => {
      const [whole, light, crushed] = await Promise.all(
        [0, 0.3, 0.9].map((share) => accuracyOf(storedParameters().map((p) => withoutSmallest(p, share)))),
      );
      expect(light).toBeGreaterThan(whole - 0.03);
      expect(crushed).toBeLessThan(whole - 0.3);
    });
  });

  function storedParameters(): Parameter[] {
    return storedModel().graph.initializers.map(({ name, dims, rawData }) => ({
      name,
      dims,
      data: new Float32Array(Uint8Array.from(rawData!).buffer),
    }));
  }
});

withRuntime('the training graph', () => {
  // both strides, an odd side, the flattening, a hidden and a last linear layer
  const network: Network = [
    { kind: 'conv', name: 'a', inputs: 2, outputs: 3, stride: 1, side: 7 },
    { kind: 'conv', name: 'b', inputs: 3, outputs: 4, stride: 2, side: 7 },
    { kind: 'conv', name: 'c', inputs: 4, outputs: 3, stride: 2, side: 4 },
    { kind: 'linear', name: 'd', inputs: 12, outputs: 5 },
    { kind: 'linear', name: 'e', inputs: 5, outputs: 3 },
  ];

  it('has the gradients that finite differences give', async () => {
    const step = await stepper(network, 4, { momentum: 0.9, weightDecay: 0 });
    const random = randomOf('gradient check');
    const parameters = initialParameters(network, random).map((p) => ({
      ...p,
      data: p.dims.length > 1 ? p.data : p.data.map(() => 0.3 * random.normal()),
    }));
    const input = Float32Array.from({ length: 4 * 2 * 49 }, () => random.normal());
    const target = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 0.25, 0.25);
    const { gradients } = await step(input, target, parameters);
    const width = 2 ** -10;
    for (const [index, { data }] of parameters.entries()) {
      for (let n = 0; n < 12; n++) {
        const at = random.integer(data.length);
        const lossAt = async (value: number) => {
          const moved = parameters.map((p) => ({ ...p, data: p.data.slice() }));
          moved[index].data[at] = value;
          return (await step(input, target, moved)).loss;
        };
        const slope = ((await lossAt(data[at] + width)) - (await lossAt(data[at] - width))) / (2 * width);
        // the loss is a float32 near 1, and a ReLU may bend between the two points
        expect(Math.abs(gradients[index][at] - slope), parameters[index].name).toBeLessThan(
          1e-3 + 0.02 * Math.abs(slope),
        );
      }
    }
    await step.release();
  });

  it('moves weights by velocity and decay as stated', async () => {
    const tiny: Network = [{ kind: 'linear', name: 'only', inputs: 1, outputs: 2 }];
    const step = await stepper(tiny, 1, { momentum: 0.5, weightDecay: 0.1 });
    const parameters: Parameter[] = [
      { name: 'only.weight', dims: [2, 1], data: Float32Array.of(1, 1) },
      { name: 'only.bias', dims: [2], data: Float32Array.of(2, 2) },
    ];
    // equal logits: softmax is 1/2 each, so the gradient of the logits is (-1/2, 1/2), of the weights 3 times as much
    const { loss, gradients, next } = await step(
      Float32Array.of(3),
      Float32Array.of(1, 0),
      parameters,
      0.1,
      4,
    );
    expect(loss).toBeCloseTo(Math.log(2), 6);
    // velocity' = 0.5 * 4 + gradient + 0.1 * weight, without the last term for the bias
    expectClose(gradients[0], [2 - 1.5 + 0.1, 2 + 1.5 + 0.1]);
    expectClose(gradients[1], [2 - 0.5, 2 + 0.5]);
    expectClose(next[0], [1 - 0.06, 1 - 0.36]);
    expectClose(next[1], [2 - 0.15, 2 - 0.25]);
    await step.release();
  });

  it('learns a handful of samples by heart', async () => {
    const step = await stepper(network, 6, { momentum: 0, weightDecay: 0 });
    const random = randomOf('by heart');
    const input = Float32Array.from({ length: 6 * 2 * 49 }, () => random.normal());
    const target = Float32Array.from({ length: 18 }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0));
    let parameters = initialParameters(network, random);
    const losses: number[] = [];
    const counts: number[] = [];
    for (let n = 0; n < 400; n++) {
      const { loss, correct, next } = await step(input, target, parameters, 0.05);
      parameters = parameters.map((p, i) => ({ ...p, data: next[i] }));
      losses.push(loss);
      counts.push(correct);
    }
    expect(losses[0]).toBeGreaterThan(0.8);
    expect(losses[399]).toBeLessThan(0.1);
    expect(counts[399]).toBe(6);
    await step.release();
  });

  it('is followed to the same weights by the same recipe, and to others from another seed', async () => {
    const small: Network = [
      { kind: 'conv', name: 'conv', inputs: 3, outputs: 4, stride: 2, side: 32 },
      { kind: 'linear', name: 'fc', inputs: 4 * 256, outputs: 10 },
    ];
    const recipe = { seed: 3, steps: 25, batch: 8, rate: 0.01, warmUp: 5, momentum: 0.9, weightDecay: 1e-4 };
    const heard: number[] = [];
    const first = await train(small, recipe, (step) => heard.push(step), 10);
    expect(heard).toEqual([10, 20, 25]);
    expect(await train(small, recipe, () => {})).toEqual(first);
    expect(await train(small, { ...recipe, seed: 4 }, () => {})).not.toEqual(first);
  });

  it('is taught at a rate that rises in a line and falls along half a cosine', () => {
    const recipe = { seed: 1, steps: 110, batch: 1, rate: 2, warmUp: 10, momentum: 0, weightDecay: 0 };
    expect(rateAt(0, recipe)).toBeCloseTo(0.2, 12);
    expect(rateAt(9, recipe)).toBeCloseTo(2, 12);
    expect(rateAt(60, recipe)).toBeCloseTo(1, 12);
    expect(rateAt(109, recipe)).toBeLessThan(0.001);
  });
});

/** Top-1 accuracy of the stand-in network with these parameters on the first 1000 test images. */
async function accuracyOf(parameters: readonly Parameter[]): Promise<number> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(writeModel(inferenceModel(STAND_IN_NETWORK, parameters)), {
    intraOpNumThreads: 1,
  });
  const dataset = standInDataset({ split: 'test', count: 1000 });
  const input = new Float32Array(1000 * 3072);
  await dataset.read(0, 1000, input);
  const { logits } = await session.run({ input: new Tensor('float32', input, [1000, 3, 32, 32]) });
  await session.release();
  const scores = logits.data as Float32Array;
  let right = 0;
  for (let i = 0; i < 1000; i++) {
    const row = scores.subarray(i * 10, i * 10 + 10);
    if (row.indexOf(Math.max(...row)) === dataset.labels[i]) right++;
  }
  return right / 1000;
}

/** The parameter with its smallest magnitudes set to zero. */
function withoutSmallest({ name, dims, data }: Parameter, share: number): Parameter {
  const magnitudes = data.map(Math.abs).sort();
  const floor = magnitudes[Math.round(share * data.length)];
  return { name, dims, data: data.map((value) => (Math.abs(value) < floor ? 0 : value)) };
}

/** One training step as a function; every velocity starts from `velocity`. */
async function stepper(network: Network, batch: number, options: { momentum: number; weightDecay: number }) {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(writeModel(trainingModel(network, batch, options)), {
    intraOpNumThreads: 1,
  });
  const first = network[0];
  const shape = first.kind === 'conv' ? [first.inputs, first.side, first.side] : [first.inputs];
  const step = async (
    input: Float32Array,
    target: Float32Array,
    parameters: readonly Parameter[],
    rate = 0,
    velocity = 0,
  ) => {
    const feeds = parameters.flatMap(({ name, dims, data }) => [
      [name, new Tensor('float32', data, dims)] as const,
      [
        `${name}.velocity`,
        new Tensor('float32', new Float32Array(data.length).fill(velocity), dims),
      ] as const,
    ]);
    const results = await session.run({
      ...Object.fromEntries(feeds),
      input: new Tensor('float32', input, [batch, ...shape]),
      target: new Tensor('float32', target, [batch, target.length / batch]),
      rate: new Tensor('float32', Float32Array.of(rate), []),
    });
    const data = (name: string) => results[name].data as Float32Array;
    return {
      loss: data('loss')[0],
      correct: data('correct')[0],
      gradients: parameters.map(({ name }) => data(`${name}.velocity.next`)),
      next: parameters.map(({ name }) => data(`${name}.next`)),
    };
  };
  return Object.assign(step, { release: () => session.release() });
}

function meanDistance(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}
