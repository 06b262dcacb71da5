import { attribute } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { fixedNames, intOf, intsOf, makersOf, readsOf, stringOf } from '../onnx/edit.js';
import type { Model, Node, Tensor } from '../onnx/model.js';
import { integersOf, toFloat32 } from '../onnx/tensor.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model with each Pad of a picture by zeros made part of what alone reads it: a Conv; an AveragePool, which counts what is padded then; or
 * a MaxPool, where nothing is below zero. Exporters write them apart where the sides differ, and integer kernels do not take them in. The same object
 * when there is nothing to do.
 *
 * A Pad stays where it pads axes of samples or channels, cuts, or names its axes; where what reads it pads by rules (`auto_pad`), rounds its size up, or would pad by
 * as much as its window.
 */
export function padsWithin(model: Model): Model {
  const { graph } = model;
  const constants = constantsOf(graph);
  const makers = makersOf(graph);
  const fixed = fixedNames(graph);
  const pads = new Map<string, { readonly source: string; readonly sides: readonly number[] }>();
  for (const node of graph.nodes) {
    const sides = sidesOf(node, constants);
    if (sides && !fixed.has(node.outputs[0])) pads.set(node.outputs[0], { source: node.inputs[0], sides });
  }
  const reads = readsOf(graph);
  const nodes = graph.nodes.map((node) => {
    const pad = pads.get(node.inputs[0]);
    if (!pad || reads.get(node.inputs[0]) !== 1) return node;
    return padded(node, pad.source, pad.sides, makers.get(pad.source), constants) ?? node;
  });
  if (nodes.every((node, i) => node === graph.nodes[i])) return model;
  return { ...model, graph: withoutIdleNodes({ ...graph, nodes }) };
}

/** Zeros that a Pad puts before each place axis, then behind each; undefined where it does anything else. */
function sidesOf(pad: Node, constants: ReadonlyMap<string, Tensor>): number[] | undefined {
  if (pad.opType !== 'Pad' || !isStandard(pad) || pad.inputs[3]) return undefined;
  if (stringOf(pad, 'mode', 'constant') !== 'constant') return undefined;
  const given = constants.get(pad.inputs[1] ?? '');
  const value = pad.inputs[2] ? constants.get(pad.inputs[2]) : undefined;
  if (pad.inputs[2] && !(value && toFloat32(value).every((zero) => zero === 0))) return undefined;
  const all = given && integersOf(given);
  if (!all || all.some((side) => side < 0)) return undefined;
  const axes = all.length / 2;
  if ([0, 1, axes, axes + 1].some((axis) => all[axis] !== 0)) return undefined;
  return [...all.slice(2, axes), ...all.slice(axes + 2)];
}

/** The node with what was padded before it among its own pads; undefined where that would be something else. */
function padded(
  node: Node,
  source: string,
  sides: readonly number[],
  maker: Node | undefined,
  constants: ReadonlyMap<string, Tensor>,
): Node | undefined {
  const takes = isStandard(node) && TAKES_PADS[node.opType]?.(node, maker, constants);
  if (!takes || stringOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || intOf(node, 'ceil_mode', 0) !== 0)
    return undefined;
  const own = intsOf(node, 'pads') ?? sides.map(() => 0);
  const pads = sides.map((side, i) => side + own[i]);
  const kernel = intsOf(node, 'kernel_shape');
  if (node.opType !== 'Conv' && !kernel?.every((size, i) => pads[i] < size && pads[i + kernel.length] < size))
    return undefined;
  const counted = node.opType === 'AveragePool' ? [attribute('count_include_pad', 1)] : [];
  const rest = node.attributes.filter(({ name }) => name !== 'pads' && name !== 'count_include_pad');
  const attributes = [...rest, attribute('pads', pads), ...counted];
  return { ...node, inputs: [source, ...node.inputs.slice(1)], attributes };
}

/** What can take a Pad in: whether it does. */
const TAKES_PADS: Readonly<
  Record<string, (node: Node, maker: Node | undefined, constants: ReadonlyMap<string, Tensor>) => boolean>
> = {
  Conv: () => true,
  AveragePool: (node) =>
    intOf(node, 'count_include_pad', 0) === 1 || (intsOf(node, 'pads') ?? []).every((side) => side === 0),
  MaxPool: (node, maker, constants) =>
    node.outputs.length === 1 && maker !== undefined && isPositive(maker, constants),
};

function isPositive(maker: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (!isStandard(maker)) return false;
  if (maker.opType === 'Relu' || maker.opType === 'Sigmoid') return true;
  const least = maker.opType === 'Clip' ? constants.get(maker.inputs[1] ?? '') : undefined;
  return least !== undefined && toFloat32(least)[0] >= 0;
}
