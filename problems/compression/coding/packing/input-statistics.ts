import type { Dataset } from '../../data/dataset.js';
import { runSamples, type Sampling } from '../../inference/run-samples.js';
import { attribute, node, tensor, valueInfo } from '../../onnx/build.js';
import { constantsOf, standardVersion } from '../../onnx/constants.js';
import { inVersion4 } from '../../onnx/edit.js';
import { ELEMENT_TYPE, type Model, type Node, type Tensor } from '../../onnx/model.js';
import { writeModel } from '../../onnx/write.js';
import type { Packable } from './packables.js';

/** Second moments of what a layer multiplies its weights with: the columns `first .. first + size - 1` of its matrix. */
export interface InputBlock {
  readonly first: number;
  readonly size: number;
  /** Means, `size` long. */
  readonly mean: Float64Array;
  /** Covariances, size x size. */
  readonly covariance: Float64Array;
}

/** Columns of a matrix whose moments are taken together; those of a wider matrix are taken in blocks, apart from each other. */
const WIDEST = 1024;

/**
 * Runs the model on `count` samples and gathers the moments of the inputs of every layer whose weight is a matrix (patches of the
 * input, for a convolution), by the name of the weight. The graph computes them itself: a convolution with one-hot kernels lays
 * the patches out, a product of the result with itself sums their squares. Layers of a type other than float32 are left
 * out, and all are where the operator set is older than 10.
 */
export async function inputStatistics(
  model: Model,
  packables: readonly Packable[],
  dataset: Dataset,
  sampling: Sampling,
): Promise<Map<string, InputBlock[]>> {
  const opset = standardVersion(model);
  const watched = packables.filter(
    ({ matrix, dataType, shared }) => matrix && !shared && dataType === ELEMENT_TYPE.float32,
  );
  if (opset < 10 || watched.length === 0) return new Map();
  const plain = inVersion4(model);
  const extra: Extra = { nodes: [], initializers: [], outputs: [], opset };
  const blocks = watched.flatMap((packable, index) => blocksOf(plain, packable, index, extra));
  const bytes = writeModel({
    ...plain,
    graph: {
      ...plain.graph,
      nodes: [...plain.graph.nodes, ...extra.nodes],
      initializers: [...plain.graph.initializers, ...extra.initializers],
      outputs: [...plain.graph.outputs, ...extra.outputs.map((name) => valueInfo(name, 'float32'))],
    },
  });
  await runSamples(bytes, dataset, sampling, extra.outputs, (values) => {
    for (const [b, block] of blocks.entries())
      gather(block, values[3 * b].data, values[3 * b + 1].data, values[3 * b + 2].data[0]);
  });
  const found = new Map<string, InputBlock[]>();
  for (const { name, ...block } of blocks) found.set(name, [...(found.get(name) ?? []), centred(block)]);
  return found;
}

interface Extra {
  readonly nodes: Node[];
  readonly initializers: Tensor[];
  readonly outputs: string[];
  readonly opset: number;
}

interface Gathered {
  readonly name: string;
  readonly first: number;
  readonly size: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  total: number;
}

/** Adds the nodes that compute the moments of a layer. The patches are laid out as a matrix, a column of the weight to a row. */
function blocksOf(model: Model, packable: Packable, index: number, extra: Extra): Gathered[] {
  const constants = constantsOf(model.graph);
  const { layer, matrix, grid, name } = packable;
  const source = model.graph.nodes[layer!.node];
  const convolution = layer!.operator === 'Conv';
  const taps = convolution ? grid.taps : 1;
  const channels = matrix!.columns / taps;
  const perBlock = Math.max(1, Math.floor(WIDEST / taps));
  const blocks: Gathered[] = [];
  for (let first = 0; first < channels; first += perBlock) {
    const count = Math.min(perBlock, channels - first);
    const size = count * taps;
    const id = (part: string) => `fronteira/moments/${index}/${first}/${part}`;
    const ints = (part: string, values: readonly number[]) => {
      extra.initializers.push(tensor(id(part), 'int64', [values.length], BigInt64Array.from(values, BigInt)));
      return id(part);
    };
    const add = (opType: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}) => {
      extra.nodes.push(node(opType, inputs, [id(opType)], attributes));
      return id(opType);
    };
    let input = source.inputs[0];
    if (convolution) {
      if (count < channels)
        input = add('Slice', [input, ints('from', [first]), ints('to', [first + count]), ints('axis', [1])]);
      const kernel = new Float32Array(size * size);
      for (let i = 0; i < size; i++) kernel[i * size + i] = 1;
      const dims = constants.get(name)!.dims.slice(2);
      extra.initializers.push(tensor(id('kernel'), 'float32', [size, count, ...dims], kernel));
      const kept = source.attributes.filter(({ name: key }) => key !== 'group');
      extra.nodes.push({ ...node('Conv', [input, id('kernel')], [id('Conv')]), attributes: kept });
      input = add('Transpose', [id('Conv')], { perm: [1, 0, ...dims.map((_, axis) => axis + 2)] });
      input = add('Reshape', [input, ints('shape', [size, -1])]);
    } else {
      if (count < channels)
        input = add('Slice', [input, ints('from', [first]), ints('to', [first + count]), ints('axis', [-1])]);
      input = add('Reshape', [input, ints('shape', [-1, size])]);
      input = add('Transpose', [input], { perm: [1, 0] });
    }
    extra.nodes.push(node('Transpose', [input], [id('turned')], { perm: [1, 0] }));
    extra.nodes.push(node('MatMul', [input, id('turned')], [id('squares')]));
    const mean =
      extra.opset < 18
        ? node('ReduceMean', [input], [id('mean')], { axes: [1] })
        : node('ReduceMean', [input, ints('one', [1])], [id('mean')]);
    extra.nodes.push(mean, node('Size', [input], [id('Size')]));
    extra.nodes.push({
      ...node('Cast', [id('Size')], [id('size')]),
      attributes: [attribute('to', ELEMENT_TYPE.float32)],
    });
    extra.outputs.push(id('squares'), id('mean'), id('size'));
    blocks.push({
      name,
      first: first * taps,
      size,
      sums: new Float64Array(size),
      squares: new Float64Array(size * size),
      total: 0,
    });
  }
  return blocks;
}

function gather(block: Gathered, squares: ArrayLike<number>, mean: ArrayLike<number>, size: number): void {
  const positions = size / block.size;
  for (let i = 0; i < block.squares.length; i++) block.squares[i] += squares[i];
  for (let i = 0; i < block.size; i++) block.sums[i] += mean[i] * positions;
  block.total += positions;
}

function centred({ first, size, sums, squares, total }: Omit<Gathered, 'name'>): InputBlock {
  const mean = sums.map((sum) => sum / total);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) squares[i * size + j] = squares[i * size + j] / total - mean[i] * mean[j];
  return { first, size, mean, covariance: squares };
}
