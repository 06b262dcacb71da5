import { InputError, show } from '../../../src/index.js';
import {
  ATTRIBUTE_TYPE,
  type Attribute,
  ELEMENT_TYPE,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.js';

/**
 * Builds a model from scratch:
 *
 *     const model = buildModel({
 *       opset: 17,
 *       inputs: [valueInfo('x', 'float32', ['batch', 4])],
 *       outputs: [valueInfo('y', 'float32', ['batch', 3])],
 *       initializers: [tensor('w', 'float32', [3, 4], new Float32Array(12))],
 *       nodes: [node('Gemm', ['x', 'w'], ['y'], { transB: 1, alpha: float(0.5) })],
 *     });
 *     const bytes = writeModel(model);
 */
export function buildModel(parts: ModelParts): Model {
  const opsets = typeof parts.opset === 'number' ? { '': parts.opset } : parts.opset;
  return {
    irVersion: parts.irVersion ?? 8,
    producerName: parts.producerName ?? 'fronteira',
    graph: graph(parts),
    opsets: Object.entries(opsets).map(([domain, version]) => ({ domain, version, rest: NOTHING })),
    functions: [],
    rest: NOTHING,
  };
}

export interface GraphParts {
  readonly name?: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers?: readonly Tensor[];
  readonly nodes: readonly Node[];
  readonly valueInfo?: readonly ValueInfo[];
}

export interface ModelParts extends GraphParts {
  /** The version of the ONNX operators, or of every domain in use: `{ '': 17, 'com.microsoft': 1 }`. */
  readonly opset: number | Readonly<Record<string, number>>;
  /** Version of the file format, 8 when not given. */
  readonly irVersion?: number;
  readonly producerName?: string;
}

/** A graph: of a model, or the body of an If, Loop or Scan (as an attribute value). */
export function graph(parts: GraphParts): Graph {
  return {
    name: parts.name ?? 'graph',
    nodes: parts.nodes,
    initializers: parts.initializers ?? [],
    sparseInitializers: [],
    inputs: parts.inputs,
    outputs: parts.outputs,
    valueInfo: parts.valueInfo ?? [],
    rest: NOTHING,
  };
}

/**
 * What an attribute may hold. A plain number is an int (a fraction is refused: say `float(0.5)`, and say `float(1)` as well
 * where the operator wants a float); a list of plain numbers is a list of ints.
 */
export type AttributeValue =
  | number
  | bigint
  | string
  | readonly (number | bigint)[]
  | readonly string[]
  | Tensor
  | Graph
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** Marks an attribute value as a float. */
export const float = (value: number): AttributeValue => ({ float: value });
export const floats = (values: readonly number[]): AttributeValue => ({ floats: values });

/** A node. `''` among the inputs stands for an optional input that is not given. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
  { name = '', domain = '' }: { readonly name?: string; readonly domain?: string } = {},
): Node {
  return {
    name,
    opType,
    domain,
    inputs,
    outputs,
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    rest: NOTHING,
  };
}

/**
 * The type of a graph input, an output or an inner value. `dims`: a number is a fixed size, a string a named one, null
 * an unknown one; leave them out where even the rank is unknown.
 */
export function valueInfo(
  name: string,
  type: ElementType,
  dims?: readonly (number | string | null)[],
): ValueInfo {
  const shape = dims && {
    dims: dims.map((dim) => ({
      ...(typeof dim === 'number' ? { value: dim } : dim === null ? {} : { parameter: dim }),
      rest: NOTHING,
    })),
    rest: NOTHING,
  };
  const elementType = ELEMENT_TYPE[type];
  return {
    name,
    type: { tensor: { elementType, ...(shape && { shape }), rest: NOTHING }, rest: NOTHING },
    rest: NOTHING,
  };
}

/** The typed array that holds the elements of each type; float16 and bfloat16 as their bits, bool as bytes 0 and 1. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly float16: Uint16Array;
  readonly bfloat16: Uint16Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly bool: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
}

/**
 * A tensor (an initializer, or the value of an attribute), row-major, that views the array: `rawData` is the array's own
 * memory. Throws an InputError when the number of elements is not the product of the dims.
 */
export function tensor<T extends keyof ArrayOf>(
  name: string,
  type: T,
  dims: readonly number[],
  data: ArrayOf[T],
): Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== size)
    throw new InputError(
      `tensor ${show(name)} of shape [${dims.join(', ')}] must have ${size} elements, got ${data.length}`,
    );
  return {
    ...emptyTensor(name, ELEMENT_TYPE[type], dims),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** A tensor without data: the caller adds the field of its choice. */
export function emptyTensor(name: string, dataType: number, dims: readonly number[]): Tensor {
  return {
    name,
    dims,
    dataType,
    floatData: NOTHING,
    int32Data: NOTHING,
    int64Data: NOTHING,
    doubleData: NOTHING,
    uint64Data: NOTHING,
    externalData: [],
    dataLocation: 0,
    rest: NOTHING,
  };
}

/** An attribute of a node. Throws an InputError on a plain number that is not whole. */
export function attribute(name: string, value: AttributeValue): Attribute {
  const empty = { name, floats: [], ints: [], strings: [], tensors: [], graphs: [], rest: NOTHING };
  if (typeof value === 'number' || typeof value === 'bigint')
    return { ...empty, type: ATTRIBUTE_TYPE.int, i: whole(name, value) };
  if (typeof value === 'string') return { ...empty, type: ATTRIBUTE_TYPE.string, s: utf8.encode(value) };
  if (isList(value))
    return value.length > 0 && typeof value[0] === 'string'
      ? { ...empty, type: ATTRIBUTE_TYPE.strings, strings: value.map((s) => utf8.encode(s as string)) }
      : { ...empty, type: ATTRIBUTE_TYPE.ints, ints: value.map((i) => whole(name, i as number)) };
  if ('float' in value) return { ...empty, type: ATTRIBUTE_TYPE.float, f: value.float };
  if ('floats' in value) return { ...empty, type: ATTRIBUTE_TYPE.floats, floats: value.floats };
  return 'dims' in value
    ? { ...empty, type: ATTRIBUTE_TYPE.tensor, t: value }
    : { ...empty, type: ATTRIBUTE_TYPE.graph, g: value };
}

const NOTHING = new Uint8Array(0);
const utf8 = new TextEncoder();

function whole(name: string, value: number | bigint): number | bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new InputError(
      `a plain number of attribute ${name} must be whole (write float(${value})), got ${value}`,
    );
  return value;
}

function isList(value: AttributeValue): value is readonly (number | bigint)[] | readonly string[] {
  return Array.isArray(value);
}
