import { InputError } from '../../../src/index.js';
import { additionsTo, rebuilt } from './additions.js';
import { attribute } from './build.js';
import { constantsOf, isStandard, standardVersion } from './constants.js';
import { inVersion4, makersOf, mapAll, namesWithin, subgraphsOf } from './edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor, type ValueInfo } from './model.js';
import { type Conversion, conversions } from './opset-conversions.js';

/** The operator set that {@link toOpset13} makes: the first with quantization by channel, and the last whose operators all earlier ones convert to. */
export const TARGET_OPSET = 13;
/** The oldest operator set that can be converted: earlier ones broadcast by attributes. */
const OLDEST = 7;

/**
 * A model of operator set 7 to 12 in operator set 13, operator by operator, bodies of If, Loop and Scan included: axes, bounds, pads and the like become inputs,
 * Upsample a Resize, Softmax over several axes a Softmax between two reshapes; Dropout of training loses its ratio. The same object when it is of 13 or later.
 *
 * Throws an InputError that names the operator set, and the node where one stands in the way.
 */
export function toOpset13(model: Model): Model {
  const from = standardVersion(model);
  if (from >= TARGET_OPSET) return model;
  if (from < OLDEST)
    throw new InputError(
      `models of operator set ${OLDEST} or later can be converted to ${TARGET_OPSET}, got ${from}`,
    );
  const current = inVersion4(model);
  const graph = converted(current.graph, { from, names: namesWithin(current.graph), outer: new Map() });
  const opsets = current.opsets.map((set) => (isStandard(set) ? { ...set, version: TARGET_OPSET } : set));
  return { ...current, graph, opsets };
}

interface Scope {
  readonly from: number;
  readonly names: Set<string>;
  /** Constants of the graphs around this one. */
  readonly outer: ReadonlyMap<string, Tensor>;
}

function converted(graph: Graph, scope: Scope): Graph {
  const constants = new Map([...scope.outer, ...constantsOf(graph)]);
  const additions = additionsTo(graph, scope.names);
  const { fresh, constant } = additions;
  const known = { constants, rank: rankIn(graph, constants), half: usesHalf(graph) };
  const conversion: Conversion = { ...known, fresh, constant };
  const nodes = graph.nodes.flatMap((old) => {
    const node = withBodies(old, (body) => converted(body, { ...scope, outer: constants }));
    const step = isStandard(node) ? conversions[node.opType] : undefined;
    if (!step || scope.from >= step.until) return [node];
    const result = step.convert(node, conversion);
    if (typeof result === 'string')
      throw new InputError(
        `a model of operator set ${scope.from} must have only nodes that can be converted to ${TARGET_OPSET}, got ${node.opType} ${node.name || node.outputs[0]}: ${result}`,
      );
    return result;
  });
  return rebuilt(graph, nodes, additions);
}

function withBodies(node: Node, change: (body: Graph) => Graph): Node {
  if (subgraphsOf(node).length === 0) return node;
  const attributes = mapAll(node.attributes, (old) => (old.g ? attribute(old.name, change(old.g)) : old));
  return { ...node, attributes };
}

/** The number of axes of a value, where the file or the operator that makes it tells. */
function rankIn(graph: Graph, constants: ReadonlyMap<string, Tensor>): Conversion['rank'] {
  const typed = new Map<string, ValueInfo>(
    [...graph.inputs, ...graph.outputs, ...graph.valueInfo].map((info) => [info.name, info]),
  );
  const makers = makersOf(graph);
  return (name) => {
    const known = constants.get(name)?.dims ?? typed.get(name)?.type?.tensor?.shape?.dims;
    if (known) return known.length;
    const maker = makers.get(name);
    return maker && isStandard(maker) && ['Flatten', 'Gemm'].includes(maker.opType) ? 2 : undefined;
  };
}

/** Whether numbers of half precision flow in a graph: types of new constants then cannot be told. */
function usesHalf({ inputs, initializers }: Graph): boolean {
  const half = [ELEMENT_TYPE.float16, ELEMENT_TYPE.bfloat16, ELEMENT_TYPE.float64] as number[];
  return (
    initializers.some(({ dataType }) => half.includes(dataType)) ||
    inputs.some(({ type }) => half.includes(type?.tensor?.elementType ?? 0))
  );
}
