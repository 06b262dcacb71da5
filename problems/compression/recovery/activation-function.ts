import { isStandard } from '../onnx/constants.js';
import { floatOf, readsOf } from '../onnx/edit.js';
import type { Graph, Node, Tensor } from '../onnx/model.js';
import { isFloat, sizeOf, toFloat32 } from '../onnx/tensor.js';

type Curve = (z: number) => number;

/** What a network makes of each number of a value before it mixes it with others. */
export interface ActivationFunction {
  readonly of: Curve;
  /** The steepest of its chords between -20 and 20; more than 0. */
  readonly slope: number;
}

/**
 * For values by their names: the function of what the network sees of one, where all that reads it are operators that work number by number, with
 * constants of one element or among themselves, and that end in one value which the rest of the network reads: Relu, or x times its Sigmoid
 * (SiLU), or x / 2 times (1 + Erf of x / sqrt 2) (GELU). Null where there is none, where it is straight, or where the value is an output of the graph.
 */
export function activationFunctions(
  graph: Graph,
  constants: ReadonlyMap<string, Tensor>,
): (value: string) => ActivationFunction | null {
  const reads = readsOf(graph);
  const scalar = (name: string) => {
    const tensor = constants.get(name);
    return tensor && isFloat(tensor) && sizeOf(tensor) === 1 ? toFloat32(tensor)[0] : undefined;
  };
  return (value) => {
    const curves = new Map<string, Curve>([[value, (z) => z]]);
    const unread = new Map([[value, reads.get(value) ?? 0]]);
    let last: Curve | undefined;
    for (const node of graph.nodes) {
      const own = node.inputs.filter((name) => curves.has(name));
      const curve = own.length > 0 && isStandard(node) ? curveOf(node, curves, scalar) : undefined;
      if (!curve) continue;
      const [made] = node.outputs;
      for (const name of own) unread.set(name, unread.get(name)! - 1);
      // Nothing else reads what came before it.
      if ([...unread.values()].every((count) => count === 0)) last = curve;
      curves.set(made, curve);
      unread.set(made, reads.get(made) ?? 0);
    }
    return last ? withSlope(last) : null;
  };
}

/** What a node makes of the number; undefined where it does not work number by number. */
function curveOf(
  node: Node,
  curves: ReadonlyMap<string, Curve>,
  scalar: (name: string) => number | undefined,
): Curve | undefined {
  const { opType, inputs } = node;
  const [first, second] = inputs.map((name): Curve | undefined => {
    const constant = scalar(name);
    return curves.get(name) ?? (constant === undefined ? undefined : () => constant);
  });
  if (opType === 'Clip') {
    const [low, high] = ['min', 'max'].map((name, i) =>
      inputs[i + 1]
        ? scalar(inputs[i + 1])
        : floatOf(node, name, i === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY),
    );
    if (low === undefined || high === undefined) return undefined;
    return (z) => Math.min(high, Math.max(low, first!(z)));
  }
  const combine = COMBINED[opType];
  if (combine && inputs.length === 2 && first && second) return (z) => combine(first(z), second(z));
  const simple = SIMPLE[opType]?.(node);
  return simple && inputs.length === 1 ? (z) => simple(first!(z)) : undefined;
}

const COMBINED: Readonly<Record<string, ((a: number, b: number) => number) | undefined>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

const sigmoid: Curve = (z) => 1 / (1 + Math.exp(-z));
const softplus: Curve = (z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)));
const hardSigmoid = (z: number, alpha: number, beta: number) => Math.min(1, Math.max(0, alpha * z + beta));

/** Operators of one input, with the parameters of their nodes. */
const SIMPLE: Readonly<Record<string, ((node: Node) => Curve) | undefined>> = {
  Relu: () => (z) => Math.max(0, z),
  LeakyRelu: (node) => {
    const alpha = floatOf(node, 'alpha', 0.01);
    return (z) => (z < 0 ? alpha * z : z);
  },
  Elu: (node) => {
    const alpha = floatOf(node, 'alpha', 1);
    return (z) => (z < 0 ? alpha * Math.expm1(z) : z);
  },
  Sigmoid: () => sigmoid,
  HardSigmoid: (node) => {
    const [alpha, beta] = [floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5)];
    return (z) => hardSigmoid(z, alpha, beta);
  },
  HardSwish: () => (z) => z * hardSigmoid(z, 1 / 6, 0.5),
  Tanh: () => Math.tanh,
  Erf: () => erf,
  Gelu: () => (z) => (z * (1 + erf(z / Math.SQRT2))) / 2,
  Softplus: () => softplus,
  Mish: () => (z) => z * Math.tanh(softplus(z)),
  Identity: () => (z) => z,
  Dropout: () => (z) => z,
};

/** Abramowitz and Stegun 7.1.26: within 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

/** Null where all chords are equally steep, or one has no slope that is a number. */
function withSlope(of: Curve): ActivationFunction | null {
  const slopes = Array.from(
    { length: 40 / STEP },
    (_, i) => (of(-20 + (i + 1) * STEP) - of(-20 + i * STEP)) / STEP,
  );
  const slope = Math.max(...slopes);
  return slope > 0 && slope < Number.POSITIVE_INFINITY && slope - Math.min(...slopes) > 1e-6 * slope
    ? { of, slope }
    : null;
}

const STEP = 1 / 16;
