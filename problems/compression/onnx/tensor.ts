import { InputError, show } from '../../../src/index.js';
import { emptyTensor } from './build.js';
import { fromFloat16, toFloat16 } from './float16.js';
import { ELEMENT_TYPE, type Tensor } from './model.js';

/** Number of elements: the product of the dims, 1 for a scalar. */
export function sizeOf({ dims }: Tensor): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Whether the elements are floating-point numbers of a type that can be pruned. */
export function isFloat({ dataType }: Tensor): boolean {
  return FLOATS.has(dataType);
}

/** Bytes of one element; undefined for strings and for types that are packed several to a byte or unknown. */
export function widthOf(dataType: number): number | undefined {
  return WIDTH.get(dataType);
}

/**
 * The elements as they would stand in `raw_data`: row-major, little-endian. A view for `raw_data`, `float_data` and
 * `double_data`, which lies at any alignment; a copy for the others. Throws an InputError when the number of elements is
 * not the product of the dims, when they are in a file of their own, or when their type has no raw form.
 */
export function dataOf(tensor: Tensor): Uint8Array {
  const width = widthOf(tensor.dataType);
  if (width === undefined)
    throw new InputError(
      `tensor ${show(tensor.name)} must have a numeric element type, got type ${tensor.dataType}`,
    );
  if (tensor.dataLocation !== 0)
    throw new InputError(`tensor ${show(tensor.name)} must be in the model, got one in a file of its own`);
  const data = tensor.rawData ?? typedData(tensor, width);
  const needed = sizeOf(tensor) * width;
  if (data.length !== needed)
    throw new InputError(
      `tensor ${show(tensor.name)} of shape [${tensor.dims.join(', ')}] must hold ${needed} bytes, got ${data.length}`,
    );
  return data;
}

/** The tensor with its elements in `rawData`, and in no other field. The same object when it is so already. */
export function withRawData(tensor: Tensor, data = dataOf(tensor)): Tensor {
  if (tensor.rawData === data) return tensor;
  return {
    ...emptyTensor(tensor.name, tensor.dataType, tensor.dims),
    rest: tensor.rest,
    rawData: data,
  };
}

/** The tensor with its axes permuted, as the operator Transpose does it: axis `a` of the result is axis `perm[a]`. */
export function transposed(tensor: Tensor, perm: readonly number[]): Tensor {
  const width = widthOf(tensor.dataType) ?? 0;
  const bytes = dataOf(tensor).slice().buffer;
  const elements = width === 8 ? new BigUint64Array(bytes) : new (UNSIGNED[width] ?? Uint8Array)(bytes);
  const dims = perm.map((axis) => tensor.dims[axis]);
  const strides = perm.map((axis) => sizeOf({ ...tensor, dims: tensor.dims.slice(axis + 1) }));
  const out = elements.slice();
  const index = new Int32Array(dims.length);
  for (let at = 0, from = 0; at < out.length; at++) {
    out[at] = elements[from];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < dims[axis]) break;
      from -= dims[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return { ...withRawData(tensor, new Uint8Array(out.buffer)), dims };
}

/** The elements of an int32 or int64 tensor as numbers; undefined for other types. Throws as {@link dataOf}. */
export function integersOf(tensor: Tensor): number[] | undefined {
  const { dataType } = tensor;
  if (dataType !== ELEMENT_TYPE.int64 && dataType !== ELEMENT_TYPE.int32) return undefined;
  const { buffer } = dataOf(tensor).slice();
  return Array.from(
    dataType === ELEMENT_TYPE.int64 ? new BigInt64Array(buffer) : new Int32Array(buffer),
    Number,
  );
}

/** A copy of the elements of a float16, bfloat16, float32 or float64 tensor, float64 rounded. Throws as {@link dataOf}. */
export function toFloat32(tensor: Tensor): Float32Array<ArrayBuffer> {
  const { buffer } = new Uint8Array(dataOf(tensor));
  switch (tensor.dataType) {
    case ELEMENT_TYPE.float32:
      return new Float32Array(buffer);
    case ELEMENT_TYPE.float16:
      return fromFloat16(new Uint16Array(buffer));
    case ELEMENT_TYPE.bfloat16:
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case ELEMENT_TYPE.float64:
      return Float32Array.from(new Float64Array(buffer));
    default:
      throw new InputError(
        `tensor ${show(tensor.name)} must have a floating-point type, got type ${tensor.dataType}`,
      );
  }
}

/** The raw data of float32 or float16 elements, rounded to the type. */
export function rawOf(dataType: number, values: Float32Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array((dataType === ELEMENT_TYPE.float16 ? toFloat16(values) : values).buffer);
}

const FLOATS: ReadonlySet<number> = new Set([
  ELEMENT_TYPE.float32,
  ELEMENT_TYPE.float16,
  ELEMENT_TYPE.bfloat16,
  ELEMENT_TYPE.float64,
]);

const UNSIGNED: Readonly<Record<number, typeof Uint8Array | typeof Uint16Array | typeof Uint32Array>> = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
};

const WIDTH: ReadonlyMap<number, number> = new Map([
  [ELEMENT_TYPE.float32, 4],
  [ELEMENT_TYPE.uint8, 1],
  [ELEMENT_TYPE.int8, 1],
  [ELEMENT_TYPE.uint16, 2],
  [ELEMENT_TYPE.int16, 2],
  [ELEMENT_TYPE.int32, 4],
  [ELEMENT_TYPE.int64, 8],
  [ELEMENT_TYPE.bool, 1],
  [ELEMENT_TYPE.float16, 2],
  [ELEMENT_TYPE.float64, 8],
  [ELEMENT_TYPE.uint32, 4],
  [ELEMENT_TYPE.uint64, 8],
  [ELEMENT_TYPE.bfloat16, 2],
]);

/** The raw form of the field that the standard gives to each type. */
function typedData(tensor: Tensor, width: number): Uint8Array {
  switch (tensor.dataType) {
    case ELEMENT_TYPE.float32:
      return tensor.floatData;
    case ELEMENT_TYPE.float64:
      return tensor.doubleData;
    case ELEMENT_TYPE.int64:
      return fromVarints(tensor.int64Data, width);
    case ELEMENT_TYPE.uint32:
    case ELEMENT_TYPE.uint64:
      return fromVarints(tensor.uint64Data, width);
    default:
      return fromVarints(tensor.int32Data, width);
  }
}

/** Decodes varints and keeps the lowest `width` bytes of each: a negative int32 is written as ten bytes. */
function fromVarints(varints: Uint8Array, width: number): Uint8Array {
  let count = 0;
  for (const byte of varints) if (byte < 128) count++;
  const data = new Uint8Array(count * width);
  const scratch = new DataView(new ArrayBuffer(8));
  let at = 0;
  for (let i = 0; i < count; i++) {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const bits = varints[at] & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      if (varints[at++] < 128) break;
    }
    scratch.setInt32(0, low, true);
    scratch.setInt32(4, high, true);
    for (let byte = 0; byte < width; byte++) data[i * width + byte] = scratch.getUint8(byte);
  }
  return data;
}
