/**
 * An ONNX model as plain data. The shapes mirror `onnx.proto` field by field, so that nothing of a file is lost: a field that
 * has no name here is kept in `rest`, encoded, and written back after the others.
 *
 * Everything is immutable: an edit makes a new object (`{ ...node, inputs }`). The writer counts on it, as an object that
 * came from a file and was not replaced is written with the very bytes that it came from.
 */
export interface Model {
  readonly irVersion: number;
  readonly producerName: string;
  readonly graph: Graph;
  /** The operator sets in use; the domain of ONNX itself is '' (a file may also say 'ai.onnx'). */
  readonly opsets: readonly OperatorSet[];
  readonly functions: readonly LocalFunction[];
  readonly rest: Uint8Array;
}

export interface OperatorSet {
  readonly domain: string;
  readonly version: number;
  readonly rest: Uint8Array;
}

export interface Graph {
  readonly name: string;
  /** In topological order, as the standard demands. */
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly sparseInitializers: readonly SparseTensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Types of values inside the graph, where the file tells them. */
  readonly valueInfo: readonly ValueInfo[];
  readonly rest: Uint8Array;
}

export interface Node {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Names of values; '' stands for an optional input that is not given. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly rest: Uint8Array;
}

/** One of the value fields is set, the one that `type` (an {@link ATTRIBUTE_TYPE}) says. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: Int64;
  readonly s?: Uint8Array;
  readonly t?: Tensor;
  readonly g?: Graph;
  readonly floats: readonly number[];
  readonly ints: readonly Int64[];
  readonly strings: readonly Uint8Array[];
  readonly tensors: readonly Tensor[];
  readonly graphs: readonly Graph[];
  /** In the body of a function: the attribute of the call that has the value. */
  readonly reference?: string;
  readonly rest: Uint8Array;
}

/** A 64-bit integer: a number where that is exact, else a bigint. */
export type Int64 = number | bigint;

/**
 * A tensor, row-major. Its elements stand in one of: `rawData` (little-endian), the packed field of its type, or a file of
 * their own (`externalData`). `dataOf` of `tensor.ts` gives the elements of them all.
 */
export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** One of {@link ELEMENT_TYPE}. */
  readonly dataType: number;
  readonly rawData?: Uint8Array;
  /** Little-endian float32, 4 bytes an element. */
  readonly floatData: Uint8Array;
  /** Encoded varints, one an element: int32 and every smaller type, float16 as bits. */
  readonly int32Data: Uint8Array;
  /** Encoded varints. */
  readonly int64Data: Uint8Array;
  /** Little-endian float64, 8 bytes an element. */
  readonly doubleData: Uint8Array;
  /** Encoded varints: uint32 and uint64. */
  readonly uint64Data: Uint8Array;
  /** Keys `location`, `offset`, `length`, `checksum`. */
  readonly externalData: readonly StringPair[];
  /** 0: in the tensor; 1: in a file of its own. */
  readonly dataLocation: number;
  readonly rest: Uint8Array;
}

export interface StringPair {
  readonly key: string;
  readonly value: string;
  readonly rest: Uint8Array;
}

/** Its name is that of `values`. */
export interface SparseTensor {
  readonly values: Tensor;
  readonly rest: Uint8Array;
}

export interface ValueInfo {
  readonly name: string;
  readonly type?: ValueType;
  readonly rest: Uint8Array;
}

/** Sequences, maps and optionals stay in `rest`. */
export interface ValueType {
  readonly tensor?: TensorType;
  readonly rest: Uint8Array;
}

export interface TensorType {
  readonly elementType: number;
  /** Absent when even the rank is unknown. */
  readonly shape?: Shape;
  readonly rest: Uint8Array;
}

export interface Shape {
  readonly dims: readonly Dimension[];
  readonly rest: Uint8Array;
}

/** A fixed size (`value`), a named one (`parameter`), or neither: unknown. */
export interface Dimension {
  readonly value?: number;
  readonly parameter?: string;
  readonly rest: Uint8Array;
}

/** A function that the model defines for itself: a node of its name and domain calls it. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
  /** What its nodes are read by. */
  readonly opsets: Model['opsets'];
  /** Attributes that a call may leave out, with their values. */
  readonly defaults: readonly Attribute[];
  readonly rest: Uint8Array;
}

/** `TensorProto.DataType`. */
export const ELEMENT_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPE;

/** `AttributeProto.AttributeType`. */
export const ATTRIBUTE_TYPE = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;
