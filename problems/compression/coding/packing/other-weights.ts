import { constantsOf, isStandard } from '../../onnx/constants.js';
import { finiteValues } from '../../onnx/finite.js';
import { ELEMENT_TYPE, type Model, type Node } from '../../onnx/model.js';
import { gridOf, type Packable } from './packables.js';

/** Smaller ones cost as much as a record. */
const FEWEST = 64;

/**
 * The constants that a container can code although they belong to no layer that multiplies a matrix: the weights and biases of LSTM, GRU and RNN,
 * and tables that a Gather looks words up in. Only those of float32 that stand in the file as raw data, have 64 elements or more and are not `taken`.
 * Throws an InputError on one that is NaN or infinite. O(elements).
 */
export function otherWeights({ graph }: Model, taken: ReadonlySet<string>): Packable[] {
  const constants = constantsOf(graph);
  const roles = new Map<string, Packable['role']>();
  for (const node of graph.nodes)
    for (const [name, role] of weightsOf(node))
      if (name && !taken.has(name) && !roles.has(name)) roles.set(name, role);
  return [...roles].flatMap(([name, role]) => {
    const tensor = constants.get(name);
    const size = (tensor?.rawData?.length ?? 0) / 4;
    if (!tensor || tensor.dataType !== ELEMENT_TYPE.float32 || size < FEWEST) return [];
    // The weights of one direction stand under those of the other.
    const dims = tensor.dims.length === 3 ? [tensor.dims[0] * tensor.dims[1], tensor.dims[2]] : tensor.dims;
    return {
      name,
      role,
      layer: null,
      shared: false,
      offset: tensor.rawData!.byteOffset,
      dataType: tensor.dataType,
      grid: gridOf({ ...tensor, dims }, role),
      values: finiteValues({ name, tensor }),
      matrix: null,
    };
  });
}

function weightsOf(node: Node): [name: string, role: Packable['role']][] {
  if (!isStandard(node)) return [];
  const { opType, inputs } = node;
  if (opType === 'Gather') return [[inputs[0], 'weight']];
  if (!/^(LSTM|GRU|RNN)$/.test(opType)) return [];
  return [
    [inputs[1], 'weight'],
    [inputs[2], 'weight'],
    [inputs[3] ?? '', 'bias'],
  ];
}
