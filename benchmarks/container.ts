/**
 * What the container takes and how fast it comes apart: levels of dead-zone quantization coded by mixing, by table, by xz and
 * zstd (where they are installed), beside the order-0 entropy a layer. Needs `../shared` for the networks.
 *
 *     node dist/benchmarks/container.js
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { bitDecoder, bitEncoder } from '../problems/compression/coding/arithmetic/range-coder.js';
import type { CodedTensor, Method } from '../problems/compression/coding/container/layout.js';
import { tabled } from '../problems/compression/coding/container/tabled.js';
import { writeContainer } from '../problems/compression/coding/container/write.js';
import { levelCoder, shiftFor } from '../problems/compression/coding/levels/level-coder.js';
import { packablesOf } from '../problems/compression/coding/packing/packables.js';
import { rangeOf, stepOf } from '../problems/compression/coding/quantizers/scalar.js';
import { deadZone } from '../problems/compression/coding/quantizers/uniform.js';
import { unpack } from '../problems/compression/coding/unpack.js';
import { loadModel, prepare } from '../problems/compression/index.js';
import { readModel } from '../problems/compression/onnx/read.js';
import { markdown, publish, repository } from './report.js';

const RESNET = 'resnet20-cifar10';
const VGG = 'vgg16-cifar10';
/** One step for all weights: with it ResNet-20 has the order-0 entropy a layer, 2.498 bits, of the figures to compare with. */
const ONE_STEP = 0.04462;

interface Case {
  readonly model: string;
  readonly name: string;
  readonly sigma: number;
  stepOf(values: Float32Array): number;
}

const cases: readonly Case[] = [
  { model: RESNET, name: `dead zone 0.4, one step ${ONE_STEP}`, sigma: 0.4, stepOf: () => ONE_STEP },
  {
    model: RESNET,
    name: 'dead zone 0.4, 2^4 levels a tensor',
    sigma: 0.4,
    stepOf: (w) => stepOf(rangeOf(w), 16),
  },
  {
    model: RESNET,
    name: 'dead zone 0.4, 2^5 levels a tensor',
    sigma: 0.4,
    stepOf: (w) => stepOf(rangeOf(w), 32),
  },
  { model: RESNET, name: 'dead zone 0.5, one step 0.1', sigma: 0.5, stepOf: () => 0.1 },
  {
    model: VGG,
    name: 'dead zone 0.4, 2^5 levels a tensor',
    sigma: 0.4,
    stepOf: (w) => stepOf(rangeOf(w), 32),
  },
];

const sizes: string[][] = [];
const speeds: string[][] = [];
for (const { model, name, sigma, stepOf: stepFor } of cases) {
  const path = `${repository}../shared/models/${model}.onnx`;
  if (!existsSync(path)) continue;
  const file = prepare(loadModel(path)).bytes;
  const packables = packablesOf(readModel(file, path));
  const tensors = packables.map(({ role, values, offset, dataType, grid }): CodedTensor => {
    const quantizer =
      role === 'weight' ? deadZone(stepFor(values), sigma) : deadZone(stepOf(rangeOf(values), 256), 0.5);
    return { offset, dataType, grid, levels: quantizer.quantize(values), rule: quantizer.rule };
  });
  const weights = tensors.filter((_, i) => packables[i].role === 'weight');
  const count = weights.reduce((sum, { levels }) => sum + levels.length, 0);
  const bits = (bytes: number) => ((8 * bytes) / count).toFixed(3);
  const mixed = coded(weights);
  const containers = (['mixing', 'table'] as Method[]).map((method) => {
    const start = cpu();
    const bytes = writeContainer(file, tensors, method);
    const packing = cpu() - start;
    const [, unpacking] = timed(() => unpack(bytes));
    speeds.push([model, name, method, packing.toFixed(2), megabytes(count, unpacking)]);
    return bytes.length;
  });
  speeds.push([model, name, 'mixing, levels alone', '', megabytes(count, mixed.seconds)]);
  const table = weights.reduce((sum, tensor) => sum + streamOf(tensor), 0);
  sizes.push([
    model,
    name,
    (weights.reduce((sum, { levels }) => sum + entropy(levels), 0) / count).toFixed(3),
    bits(mixed.bytes),
    bits(table),
    other('xz', ['-9e', '-c'], weights, count),
    other('zstd', ['-19', '-c'], weights, count),
    ...containers.map((bytes) => `${bytes} (${(file.length / bytes).toFixed(2)})`),
  ]);
}

publish('container', 'The container: sizes and speeds', [
  'Bits a weight (weights alone, biases and the rest of the file left out), and the bytes of whole containers (and how many times smaller than the .onnx file). xz and zstd code a byte a level, tensor after tensor in one stream. The networks are those of `../shared/models`.',
  markdown(
    [
      'network',
      'levels',
      'order-0 a layer',
      'mixing',
      'table',
      'xz -9e',
      'zstd -19',
      'container, mixing',
      'container, table',
    ],
    sizes,
  ),
  'CPU time on one core: packing in seconds, unpacking in MB of float32 weights a second (the best of three runs or of two seconds, whatever is more; the whole .onnx file rebuilt and checked).',
  markdown(['network', 'levels', 'method', 'pack s', 'unpack MB/s'], speeds),
]);

/** The levels in one stream, as a container holds them, and the seconds to read them back. */
function coded(tensors: readonly CodedTensor[]): { readonly bytes: number; readonly seconds: number } {
  const encoder = bitEncoder();
  const forwards = levelCoder();
  for (const { levels, grid } of tensors) forwards.code(encoder, levels.slice(), grid, shiftFor(levels));
  const bytes = encoder.finish();
  const [, seconds] = timed(() => {
    const decoder = bitDecoder(bytes);
    const backwards = levelCoder();
    for (const { levels, grid } of tensors)
      backwards.code(decoder, new Int32Array(levels.length), grid, shiftFor(levels));
  });
  return { bytes: bytes.length, seconds };
}

/** Bytes that a tensor takes in a container by table, its table included. */
function streamOf({ levels }: CodedTensor): number {
  const { stream, frequencies } = tabled(levels);
  return stream.length + frequencies.reduce((sum, frequency) => sum + (frequency < 128 ? 1 : 2), 0);
}

function other(
  program: string,
  args: readonly string[],
  tensors: readonly CodedTensor[],
  count: number,
): string {
  const input = Buffer.concat(tensors.map(({ levels }) => Uint8Array.from(levels, (level) => level & 255)));
  const { status, stdout } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  return status === 0 ? ((8 * stdout.length) / count).toFixed(3) : 'not installed';
}

function entropy(levels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= n * Math.log2(n / levels.length);
  return bits;
}

/** The best CPU seconds of three runs, and of more until two seconds are spent: short ones need them to be compiled. */
function timed<T>(work: () => T): [T, number] {
  let best = Number.POSITIVE_INFINITY;
  let result: T;
  const begin = cpu();
  for (let run = 0; run < 3 || cpu() - begin < 2; run++) {
    const start = cpu();
    result = work();
    best = Math.min(best, cpu() - start);
  }
  return [result!, best];
}

function megabytes(count: number, seconds: number): string {
  return ((4 * count) / seconds / 1e6).toFixed(1);
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
