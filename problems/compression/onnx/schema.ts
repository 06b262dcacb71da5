/**
 * The field numbers of `onnx.proto` for the messages of `model.ts`, as data: the reader and the writer both walk these
 * tables, so they cannot disagree.
 */
export interface Field {
  /** Property of the plain object. */
  readonly name: string;
  readonly number: number;
  readonly kind: Kind;
  /** The fields of the message, for `message` and `messages`. Late bound, as graphs hold nodes that hold graphs. */
  readonly of?: () => Schema;
  /** Wire type of one scalar of a packed field. */
  readonly scalar?: number;
}

/**
 * `int`, `text`: a zero or empty value is not written. `optional...`, `bytes`, `message`: undefined is not written.
 * `packed`: scalars of one wire type, kept encoded one after the other.
 */
export type Kind =
  | 'int'
  | 'optionalInt'
  | 'ints'
  | 'optionalFloat'
  | 'floats'
  | 'text'
  | 'optionalText'
  | 'texts'
  | 'bytes'
  | 'bytesList'
  | 'packed'
  | 'message'
  | 'messages';

export const VARINT = 0;
export const EIGHT_BYTES = 1;
export const LENGTH = 2;
export const FOUR_BYTES = 5;

/** How one entry of a field of each kind is written. */
export const WIRE: Readonly<Record<Kind, number>> = {
  int: VARINT,
  optionalInt: VARINT,
  ints: VARINT,
  optionalFloat: FOUR_BYTES,
  floats: FOUR_BYTES,
  text: LENGTH,
  optionalText: LENGTH,
  texts: LENGTH,
  bytes: LENGTH,
  bytesList: LENGTH,
  packed: LENGTH,
  message: LENGTH,
  messages: LENGTH,
};

export interface Schema {
  /** As in `onnx.proto`, for error messages. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
}

export const MODEL: Schema = schema('ModelProto', [
  field(1, 'irVersion', 'int'),
  field(2, 'producerName', 'text'),
  field(7, 'graph', 'message', () => GRAPH),
  field(8, 'opsets', 'messages', () => OPERATOR_SET),
  field(25, 'functions', 'messages', () => FUNCTION),
]);

const OPERATOR_SET: Schema = schema('OperatorSetIdProto', [
  field(1, 'domain', 'text'),
  field(2, 'version', 'int'),
]);

const GRAPH: Schema = schema('GraphProto', [
  field(1, 'nodes', 'messages', () => NODE),
  field(2, 'name', 'text'),
  field(5, 'initializers', 'messages', () => TENSOR),
  field(11, 'inputs', 'messages', () => VALUE_INFO),
  field(12, 'outputs', 'messages', () => VALUE_INFO),
  field(13, 'valueInfo', 'messages', () => VALUE_INFO),
  field(15, 'sparseInitializers', 'messages', () => SPARSE_TENSOR),
]);

const NODE: Schema = schema('NodeProto', [
  field(1, 'inputs', 'texts'),
  field(2, 'outputs', 'texts'),
  field(3, 'name', 'text'),
  field(4, 'opType', 'text'),
  field(5, 'attributes', 'messages', () => ATTRIBUTE),
  field(7, 'domain', 'text'),
]);

const ATTRIBUTE: Schema = schema('AttributeProto', [
  field(1, 'name', 'text'),
  field(2, 'f', 'optionalFloat'),
  field(3, 'i', 'optionalInt'),
  field(4, 's', 'bytes'),
  field(5, 't', 'message', () => TENSOR),
  field(6, 'g', 'message', () => GRAPH),
  field(7, 'floats', 'floats'),
  field(8, 'ints', 'ints'),
  field(9, 'strings', 'bytesList'),
  field(10, 'tensors', 'messages', () => TENSOR),
  field(11, 'graphs', 'messages', () => GRAPH),
  field(20, 'type', 'int'),
  field(21, 'reference', 'optionalText'),
]);

const TENSOR: Schema = schema('TensorProto', [
  field(1, 'dims', 'ints'),
  field(2, 'dataType', 'int'),
  field(4, 'floatData', 'packed', FOUR_BYTES),
  field(5, 'int32Data', 'packed', VARINT),
  field(7, 'int64Data', 'packed', VARINT),
  field(8, 'name', 'text'),
  field(9, 'rawData', 'bytes'),
  field(10, 'doubleData', 'packed', EIGHT_BYTES),
  field(11, 'uint64Data', 'packed', VARINT),
  field(13, 'externalData', 'messages', () => STRING_PAIR),
  field(14, 'dataLocation', 'int'),
]);

const STRING_PAIR: Schema = schema('StringStringEntryProto', [
  field(1, 'key', 'text'),
  field(2, 'value', 'text'),
]);

const SPARSE_TENSOR: Schema = schema('SparseTensorProto', [field(1, 'values', 'message', () => TENSOR)]);

const VALUE_INFO: Schema = schema('ValueInfoProto', [
  field(1, 'name', 'text'),
  field(2, 'type', 'message', () => VALUE_TYPE),
]);

const VALUE_TYPE: Schema = schema('TypeProto', [field(1, 'tensor', 'message', () => TENSOR_TYPE)]);

const TENSOR_TYPE: Schema = schema('TypeProto.Tensor', [
  field(1, 'elementType', 'int'),
  field(2, 'shape', 'message', () => SHAPE),
]);

const SHAPE: Schema = schema('TensorShapeProto', [field(1, 'dims', 'messages', () => DIMENSION)]);

const DIMENSION: Schema = schema('TensorShapeProto.Dimension', [
  field(1, 'value', 'optionalInt'),
  field(2, 'parameter', 'optionalText'),
]);

const FUNCTION: Schema = schema('FunctionProto', [
  field(1, 'name', 'text'),
  field(4, 'inputs', 'texts'),
  field(5, 'outputs', 'texts'),
  field(7, 'nodes', 'messages', () => NODE),
  field(9, 'opsets', 'messages', () => OPERATOR_SET),
  field(10, 'domain', 'text'),
  field(11, 'defaults', 'messages', () => ATTRIBUTE),
]);

function schema(name: string, fields: readonly Field[]): Schema {
  return { name, fields, byNumber: new Map(fields.map((f) => [f.number, f])) };
}

function field(number: number, name: string, kind: Kind, of?: number | (() => Schema)): Field {
  if (of === undefined) return { number, name, kind };
  return typeof of === 'number' ? { number, name, kind, scalar: of } : { number, name, kind, of };
}
