import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCifar10 } from '../../../problems/compression/data/cifar10.js';
import type { Dataset } from '../../../problems/compression/data/dataset.js';
import { observeActivations } from '../../../problems/compression/inference/activations.js';
import { openInference } from '../../../problems/compression/inference/evaluator.js';
import { optimizedOperators } from '../../../problems/compression/inference/optimized-graph.js';
import { buildModel, float, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import type { Model, Node, Tensor } from '../../../problems/compression/onnx/model.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import {
  type CalibrationMethod,
  calibrationMethods,
  quantizationOf,
} from '../../../problems/compression/quantization/activation-range.js';
import {
  activationsToObserve,
  quantizeStatic,
  type StaticInt8Options,
} from '../../../problems/compression/quantization/static-int8.js';
import { staticPlanOf } from '../../../problems/compression/quantization/static-plan.js';
import { InputError, randomOf } from '../../../src/index.js';
import { furthest, runOnnx } from '../run-onnx.js';

const normal = (size: number, scale: number) => {
  const random = randomOf('static int8', size);
  return Float32Array.from({ length: size }, () => scale * random.normal());
};
const weight = (name: string, dims: readonly number[]) => {
  const size = dims.reduce((a, b) => a * b);
  return tensor(name, 'float32', dims, normal(size, Math.sqrt(2 / (size / dims[0]))));
};

/** Every pattern at once: convolutions with Relu and Clip, a residual Add, Concat, both poolings, a grouped convolution, products. */
const network = (opset = 17) =>
  buildModel({
    opset,
    inputs: [valueInfo('x', 'float32', ['batch', 3, 12, 12])],
    outputs: [valueInfo('y', 'float32', ['batch', 5])],
    initializers: [
      weight('w1', [8, 3, 3, 3]),
      weight('w2', [8, 8, 3, 3]),
      weight('w3', [8, 1, 3, 3]),
      weight('w4', [24, 16]),
      weight('w5', [24, 12]),
      weight('w6', [12, 5]),
      tensor('b1', 'float32', [8], normal(8, 0.3)),
      tensor('b4', 'float32', [24], normal(24, 0.3)),
      tensor('b5', 'float32', [12], normal(12, 0.3)),
      tensor('zero', 'float32', [], Float32Array.of(0)),
      tensor('six', 'float32', [], Float32Array.of(6)),
    ],
    nodes: [
      node('Conv', ['x', 'w1', 'b1'], ['c1'], { pads: [1, 1, 1, 1] }, { name: 'stem' }),
      node('Relu', ['c1'], ['r1']),
      node('Conv', ['r1', 'w2'], ['c2'], { pads: [1, 1, 1, 1] }, { name: 'body' }),
      node('Add', ['c2', 'r1'], ['a2']),
      node('Relu', ['a2'], ['r2']),
      node('Conv', ['r2', 'w3'], ['c3'], { pads: [1, 1, 1, 1], group: 8 }, { name: 'depthwise' }),
      node('Clip', ['c3', 'zero', 'six'], ['r3']),
      node('Concat', ['r2', 'r3'], ['cat'], { axis: 1 }),
      node('MaxPool', ['cat'], ['pool'], { kernel_shape: [2, 2], strides: [2, 2] }),
      node('GlobalAveragePool', ['pool'], ['mean']),
      node('Flatten', ['mean'], ['flat']),
      node('Gemm', ['flat', 'w4', 'b4'], ['g4'], { transB: 1 }, { name: 'first' }),
      node('Relu', ['g4'], ['r4']),
      node('MatMul', ['r4', 'w5'], ['m5'], {}, { name: 'second' }),
      node('Add', ['m5', 'b5'], ['a5']),
      node('Relu', ['a5'], ['r5']),
      node('Gemm', ['r5', 'w6'], ['y'], {}, { name: 'head' }),
    ],
  });

const COUNT = 48;
const pictures = normal(COUNT * 3 * 12 * 12, 1);
const dataset: Dataset = {
  name: 'noise',
  count: COUNT,
  sampleShape: [3, 12, 12],
  labels: new Int32Array(COUNT),
  read: (first, count, out) => out.set(pictures.subarray(first * 432, (first + count) * 432)),
};

