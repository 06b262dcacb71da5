import { intOf } from '../../onnx/edit.js';
import { finiteValues } from '../../onnx/finite.js';
import { type Layer, layersOf } from '../../onnx/layers.js';
import type { Model, Node, Tensor } from '../../onnx/model.js';
import type { Grid } from '../levels/neighbourhood.js';

/** A weight or bias that a container can code. */
export interface Packable {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  /** The layer it belongs to, the first of those that share it; null where it belongs to none (see `otherWeights`). */
  readonly layer: Layer | null;
  readonly shared: boolean;
  /** Where its data lie in the file. */
  readonly offset: number;
  readonly dataType: number;
  readonly grid: Grid;
  /** Row-major, rounded to float32. */
  readonly values: Float32Array<ArrayBuffer>;
  /** How the weight is a matrix of output features by inputs; null where it is none (a bias, groups, a transposed convolution, a table). */
  readonly matrix: MatrixForm | null;
}

/** Element (r, c) of a rows x columns matrix stands at `r * rowStride + c * columnStride` of a tensor. */
export interface MatrixForm {
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * The weights and biases of a model that was read from a file in which they stand as raw data. Throws an InputError on one that is NaN
 * or infinite.
 */
export function packablesOf(model: Model): Packable[] {
  const { layers, tensors } = layersOf(model);
  return tensors
    .filter(({ tensor }) => tensor.rawData !== undefined && tensor.rawData.length > 0)
    .map(({ name, role, tensor }) => {
      const users = layers.filter((layer) => (role === 'weight' ? layer.weight : layer.bias) === name);
      return {
        name,
        role,
        layer: users[0],
        shared: users.length > 1,
        offset: tensor.rawData!.byteOffset,
        dataType: tensor.dataType,
        grid: gridOf(tensor, role),
        values: finiteValues({ name, tensor }),
        matrix: role === 'bias' ? null : matrixOf(model.graph.nodes[users[0].node], users[0], tensor),
      };
    });
}

/** Smaller tensors cost more as a record than their bytes in the model; those of layers are coded all the same. */
export const FEWEST_CODED = 64;

/** The shape of a tensor to its coder. */
export function gridOf({ dims }: Tensor, role: Packable['role']): Grid {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (role === 'bias' || dims.length < 2) return { rows: 1, columns: size, taps: 1, width: 1 };
  if (dims.length === 2) return { rows: dims[0], columns: dims[1], taps: 1, width: 1 };
  return { rows: dims[0], columns: dims[1], taps: size / (dims[0] * dims[1]), width: dims[dims.length - 1] };
}

function matrixOf(node: Node, { operator, side }: Layer, { dims }: Tensor): MatrixForm | null {
  if (operator === 'Conv' && intOf(node, 'group', 1) === 1 && dims.length >= 3) {
    const columns = dims.slice(1).reduce((product, dim) => product * dim, 1);
    return { rows: dims[0], columns, rowStride: columns, columnStride: 1 };
  }
  if (side !== 1 || dims.length !== 2) return null;
  if (operator === 'Gemm' && intOf(node, 'transA', 0) === 0 && intOf(node, 'transB', 0) === 1)
    return { rows: dims[0], columns: dims[1], rowStride: dims[1], columnStride: 1 };
  if (operator === 'MatMul' || (operator === 'Gemm' && intOf(node, 'transA', 0) === 0))
    return { rows: dims[1], columns: dims[0], rowStride: 1, columnStride: dims[1] };
  return null;
}
