import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quantizationChoices } from '../../../problems/compression/full/quantization-choices.js';
import {
  applyFullPlan,
  type CompressionProblem,
  checkFullPlan,
  compressionProblem,
  type FullPlan,
  loadModel,
  openInference,
  STAND_IN_MODEL,
  standInDataset,
} from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { encode, InputError, latinHypercube, optimize, randomOf } from '../../../src/index.js';
import { scratchFolder } from '../data/scratch-folder.js';
import { bytesOf, convolutional, dataOf } from '../inference/networks.js';

const dataset = standInDataset({ split: 'test', count: 100 });
const calibration = standInDataset({ split: 'train', count: 24 });
const full = { model: STAND_IN_MODEL, dataset, calibration, space: 'full', threads: 1 } as const;

describe('the full space of the stand-in network', () => {
  let compression: CompressionProblem;
  beforeAll(async () => {
    compression = await compressionProblem(full);
  }, 60_000);
  afterAll(() => compression.close());
  const at = (values: Readonly<Record<string, unknown>>) =>
    encode(compression.problem.variables, { ...untouched, ...values } as never);
  const untouched = {
    keep1: 6,
    keep2: 8,
    keep3: 8,
    keep4: 8,
    criterion: 'l1',
    recovery: 'least-squares',
    quantization: 'float',
    calibration: 'min-max',
    float: 'none',
  };

  it('optimises accuracy, size and time, in 8 to 16 variables', () => {
    expect(compression.problem.objectives.map(({ name }) => name)).toEqual(['accuracy', 'size', 'time']);
    expect(compression.problem.space.length).toBeGreaterThanOrEqual(8);
    expect(compression.problem.space.length).toBeLessThanOrEqual(16);
    expect(compression.facts).toMatchObject({
      space: 'full',
      calibration: calibration.name,
      calibrationImages: 24,
    });
  });

  it('leaves the network as it is where everything is kept in float', async () => {
    const { metrics, nonZero, total } = await compression.measure(at({}));
    const { time: _, ...measured } = metrics;
    const { time: __, ...baseline } = compression.baseline;
    expect(measured).toEqual(baseline);
    expect([metrics.nonZeroRate, nonZero]).toEqual([1, total]);
  });

  it('counts what left with a channel as zero, of all that was there', async () => {
    const { metrics, total, tensors } = await compression.measure(at({ keep4: 4 }));
    // fc2 is 96 x 64 and fc3 64 x 10: half the neurons between them leave, with their biases.
    expect(total).toBe(151_930);
    expect(total * (1 - metrics.nonZeroRate)).toBeCloseTo(32 * (96 + 1 + 10), 6);
    const left = Object.fromEntries(tensors.map(({ name, nonZero }) => [name, nonZero]));
    expect(left).toMatchObject({ 'fc2.weight': 32 * 96, 'fc2.bias': 32, 'fc3.weight': 320, 'fc3.bias': 10 });
  });

  it('makes of any vector a network that the runtime runs, smaller than the original', {
    timeout: 120_000,
  }, async () => {
    const { space } = compression.problem;
    const x = latinHypercube(space, 6, randomOf('vectors'));
    const inference = await openInference({ baseline: writeModel(loadModel(STAND_IN_MODEL)), dataset });
    for (let row = 0; row < 6; row++) {
      const vector = x.subarray(row * space.length, (row + 1) * space.length);
      const { plan, bytes } = await compression.candidate(vector);
      expect(checkFullPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      expect((await inference.evaluate(bytes)).count).toBe(100);
      expect(bytes.length).toBeLessThanOrEqual(compression.baseline.size);
    }
    await inference.close();
  });

  it('makes the bytes that the plan makes anywhere else', async () => {
    const x = at({ keep3: 4, recovery: 'least-squares', quantization: 'static int8 per channel' });
    const { plan, bytes, notes } = await compression.candidate(x);
    const again = await applyFullPlan(loadModel(STAND_IN_MODEL), plan as FullPlan, {
      calibration,
      threads: 1,
    });
    expect(Buffer.from(writeModel(again.model)).equals(bytes)).toBe(true);
    expect(notes).toEqual(again.notes);
    expect(compression.layerRates(x)).toBe(undefined);
  });

  it('pays once for vectors that mean the same plan', async () => {
    const problem = compression.problem as Parameters<typeof optimize>[0];
    const same = [at({ quantization: 'static int8' }), at({ quantization: 'static int8', criterion: 'l2' })];
    const run = await optimize(problem, { seeds: same, budget: 2, initial: 1 });
    const plans = await Promise.all(
      run.evaluations.map(async ({ x }) => JSON.stringify((await compression.candidate(x)).plan)),
    );
    expect(plans).toHaveLength(2);
    expect(plans[1]).not.toBe(plans[0]);
  });

  it('begins with vectors of its own domain, and refuses others', async () => {
    for (const x of compression.seeds) expect(x).toHaveLength(compression.problem.space.length);
    await expect(compression.measure([9, ...at({}).slice(1)])).rejects.toThrow(
      'keep1 must be a whole number in [3, 6], got 9',
    );
  });
});

describe('the full space', () => {
  it('has zeros where an objective sees them', async () => {
    const compression = await compressionProblem({ ...full, objectives: ['accuracy', 'nonZeroRate'] });
    try {
      const { variables } = compression.problem;
      expect(variables).toHaveProperty('zeros');
      const values = Object.fromEntries(
        Object.entries(variables).map(([name, variable]) => [
          name,
          variable.kind === 'choice'
            ? variable.values[0]
            : variable.kind === 'integer'
              ? variable.upper
              : 0.5,
        ]),
      );
      const { metrics, plan } = await compression.measure(encode(variables, values as never));
      expect(plan).toMatchObject({ zeros: { share: 0.5, scope: 'layer' } });
      // Half of every weight; the 298 biases of 151,930 numbers stay.
      expect(metrics.nonZeroRate).toBeCloseTo(0.5, 2);
    } finally {
      await compression.close();
    }
  });

  it('sets apart the last eighth of the data to calibrate with, where there are no others', async () => {
    const compression = await compressionProblem({ ...full, calibration: undefined });
    await compression.close();
    expect(compression.measuredOn).toMatchObject({ images: 88 });
    expect(compression.facts).toMatchObject({ calibrationImages: 12 });
  });

  it('measures solutions once more on images for the report', async () => {
    const report = standInDataset({ split: 'test', count: 60, seed: 9 });
    const compression = await compressionProblem({ ...full, report });
    try {
      const { bytes } = await compression.candidate(compression.seeds[0]);
      const { accuracy, baseline, agreement } = await compression.report!.measure(bytes);
      const inference = await openInference({
        baseline: writeModel(loadModel(STAND_IN_MODEL)),
        dataset: report,
      });
      expect(baseline).toBe((await inference.evaluate(writeModel(loadModel(STAND_IN_MODEL)))).accuracy);
      expect(accuracy).toBe((await inference.evaluate(bytes)).accuracy);
      expect(agreement).toBeGreaterThan(0.8);
      await inference.close();
    } finally {
      await compression.close();
    }
  });

  it('refuses images that measure and calibrate, or that measure in the search and for the report', async () => {
    const same = { ...dataset, name: 'others' };
    await expect(compressionProblem({ ...full, calibration: same })).rejects.toThrow(
      'the images that calibrate must be others than those that measure, got 100 among both',
    );
    await expect(
      compressionProblem({ ...full, space: 'classic', calibration: undefined, report: same }),
    ).rejects.toThrow(
      'the images that are for the report must be others than those that measure, got 100 among both',
    );
  });

  it('refuses an unknown space, and calibration images for the classic one', async () => {
    await expect(compressionProblem({ ...full, space: 'wide' as never })).rejects.toThrow(
      'the space must be one of classic, full, got "wide"',
    );
    await expect(compressionProblem({ ...full, space: 'classic' })).rejects.toThrow(
      'calibration images are for the space "full", got them for "classic"',
    );
  });
});

describe('a network that not everything can be done to', () => {
  const folder = scratchFolder();
  const pixels = 3 * 16 * 16;
  const random = randomOf('images');
  const images = dataOf(
    Array.from({ length: 16 }, () => Array.from({ length: pixels }, () => random.normal())),
    Array.from({ length: 16 }, (_, i) => i % 10),
    [3, 16, 16],
  );
  const open = async (name: string, bytes: Uint8Array, data = images) => {
    const model = join(folder, `${name}.onnx`);
    writeFileSync(model, bytes);
    return compressionProblem({ model, dataset: data, space: 'full', threads: 1 });
  };

  it('of an old operator set is offered the rest: each kind of numbers, or a note why not', async () => {
    const model = loadModel(STAND_IN_MODEL);
    const old = { ...model, opsets: model.opsets.map((opset) => ({ ...opset, version: 9 })) };
    const compression = await open('old', writeModel(old), standInDataset({ split: 'test', count: 20 }));
    await compression.close();
    const { keep1, quantization } = compression.problem.variables;
    expect(keep1).toBeDefined();
    const offered = quantization?.kind === 'choice' ? quantization.values : ['float'];
    for (const { name } of quantizationChoices)
      expect(
        offered.includes(name) || compression.notes.some((note) => note.startsWith(`${name} is left out: `)),
      ).toBe(true);
  });

  it('is not offered what makes the file hardly smaller', async () => {
    // 1,000 of some 80,000 weights are in a layer that dynamic int8 knows.
    const weights = { conv: [96, 96, 3, 3], last: [96, 10] };
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 96, 4, 4])],
      outputs: [valueInfo('y', 'float32', ['n', 10])],
      initializers: Object.entries(weights).map(([name, dims]) =>
        tensor(
          name,
          'float32',
          dims,
          Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal()),
        ),
      ),
      nodes: [
        node('Conv', ['x', 'conv'], ['c']),
        node('GlobalAveragePool', ['c'], ['p']),
        node('Flatten', ['p'], ['f']),
        node('MatMul', ['f', 'last'], ['y']),
      ],
    });
    const noise = dataOf(
      Array.from({ length: 24 }, () => Array.from({ length: 96 * 16 }, () => random.normal())),
      Array.from({ length: 24 }, (_, i) => i % 10),
      [96, 4, 4],
    );
    const compression = await open('convolutions', writeModel(model), noise);
    await compression.close();
    expect(compression.notes).toContain('dynamic int8 is left out: it makes the file hardly smaller');
  });

  it('with channels that nothing is known of is offered its quantizations', async () => {
    const weights = tensor(
      'w',
      'float32',
      [64, 64],
      Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)),
    );
    const bytes = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 64])],
      outputs: [valueInfo('y', 'float32', ['n', 64])],
      initializers: [weights],
      nodes: [node('Softmax', ['x'], ['s']), node('MatMul', ['s', 'w'], ['y'])],
    });
    const rows = dataOf(
      Array.from({ length: 16 }, () => Array.from({ length: 64 }, () => random.normal())),
      Array(16).fill(0),
    );
    const compression = await open('product', bytes, rows);
    await compression.close();
    expect(compression.notes).toContain('no channels can be removed: none are wide enough and free to go');
    expect(Object.keys(compression.problem.variables)).toEqual(['quantization', 'calibration']);
  });

  it('with nothing to remove and nothing to quantize is refused in a sentence', async () => {
    const bytes = bytesOf({
      inputs: [valueInfo('x', 'float32', ['n', 10])],
      outputs: [valueInfo('y', 'float32', ['n', 10])],
      nodes: [node('Relu', ['x'], ['y'])],
    });
    const opening = open('relu', bytes, dataOf(Array(8).fill(Array(10).fill(1)), Array(8).fill(0)));
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(
      /^a model must have channels or residual blocks to remove or layers to quantize, got none in ".*relu\.onnx" \(/,
    );
  });

  it('of several inputs is refused in a sentence', async () => {
    const model = loadModel(STAND_IN_MODEL);
    const [input] = model.graph.inputs;
    const inputs = [input, { ...input, name: 'other' }];
    const bytes = writeModel({ ...model, graph: { ...model.graph, inputs } });
    await expect(open('two', bytes, standInDataset({ split: 'test', count: 20 }))).rejects.toThrow(
      'the model must have one input, got 2 (input, other)',
    );
  });

  it('without a clock is optimised for accuracy and size', async () => {
    const compression = await compressionProblem({ ...full, untimed: true });
    await compression.close();
    expect(compression.problem.objectives.map(({ name }) => name)).toEqual(['accuracy', 'size']);
  });

  it('with an operator of another domain keeps the channels before it, and says so', async () => {
    const model = loadModel(STAND_IN_MODEL);
    const [standard] = model.opsets;
    const { nodes } = model.graph;
    const relu = nodes.findIndex(({ opType }) => opType === 'Relu');
    const changed = nodes.map((each, i) =>
      i === relu ? { ...each, opType: 'QuickGelu', domain: 'com.microsoft' } : each,
    );
    const compression = await open(
      'domain',
      writeModel({
        ...model,
        opsets: [...model.opsets, { ...standard, domain: 'com.microsoft', version: 1 }],
        graph: { ...model.graph, nodes: changed },
      }),
      standInDataset({ split: 'test', count: 20 }),
    );
    await compression.close();
    expect(compression.notes).toContain('channels before QuickGelu conv1.active stay: it may mix them');
  });

  it('without names of nodes is searched all the same', async () => {
    const compression = await open('plain', convolutional());
    await compression.close();
    expect(compression.problem.space.names.slice(0, 2)).toEqual(['keep1', 'keep2']);
  });
});

it('leaves quantization out where no objective sees it', async () => {
  const compression = await compressionProblem({ ...full, objectives: ['accuracy', 'packedSize'] });
  try {
    expect(Object.keys(compression.problem.variables)).not.toContain('quantization');
    expect(compression.notes).toContain('quantization is left out: none of the objectives sees it');
    for (const x of compression.seeds)
      expect((await compression.candidate(x)).plan).not.toHaveProperty('quantization');
  } finally {
    await compression.close();
  }
}, 120_000);