async function quantized(
  model: Model,
  method: CalibrationMethod = 'min-max',
  options: Partial<StaticInt8Options> = {},
) {
  const names = activationsToObserve(model, options.exclude);
  const statistics = await observeActivations(model, names, dataset, { threads: 1 });
  const activations = new Map([...statistics].map(([name, seen]) => [name, quantizationOf(seen, method)]));
  return quantizeStatic(model, { activations, perChannel: true, ...options });
}

const operatorsOf = (model: Model) => optimizedOperators(writeModel(model));

const scores = async (model: Model) =>
  (await runOnnx(writeModel(model), { x: { data: pictures, dims: [COUNT, 3, 12, 12] } })).y;

describe('static int8 quantization', () => {
  test.each([true, false])('runs on integer kernels alone, per channel: %s', async (perChannel) => {
    const { model, notes } = await quantized(network(), 'min-max', { perChannel });
    const operators = await operatorsOf(model);
    expect(notes).toEqual([]);
    expect(operators).toMatchObject({
      QLinearConv: 3,
      QGemm: 3,
      QLinearConcat: 1,
      QLinearGlobalAveragePool: 1,
    });
    for (const real of ['Conv', 'Gemm', 'MatMul', 'Concat', 'Relu', 'Clip', 'GlobalAveragePool'])
      expect(operators).not.toHaveProperty(real);
  });

  test.each(calibrationMethods)('answers nearly as the float network, calibrated by %s', async (method) => {
    const float32 = await scores(network());
    const int8 = await scores((await quantized(network(), method)).model);
    const size = Math.max(...float32.map(Math.abs));
    expect(furthest(float32, int8)).toBeLessThan(0.08 * size);
    expect(furthest(float32, int8)).toBeGreaterThan(0);
  });

  test('what is computed with in float alone stays in float, but for what makes less of it', () => {
    const model = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 3, 4, 4])],
      outputs: [valueInfo('y', 'float32'), valueInfo('z', 'float32')],
      initializers: [weight('w', [8, 3, 3, 3])],
      nodes: [
        node('Conv', ['x', 'w'], ['c']),
        node('Relu', ['c'], ['r']),
        node('Mul', ['r', 'r'], ['square']),
        node('Flatten', ['square'], ['flat']),
        node('Sqrt', ['flat'], ['y']),
        node('GlobalAveragePool', ['r'], ['mean']),
        node('Exp', ['mean'], ['z']),
      ],
    });
    expect([...staticPlanOf(model, new Set()).values.keys()]).toEqual(['x', 'r', 'mean']);
  });

  test('reduced range keeps weights in [-63, 63]', async () => {
    const { model } = await quantized(network(), 'min-max', { reducedRange: true });
    const weights = model.graph.initializers.filter(({ name }) => /^w\d_q$/.test(name));
    expect(weights.length).toBe(6);
    for (const { rawData } of weights) expect(Math.max(...new Int8Array(rawData!).map(Math.abs))).toBe(63);
  });

  test('leaves excluded layers in float', async () => {
    const { model } = await quantized(network(), 'min-max', { exclude: new Set(['body', 'head']) });
    const { nodes, initializers } = model.graph;
    expect(nodes.filter(({ inputs }) => inputs[1] === 'w2' || inputs[1] === 'w6').length).toBe(2);
    expect(initializers.some(({ name }) => name === 'w1')).toBe(false);
    expect(furthest(await scores(network()), await scores(model))).toBeLessThan(1);
  });

  test('notes what it cannot quantize, and quantizes the rest', async () => {
    const model = network();
    const nodes = model.graph.nodes.map((old) =>
      old.name === 'first'
        ? node('Gemm', old.inputs, old.outputs, { transB: 1, alpha: float(0.5) }, { name: 'first' })
        : old,
    );
    const { notes, model: changed } = await quantized({ ...model, graph: { ...model.graph, nodes } });
    expect(notes).toEqual(['Gemm first stays in float: it has factors']);
    expect(await operatorsOf(changed)).toMatchObject({ QLinearConv: 3, QGemm: 2 });
  });

  test('what a layer reads may be an output of the network too, which stays in float', async () => {
    const { graph: inner, ...model } = network();
    const outputs = [valueInfo('flat', 'float32', ['batch', 16]), ...inner.outputs];
    const watched = { ...model, graph: { ...inner, outputs } };
    const { model: changed, notes } = await quantized(watched);
    expect(notes).toEqual([]);
    expect(await operatorsOf(changed)).toMatchObject({ QLinearConv: 3, QGemm: 3 });
    const pixels = { x: { data: pictures, dims: [COUNT, 3, 12, 12] } };
    const [before, after] = [
      await runOnnx(writeModel(watched), pixels),
      await runOnnx(writeModel(changed), pixels),
    ];
    for (const name of ['flat', 'y'])
      expect(furthest(before[name], after[name])).toBeLessThan(
        0.08 * Math.max(...before[name].map(Math.abs)),
      );
  });

  test('refuses an operator set older than 13, and a missing range', async () => {
    expect(() => activationsToObserve(network(12))).toThrow(
      new InputError('static quantization needs a model of operator set 13 or later, got 12'),
    );
    expect(() => quantizeStatic(network(), { activations: new Map(), perChannel: true })).toThrow(
      new InputError('static quantization needs the range of every activation, got none for "x"'),
    );
  });

  /** A convolution `c` of the picture, these nodes, and a mean `y` of what they call `z`. */
  const between = (nodes: readonly Node[], initializers: readonly Tensor[] = []) =>
    buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['batch', 3, 12, 12])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [weight('w', [8, 3, 3, 3]), weight('v', [8, 8, 1, 1]), ...initializers],
      nodes: [
        node('Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1] }),
        ...nodes,
        node('Conv', ['z', 'v'], ['d']),
        node('GlobalAveragePool', ['d'], ['m']),
        node('Flatten', ['m'], ['y']),
      ],
    });
  const gate = (activation: string) => [
    node('Relu', ['c'], ['r']),
    node('GlobalAveragePool', ['r'], ['p']),
    node('Conv', ['p', 'v'], ['e']),
    node(activation, ['e'], ['g']),
    node('Mul', ['r', 'g'], ['z']),
  ];
  const parts = tensor('parts', 'int64', [2], BigInt64Array.of(3n, 5n));
  const ends = [0n, 0n, 4n].map((end, i) => tensor(`i${i}`, 'int64', [1], BigInt64Array.of(end)));

  test.each<[string, Node[], Tensor[], Record<string, number>]>([
    ['a gate of Sigmoid', gate('Sigmoid'), [], { QLinearSigmoid: 1, QLinearMul: 1 }],
    ['a gate of HardSigmoid', gate('HardSigmoid'), [], { QLinearMul: 1, QuantizeLinear: 1 }],
    [
      'a gate behind HardSwish',
      [node('HardSwish', ['c'], ['r']), ...gate('Sigmoid').slice(1)],
      [],
      { HardSigmoid: 1, QLinearMul: 1, QLinearGlobalAveragePool: 2, DequantizeLinear: 2 },
    ],
    ['a leaking Relu', [node('LeakyRelu', ['c'], ['z'])], [], { QLinearLeakyRelu: 1 }],
    [
      'Sigmoid times its input',
      [node('Sigmoid', ['c'], ['s']), node('Mul', ['c', 's'], ['z'])],
      [],
      { QLinearSigmoid: 1, QLinearMul: 1 },
    ],
    [
      'parts and their joining',
      [
        node('Split', ['c', 'parts'], ['c1', 'c2'], { axis: 1 }),
        node('Concat', ['c2', 'c1'], ['z'], { axis: 1 }),
      ],
      [parts],
      { Split: 1, QLinearConcat: 1 },
    ],
    [
      'a shape that is asked for',
      [
        node('Shape', ['c'], ['s']),
        node('Slice', ['s', 'i0', 'i2', 'i1'], ['t']),
        node('Reshape', ['c', 't'], ['z']),
      ],
      ends,
      { Shape: 1 },
    ],
  ])('%s runs on integers', async (_, nodes, initializers, operators) => {
    const given = between(nodes, initializers);
    const { model } = await quantized(given, 'percentile');
    const found = await operatorsOf(model);
    expect(found).toMatchObject({ QLinearConv: found['QLinearConv'], DequantizeLinear: 1, ...operators });
    const before = await scores(given);
    const size = Math.max(...before.map(Math.abs));
    expect(furthest(before, await scores(model))).toBeLessThan(0.05 * size);
  });

  test('a HardSigmoid behind a layer costs nothing, beside another reader a rounding', async () => {
    const behind = between([node('HardSigmoid', ['c'], ['z'])]);
    const beside = between([node('HardSigmoid', ['c'], ['g']), node('Mul', ['g', 'c'], ['z'])]);
    const found = await operatorsOf((await quantized(behind)).model);
    expect(found).toMatchObject({ QuantizeLinear: 1, DequantizeLinear: 1, QLinearConv: 2 });
    expect(await operatorsOf((await quantized(beside)).model)).toMatchObject({
      QuantizeLinear: 2,
      QLinearMul: 1,
    });
    for (const given of [behind, beside]) {
      const before = await scores(given);
      const size = Math.max(...before.map(Math.abs));
      expect(furthest(before, await scores((await quantized(given)).model))).toBeLessThan(0.03 * size);
    }
  });

  test.each([
    [16, 3, 3, 2, 0],
    [32, 3, 3, 2, 0],
    [40, 3, 3, 2, 1],
    [16, 5, 5, 2, 1],
    [16, 3, 3, 1, 1],
  ])(
    'of the pixels, %i channels of %i x %i at every step of %i are on integers: %i',
    async (features, side, _, stride, integers) => {
      const model = buildModel({
        opset: 17,
        inputs: [valueInfo('x', 'float32', ['batch', 3, 12, 12])],
        outputs: [valueInfo('y', 'float32')],
        initializers: [weight('stem', [features, 3, side, side]), weight('v', [8, features, 1, 1])],
        nodes: [
          node('Conv', ['x', 'stem'], ['c'], { strides: [stride, stride] }, { name: 'stem' }),
          node('Relu', ['c'], ['r']),
          node('Conv', ['r', 'v'], ['d']),
          node('GlobalAveragePool', ['d'], ['m']),
          node('Flatten', ['m'], ['y']),
        ],
      });
      const { model: changed, notes } = await quantized(model);
      expect(await operatorsOf(changed)).toMatchObject({ QLinearConv: 1 + integers });
      expect(notes).toEqual(
        integers
          ? []
          : ['Conv stem stays in float: it makes so little of the pixels that integers take longer'],
      );
    },
  );

  test.each(['nearest', 'linear', 'cubic'])(
    'a picture of another size is one of integers: %s',
    async (mode) => {
      const model = between(
        [node('Resize', ['c', '', 'twice'], ['r'], { mode }), node('Concat', ['r', 'r'], ['z'], { axis: 3 })],
        [tensor('twice', 'float32', [4], Float32Array.of(1, 1, 2, 2))],
      );
      const { model: changed } = await quantized(model);
      const operators = await operatorsOf(changed);
      expect(operators['QLinearConcat'] ?? 0).toBe(mode === 'cubic' ? 0 : 1);
      const before = await scores(model);
      expect(furthest(before, await scores(changed))).toBeLessThan(0.05 * Math.max(...before.map(Math.abs)));
    },
  );

  test('a product that only float operators read gives them float, and is computed in integers', async () => {
    const given = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['batch', 3, 12, 12])],
      outputs: [valueInfo('y', 'float32')],
      initializers: [
        weight('w', [12, 16]),
        weight('v', [16, 12]),
        tensor('b', 'float32', [16], normal(16, 1)),
        tensor('ones', 'float32', [12], new Float32Array(12).fill(1)),
      ],
      nodes: [
        node('LayerNormalization', ['x', 'ones'], ['n']),
        node('MatMul', ['n', 'w'], ['m']),
        node('Add', ['m', 'b'], ['a']),
        node('Erf', ['a'], ['e']),
        node('MatMul', ['e', 'v'], ['p']),
        node('Add', ['p', 'x'], ['s']),
        node('LayerNormalization', ['s', 'ones'], ['y']),
      ],
    });
    const { model } = await quantized(given);
    expect(await operatorsOf(model)).toMatchObject({ MatMulIntegerToFloat: 2, QuantizeLinear: 2 });
    expect(await operatorsOf(model)).not.toHaveProperty('DequantizeLinear');
    const before = await scores(given);
    expect(furthest(before, await scores(model))).toBeLessThan(0.1);
  });

  test('what is joined has one scale, but for activations beside others, bounds, sums, and what something else reads', () => {
    const joined = (nodes: readonly Node[], ...names: string[]) =>
      staticPlanOf(
        between(
          [
            ...nodes,
            node('Concat', names, ['j'], { axis: 1 }),
            node('Slice', ['j', 'i0', 'i1', 'i2'], ['z']),
          ],
          [
            ...['i0', 'i1', 'i2'].map((name) => tensor(name, 'int64', [1], BigInt64Array.of(1n))),
            tensor('zero', 'float32', [], Float32Array.of(0)),
            tensor('six', 'float32', [], Float32Array.of(6)),
          ],
        ),
        new Set(),
      ).values;
    const [a, b] = ['a', 'b'].map((name) => node('Conv', ['c', 'v'], [name]));
    const relu = (from: string, to: string) => node('Relu', [from], [to]);
    const plain = joined([a, b], 'a', 'b');
    expect([plain.get('a'), plain.get('b'), plain.get('j')]).toEqual(['j', 'j', null]);
    const positive = joined([a, b, relu('a', 'p'), relu('b', 'q')], 'p', 'q');
    expect([positive.get('p'), positive.get('q')]).toEqual(['j', 'j']);
    const mixed = joined([a, b, relu('a', 'p')], 'p', 'b');
    expect([mixed.get('p'), mixed.get('b')]).toEqual([null, 'j']);
    const bound = joined([a, b, relu('a', 'p'), node('Clip', ['b', 'zero', 'six'], ['q'])], 'p', 'q');
    expect([bound.get('p'), bound.get('q')]).toEqual(['j', null]);
    const sum = joined([a, b, node('Add', ['a', 'c'], ['s'])], 's', 'b');
    expect([sum.get('s'), sum.get('b')]).toEqual([null, 'j']);
    const shared = joined([a, b], 'c', 'b');
    expect([shared.get('c'), shared.get('b')]).toEqual([null, 'j']);
  });

  test('a pooling before a convolution has the scale of its input, however ranges are found', async () => {
    const given = between([
      node('Relu', ['c'], ['r']),
      node('MaxPool', ['r'], ['z'], { kernel_shape: [2, 2] }),
    ]);
    const { model } = await quantized(given, 'percentile');
    expect(await operatorsOf(model)).toMatchObject({ QLinearConv: 2, NhwcMaxPool: 1, DequantizeLinear: 1 });
  });

  test.each([true, false])(
    'a bias far beyond the weights of its channel is kept, also where those are zeros (per channel: %s)',
    async (perChannel) => {
      const weights = new Float32Array(8 * 27);
      weights.fill(1e-13, 0, 27);
      if (perChannel) weights.fill(0.1, 54);
      const given = buildModel({
        opset: 17,
        inputs: [valueInfo('x', 'float32', ['batch', 3, 12, 12])],
        outputs: [valueInfo('y', 'float32')],
        initializers: [
          tensor('w', 'float32', [8, 3, 3, 3], weights),
          tensor('b', 'float32', [8], Float32Array.of(0.7, 0.013, 0, 1, -1, 0.1, 2, 0)),
        ],
        nodes: [
          node('Conv', ['x', 'w', 'b'], ['c']),
          node('GlobalAveragePool', ['c'], ['p']),
          node('Flatten', ['p'], ['y']),
        ],
      });
      const { model } = await quantized(given, 'min-max', { perChannel });
      expect(furthest(await scores(given), await scores(model))).toBeLessThan(0.03);
    },
  );

  const shared = new URL('../../../../shared/', import.meta.url).pathname;
  test.skipIf(!existsSync(shared))(
    'loses little on ResNet-20 and is smaller than the quantizer of ONNX Runtime (in ../shared, skipped where absent)',
    async () => {
      const bytes = readFileSync(`${shared}models/resnet20-cifar10.onnx`);
      const { mean, std } = JSON.parse(readFileSync(`${shared}models/resnet20-cifar10.json`, 'utf8'));
      const read = (file: string, limit: number) =>
        readCifar10([`${shared}data/cifar10/${file}`], { mean, std, limit });
      const model = readModel(bytes, 'ResNet-20');
      const calibration = await read('data_batch_1.bin', 128);
      const statistics = await observeActivations(model, activationsToObserve(model), calibration, {
        threads: 2,
      });
      const activations = new Map(
        [...statistics].map(([name, seen]) => [name, quantizationOf(seen, 'min-max')]),
      );
      const file = writeModel(quantizeStatic(model, { activations, perChannel: true }).model);
      expect(file.length).toBeLessThan(339_507);
      const inference = await openInference({ baseline: bytes, dataset: await read('test_batch.bin', 1000) });
      const before = await inference.evaluate(bytes);
      const after = await inference.evaluate(file);
      await inference.close();
      expect(after.accuracy).toBeGreaterThan(before.accuracy - 0.01);
    },
  );
});
