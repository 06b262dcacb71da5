import type { Additions } from '../onnx/additions.js';
import { attribute } from '../onnx/build.js';
import { isStandard } from '../onnx/constants.js';
import { intOf, intsOf } from '../onnx/edit.js';
import type { Node, Tensor } from '../onnx/model.js';
import { axesOf } from '../onnx/ranks.js';
import { integersOf, sizeOf, transposed, widthOf } from '../onnx/tensor.js';

/** A value that is another one with its axes permuted, as the operator Transpose does it: axis `a` is axis `perm[a]` of the source. */
export interface Layout {
  readonly source: string;
  readonly perm: readonly number[];
}

/** What the rules ask. */
export interface PermutedContext {
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly additions: Additions;
  /** The version of the operators. */
  readonly version: number;
}

/**
 * The node reading the sources of its inputs in place of them, and the permutation that makes its own results of what it computes then. `layouts`: those
 * of its inputs, undefined for inputs that are none; one at least is. Undefined where the operator does not treat all axes alike, or where another
 * input that is no constant lies otherwise.
 */
export function permuted(
  node: Node,
  layouts: readonly (Layout | undefined)[],
  context: PermutedContext,
): { readonly node: Node; readonly perm: readonly number[] } | undefined {
  const perm = layouts.find((layout) => layout)!.perm;
  if (!isStandard(node) || layouts.some((layout) => layout && `${layout.perm}` !== `${perm}`))
    return undefined;
  const { opType } = node;
  if (ELEMENTWISE.has(opType) || opType === 'Concat') {
    const inputs = node.inputs.map(
      (name, i) => layouts[i]?.source ?? permutedConstant(name, perm, opType === 'Concat', context),
    );
    if (inputs.some((name) => name === undefined)) return undefined;
    const moved = { ...node, inputs: inputs as string[] };
    return { node: opType === 'Concat' ? withAxis(moved, perm, 0) : moved, perm };
  }
  if (!layouts[0] || layouts.slice(1).some((layout) => layout)) return undefined;
  const moved = { ...node, inputs: [layouts[0].source, ...node.inputs.slice(1)] };
  if (UNARY.has(opType)) return { node: moved, perm };
  if (opType === 'Split') return { node: withAxis(moved, perm, 0), perm };
  if (/^(Log)?Softmax$/.test(opType))
    return context.version < 13 ? undefined : { node: withAxis(moved, perm, -1), perm };
  if (opType === 'Pad') return padded(moved, perm, context);
  if (opType.startsWith('Reduce') || opType === 'Squeeze') return reduced(moved, perm, context);
  return undefined;
}

/** The permutation that undoes another. */
export function inverse(perm: readonly number[]): number[] {
  return perm.map((_, axis) => perm.indexOf(axis));
}

const ELEMENTWISE: ReadonlySet<string> = new Set(
  'Add Sub Mul Div Pow Max Min Sum Mean PRelu Where And Or Xor Equal Greater Less GreaterOrEqual LessOrEqual'.split(
    ' ',
  ),
);
const UNARY: ReadonlySet<string> = new Set(
  (
    'Relu LeakyRelu ThresholdedRelu Clip Sigmoid HardSigmoid HardSwish Tanh Elu Selu Celu Mish Gelu Softplus Softsign Erf Exp Log Sqrt ' +
    'Reciprocal Neg Abs Sign Floor Ceil Round Not Cast Identity Dropout'
  ).split(' '),
);

/** A constant as it broadcasts to the source, `whole` with as many axes; undefined for what is no constant, or has more. */
function permutedConstant(
  name: string,
  perm: readonly number[],
  whole: boolean,
  { constants, additions }: PermutedContext,
): string | undefined {
  const constant = constants.get(name);
  if (!constant || widthOf(constant.dataType) === undefined || constant.dims.length > perm.length)
    return undefined;
  if (!whole && sizeOf(constant) === 1) return name;
  const dims = [...new Array<number>(perm.length - constant.dims.length).fill(1), ...constant.dims];
  const turned = transposed({ ...constant, dims }, inverse(perm));
  const from = whole ? 0 : turned.dims.findIndex((dim) => dim !== 1);
  return additions.add({ ...turned, name: `${name}_permuted`, dims: turned.dims.slice(from) });
}

function withAxis(node: Node, perm: readonly number[], otherwise: number): Node {
  const axis = intOf(node, 'axis', otherwise);
  return withAttribute(node, 'axis', perm[axis < 0 ? axis + perm.length : axis]);
}

function withAttribute(node: Node, name: string, value: number | readonly number[]): Node {
  const rest = node.attributes.filter((given) => given.name !== name);
  return { ...node, attributes: [...rest, attribute(name, value)] };
}

/** A Pad of all axes by constants. */
function padded(pad: Node, perm: readonly number[], { constants, additions }: PermutedContext) {
  const given = constants.get(pad.inputs[1] ?? '');
  const pads = given ? integersOf(given) : intsOf(pad, 'pads');
  if (!pads || pad.inputs[3] || pads.length !== 2 * perm.length) return undefined;
  const back = inverse(perm);
  const moved = [...back.map((axis) => pads[axis]), ...back.map((axis) => pads[axis + perm.length])];
  if (!given) return { node: withAttribute(pad, 'pads', moved), perm };
  const name = integers(pad.inputs[1], moved, additions);
  return { node: { ...pad, inputs: [pad.inputs[0], name, ...pad.inputs.slice(2)] }, perm };
}

/**
 * A Reduce... or Squeeze of axes that it names: where they go, the others keep their order. What only the last axis is reduced for is
 * a normalisation written out, that runtimes know by its form.
 */
function reduced(node: Node, perm: readonly number[], { constants, additions }: PermutedContext) {
  const axes = axesOf(node, constants)?.map((axis) => (axis < 0 ? axis + perm.length : axis));
  const keeps = node.opType !== 'Squeeze' && intOf(node, 'keepdims', 1) !== 0;
  if (!axes || axes.length === 0 || (keeps && `${axes}` === `${perm.length - 1}`)) return undefined;
  const moved = axes.map((axis) => perm[axis]);
  const next = node.inputs[1]
    ? { ...node, inputs: [node.inputs[0], integers(node.inputs[1], moved, additions)] }
    : withAttribute(node, 'axes', moved);
  if (keeps) return { node: next, perm };
  const left = perm.filter((_, axis) => !axes.includes(axis));
  const sorted = [...left].sort((a, b) => a - b);
  return { node: next, perm: left.map((axis) => sorted.indexOf(axis)) };
}

function integers(name: string, values: readonly number[], additions: Additions): string {
  return additions.constant(`${name}_permuted`, 'int64', [values.length], BigInt64Array.from(values, BigInt));
}
