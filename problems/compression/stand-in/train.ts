import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { randomOf } from '../../../src/index.js';
import { loadRuntime, type RuntimeTensor } from '../inference/runtime.js';
import { writeModel } from '../onnx/write.js';
import { normalise, RECORD_BYTES, STAND_IN_MEAN, STAND_IN_STD, standInRecord } from './images.js';
import {
  inferenceModel,
  initialParameters,
  inputShape,
  type Network,
  type Parameter,
  STAND_IN_NETWORK,
} from './network.js';
import { CLASS_NAMES } from './shapes.js';
import { trainingModel } from './training-graph.js';

/** How the stand-in network of this folder was trained. */
const RECIPE: Recipe = {
  seed: 1,
  steps: 8_000,
  batch: 64,
  rate: 0.04,
  warmUp: 300,
  momentum: 0.9,
  weightDecay: 5e-4,
};

export interface Recipe {
  readonly seed: number;
  readonly steps: number;
  /** Pictures a step; every step sees new ones. */
  readonly batch: number;
  /** Learning rate at its highest: it rises linearly over `warmUp` steps, then falls to zero along half a cosine. */
  readonly rate: number;
  readonly warmUp: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/**
 * Trains a network on the stand-in images, in ONNX Runtime on one thread. The same recipe on the same machine and
 * version of the runtime gives the same weights. `report` hears the mean loss and accuracy of each stretch of `every`
 * steps.
 */
export async function train(
  network: Network,
  recipe: Recipe,
  report: (step: number, loss: number, accuracy: number) => void,
  every = 200,
): Promise<Parameter[]> {
  const runtime = await loadRuntime();
  const { seed, steps, batch } = recipe;
  const graph = writeModel(trainingModel(network, batch, recipe));
  const session = await runtime.create(graph, { intraOpNumThreads: 1 });
  const parameters = initialParameters(network, randomOf('stand-in weights', seed));
  const state = parameters.flatMap(({ name, dims, data }) => [
    { name, value: runtime.tensor('float32', data, dims) },
    { name: `${name}.velocity`, value: runtime.tensor('float32', new Float32Array(data.length), dims) },
  ]);
  const results = ['loss', 'correct', ...state.map(({ name }) => `${name}.next`)];
  const classes = CLASS_NAMES.length;
  const records = new Uint8Array(batch * RECORD_BYTES);
  const pixels = new Float32Array(batch * (RECORD_BYTES - 1));
  const oneHot = new Float32Array(batch * classes);
  const input = runtime.tensor('float32', pixels, [batch, ...inputShape(network)]);
  const target = runtime.tensor('float32', oneHot, [batch, classes]);
  const stretch = { loss: 0, correct: 0, steps: 0 };
  for (let step = 0; step < steps; step++) {
    oneHot.fill(0);
    for (let i = 0; i < batch; i++) {
      const record = records.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES);
      standInRecord('train', seed, step * batch + i, record);
      oneHot[i * classes + record[0]] = 1;
    }
    normalise(records, pixels);
    const rate = runtime.tensor('float32', Float32Array.of(rateAt(step, recipe)), []);
    const feeds = Object.fromEntries(state.map(({ name, value }) => [name, value]));
    const next = await session.run({ input, target, rate, ...feeds }, results);
    for (const entry of state) entry.value = next[`${entry.name}.next`];
    stretch.loss += valuesOf(next['loss'])[0];
    stretch.correct += valuesOf(next['correct'])[0];
    stretch.steps++;
    if (stretch.steps === every || step === steps - 1) {
      report(step + 1, stretch.loss / stretch.steps, stretch.correct / (stretch.steps * batch));
      Object.assign(stretch, { loss: 0, correct: 0, steps: 0 });
    }
  }
  await session.release();
  return parameters.map(({ name, dims }, index) => ({ name, dims, data: valuesOf(state[2 * index].value) }));
}

const valuesOf = ({ data }: RuntimeTensor) => data as Float32Array;

/** The learning rate of a step, from 0. */
export function rateAt(step: number, { rate, warmUp, steps }: Recipe): number {
  const rise = Math.min(1, (step + 1) / warmUp);
  const done = Math.max(0, (step - warmUp) / (steps - warmUp));
  return rate * rise * 0.5 * (1 + Math.cos(Math.PI * done));
}

/** How to feed the network and what its outputs mean, as JSON. */
function card(): string {
  const list = (values: readonly number[]) => `[${values.join(', ')}]`;
  const labels = CLASS_NAMES.map((name) => `    ${JSON.stringify(name)}`).join(',\n');
  return `{
  "mean": ${list(STAND_IN_MEAN)},
  "std": ${list(STAND_IN_STD)},
  "labels": [
${labels}
  ]
}
`;
}

async function main(folder: string): Promise<void> {
  const began = performance.now();
  const parameters = await train(STAND_IN_NETWORK, RECIPE, (step, loss, accuracy) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(
      `step ${step} of ${RECIPE.steps}, ${seconds} s: loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`,
    );
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'network.onnx'), writeModel(inferenceModel(STAND_IN_NETWORK, parameters)));
  await writeFile(join(folder, 'network.json'), card());
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  if (argv[2] === undefined) {
    console.error('usage: node train.js OUT_DIR');
    process.exitCode = 2;
  } else await main(argv[2]);
}
