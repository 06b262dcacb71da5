import { constantsOf } from '../onnx/constants.js';
import { floatOf, readsOf } from '../onnx/edit.js';
import { type Layer, layersOf } from '../onnx/layers.js';
import { ELEMENT_TYPE, type Graph, type Model } from '../onnx/model.js';
import { sizeOf } from '../onnx/tensor.js';
import { type ActivationFunction, activationFunctions } from './activation-function.js';
import { geometryOf, type LayerGeometry } from './patches.js';

/** A layer whose weights can be fitted as a product of matrices. */
export interface Refittable {
  readonly layer: Layer;
  readonly geometry: LayerGeometry;
  /** The name of its bias, where it has one of one number a feature. */
  readonly bias: string | null;
  /** The biases of all layers with its weight, each once, in graph order; of a layer with a weight of its own, its bias alone. */
  readonly biases: readonly (string | null)[];
  readonly output: string;
  /** The value that it is fitted to: its output, or the sum of that and of another branch (where that has the same shape: see `Target`). */
  readonly target: string;
  /** The other branch; null where there is none. */
  readonly shortcut: string | null;
  /** What the network sees of what it is fitted to; null where it sees all of it alike. */
  readonly activation: ActivationFunction | null;
}

/**
 * The layers that can be refitted, in graph order: Conv, ConvTranspose, Gemm without factors, MatMul with its weight on the right, of
 * float32 whose weight and bias only such layers of the same form read. `startOf`: the index of the node before which all that a layer needs
 * is to be there; that of the layer itself unless said.
 */
export function refittableLayers(
  model: Model,
  startOf: (node: number) => number = (node) => node,
): Refittable[] {
  const activationOf = activationFunctions(model.graph, constantsOf(model.graph));
  return refittableInForm(model, startOf).flatMap(({ shares, ...entry }) =>
    shares ? [] : [{ ...entry, activation: activationOf(entry.target) }],
  );
}

interface InForm extends Omit<Refittable, 'activation'> {
  /** Whether something of another form reads its weight or its bias. */
  readonly shares: boolean;
}

/** The layers that could be refitted if nothing of another form read their weights, in graph order. */
export function refittableInForm(model: Model, startOf = (node: number) => node): InForm[] {
  const { graph } = model;
  const constants = constantsOf(graph);
  const reads = readsOf(graph);
  const layers = layersOf(model).layers.flatMap((layer): Omit<InForm, 'biases' | 'shares'>[] => {
    const node = graph.nodes[layer.node];
    const weight = constants.get(layer.weight)!;
    const bias = layer.bias === null ? undefined : constants.get(layer.bias)!;
    const geometry = geometryOf(layer, node, weight);
    const floats = [weight, ...(bias ? [bias] : [])].every(
      ({ dataType }) => dataType === ELEMENT_TYPE.float32,
    );
    const plain = node.inputs[1] === layer.weight;
    const factors = floatOf(node, 'alpha', 1) !== 1 || floatOf(node, 'beta', 1) !== 1;
    if (!geometry || !floats || !plain || (layer.operator === 'Gemm' && factors)) return [];
    if (bias && sizeOf(bias) !== geometry.features) return [];
    const output = graph.nodes[layer.adder ?? layer.node].outputs[0];
    const shortcut = reads.get(output) === 1 ? shortcutOf(graph, output, startOf(layer.node)) : undefined;
    const target = shortcut?.sum ?? output;
    return [{ layer, geometry, bias: layer.bias, output, target, shortcut: shortcut?.other ?? null }];
  });
  return layers.map((entry) => {
    const { layer, geometry } = entry;
    const alike = layers.filter((other) => other.layer.weight === layer.weight);
    const biases = [...new Set(alike.map(({ bias }) => bias))];
    const readByThem = (name: string | null, by: number) => name === null || reads.get(name) === by;
    const shares =
      !alike.every((other) => isAlike(other.geometry, geometry)) ||
      !readByThem(layer.weight, alike.length) ||
      !biases.every((name) => readByThem(name, alike.filter(({ bias }) => bias === name).length));
    return { ...entry, biases, shares };
  });
}

/** Whether a weight means the same to two layers. */
function isAlike(a: LayerGeometry, b: LayerGeometry): boolean {
  return a.groups === b.groups && a.rows === b.rows && a.features === b.features && a.size === b.size;
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
