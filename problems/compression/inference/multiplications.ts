import { constantsOf, isStandard } from '../onnx/constants.js';
import { intOf } from '../onnx/edit.js';
import { toFloat16 } from '../onnx/float16.js';
import type { Model, Node } from '../onnx/model.js';
import { readModel } from '../onnx/read.js';
import { writeModel } from '../onnx/write.js';
import { openSession } from './session.js';

/**
 * Multiplications of a network for one sample of this shape, from the shapes alone: those of its convolutions and matrix products, in float or
 * in integers, each element of an output times the products that are summed in it. Zeros count as any other number. Shapes inside the
 * graph are those that one run on zeros gives. Bodies of If, Loop and Scan and local functions are not counted.
 *
 * Throws an InputError when the model does not run on such a sample.
 */
export async function multiplicationsOf(file: Uint8Array, sampleShape: readonly number[]): Promise<number> {
  const model = readModel(file, 'the model');
  const products = model.graph.nodes.filter((node) => operandsOf(node) !== undefined);
  if (products.length === 0) return 0;
  const constants = constantsOf(model.graph);
  const inputs = new Set(model.graph.inputs.map(({ name }) => name));
  const watched = products.flatMap((node) => {
    const operands = operandsOf(node)!.map((input) => node.inputs[input]);
    return [node.outputs[0], ...operands];
  });
  const names = [...new Set(watched)].filter((name) => !constants.has(name) && !inputs.has(name));
  const session = await openSession(writeModel(showing(model, names)), {
    threads: 1,
    optimization: 'disabled',
  });
  try {
    const [input] = session.inputs;
    const rows = typeof input.shape[0] === 'number' ? input.shape[0] : 1;
    const zeros = new Float32Array(rows * sampleShape.reduce((product, side) => product * side, 1));
    const data = input.type === 'float16' ? toFloat16(zeros) : zeros;
    const shown = await session.values(session.batch(data, [rows, ...sampleShape]), names);
    const dims = new Map(names.map((name, i) => [name, shown[i].dims]));
    dims.set(input.name, [rows, ...sampleShape]);
    for (const [name, constant] of constants) dims.set(name, constant.dims);
    return products.reduce((sum, node) => sum + multiplications(node, dims), 0) / rows;
  } finally {
    await session.release();
  }
}

/** Positions of the data and the weight among the inputs of a product, or undefined for another operator. */
function operandsOf(node: Node): readonly [number, number] | undefined {
  return isStandard(node) ? PRODUCTS[node.opType] : undefined;
}

const PRODUCTS: Readonly<Record<string, readonly [number, number]>> = {
  Conv: [0, 1],
  ConvTranspose: [0, 1],
  ConvInteger: [0, 1],
  QLinearConv: [0, 3],
  Gemm: [0, 1],
  MatMul: [0, 1],
  MatMulInteger: [0, 1],
  QLinearMatMul: [0, 3],
};

/** The model with these values as its outputs; the runtime finds their types. */
function showing(model: Model, names: readonly string[]): Model {
  const outputs = names.map((name) => ({ name, rest: new Uint8Array(0) }));
  return { ...model, graph: { ...model.graph, outputs } };
}

function multiplications(node: Node, dims: ReadonlyMap<string, readonly number[]>): number {
  const [data, weight] = operandsOf(node)!.map((input) => dims.get(node.inputs[input]) ?? []);
  const output = size(dims.get(node.outputs[0])!);
  switch (node.opType) {
    // Weights [out, in / groups, ...kernel]: each output element sums in / groups times the kernel.
    case 'Conv':
    case 'ConvInteger':
    case 'QLinearConv':
      return output * size(weight.slice(1));
    // Weights [in, out / groups, ...kernel]: each input element is spread over out / groups times the kernel.
    case 'ConvTranspose':
      return size(data) * size(weight.slice(1));
    case 'Gemm':
      return output * weight[intOf(node, 'transB', 0) === 0 ? 0 : 1];
    default:
      return output * weight[Math.max(0, weight.length - 2)];
  }
}

function size(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
