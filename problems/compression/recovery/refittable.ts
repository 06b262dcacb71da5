import { constantsOf } from '../onnx/constants.js';
import { floatOf, readsOf, subgraphsOf, usedNames } from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node } from '../onnx/model.js';
import { sizeOf } from '../onnx/tensor.js';
import { type ActivationFunction, activationFunctions } from './activation-function.js';
import { geometryOf, type LayerGeometry } from './patches.js';

/** A layer whose weights can be fitted as a product of matrices. */
export interface Refittable {
  readonly layer: Layer;
  readonly geometry: LayerGeometry;
  /** The name of its bias, where it has one of one number a feature. */
  readonly bias: string | null;
  /** The value that it is fitted to: its output, or the sum of that and of another branch. */
  readonly target: string;
  /** The other branch; null where there is none. */
  readonly shortcut: string | null;
  /** What the network sees of what it is fitted to; null where it sees all of it alike. */
  readonly activation: ActivationFunction | null;
}

/**
 * The layers that can be refitted, in graph order: Conv of pictures, Gemm without factors, MatMul with its weight on the right, of
 * float32 whose weight and bias nothing else reads.
 */
export function refittableLayers(model: Model): Refittable[] {
  const activationOf = activationFunctions(model.graph, constantsOf(model.graph));
  return layersByThemselves(model).flatMap(({ shares, ...entry }) =>
    shares ? [] : [{ ...entry, activation: activationOf(entry.target) }],
  );
}

interface ByItself extends Omit<Refittable, 'activation'> {
  /** Whether something else reads its weight or its bias. */
  readonly shares: boolean;
}

/** The layers that could be refitted if nothing else read their weights, in graph order. */
function layersByThemselves(model: Model): ByItself[] {
  const { graph } = model;
  const constants = constantsOf(graph);
  const reads = readsOf(graph);
  const isShared = (name: string | null) => name !== null && reads.get(name) !== 1;
  return layersOf(model).layers.flatMap((layer) => {
    const node = graph.nodes[layer.node];
    const weight = constants.get(layer.weight)!;
    const bias = layer.bias === null ? undefined : constants.get(layer.bias)!;
    const geometry = geometryOf(layer, node, weight);
    const floats = [weight, ...(bias ? [bias] : [])].every(
      ({ dataType }) => dataType === ELEMENT_TYPE.float32,
    );
    const plain = node.inputs[1] === layer.weight;
    const shares = isShared(layer.weight) || isShared(layer.bias);
    const factors = floatOf(node, 'alpha', 1) !== 1 || floatOf(node, 'beta', 1) !== 1;
    if (!geometry || !floats || !plain || (layer.operator === 'Gemm' && factors)) return [];
    if (bias && sizeOf(bias) !== geometry.features) return [];
    const output = graph.nodes[layer.adder ?? layer.node].outputs[0];
    const shortcut = reads.get(output) === 1 ? shortcutOf(graph, output, layer.node) : undefined;
    const target = shortcut?.sum ?? output;
    const { bias: name } = layer;
    return [{ layer, geometry, bias: name, target, shortcut: shortcut?.other ?? null, shares }];
  });
}

/** The Add that reads a value, where what it adds is computed before `node`. */
function shortcutOf(graph: Graph, value: string, node: number): { sum: string; other: string } | undefined {
  const sum = graph.nodes.find(({ opType, inputs }) => opType === 'Add' && inputs.includes(value));
  const other = sum?.inputs.find((name) => name !== value);
  if (!sum || other === undefined) return undefined;
  const before = graph.nodes
    .slice(0, node)
    .some(({ opType, outputs }) => opType !== 'Constant' && outputs.includes(other));
  return before ? { sum: sum.outputs[0], other } : undefined;
}

/** A model whose nodes stand in the order in which its layers are recovered, and these. */
export interface RunningOrder {
  readonly model: Model;
  readonly layers: readonly Refittable[];
  /** The names of the layers that only a weight or bias which something else reads keeps from being refitted, in graph order. */
  readonly sharing: readonly string[];
}

/**
 * The model with its layers as late among its nodes as they can be: what an Add puts to the output of a layer is then there before
 * the layer, wherever it does not depend on that.
 */
export function inRunningOrder(model: Model): RunningOrder {
  const { graph } = model;
  const layers = layersByThemselves(model);
  const waiting = new Set(layers.flatMap(({ layer, shares }) => (shares ? [] : [layer.node])));
  const missing = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const ready = (node: Node) =>
    [...node.inputs, ...subgraphsOf(node).flatMap((body) => [...usedNames(body)])].every(
      (name) => !missing.has(name),
    );
  const left = [...graph.nodes.keys()];
  const nodes: Node[] = [];
  while (left.length > 0) {
    const free = left.findIndex((index) => !waiting.has(index) && ready(graph.nodes[index]));
    const at =
      free >= 0
        ? free
        : Math.max(
            0,
            left.findIndex((index) => ready(graph.nodes[index])),
          );
    const node = graph.nodes[left.splice(at, 1)[0]];
    for (const name of node.outputs) missing.delete(name);
    nodes.push(node);
  }
  const ordered = { ...model, graph: { ...graph, nodes } };
  const sharing = layers.flatMap(({ layer, shares }) => (shares ? [layer.name] : []));
  return { model: ordered, layers: refittableLayers(ordered), sharing };
}
