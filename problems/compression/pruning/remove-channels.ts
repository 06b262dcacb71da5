import { attribute, tensor as buildTensor } from '../onnx/build.js';
import { constantsOf, withConstants } from '../onnx/constants.js';
import { freshName, inVersion4, namesWithin, withoutUnused } from '../onnx/edit.js';
import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
import { dataOf, integersOf, widthOf, withRawData } from '../onnx/tensor.js';
import type { TracedChannels } from './trace-channels.js';
import type { ChannelAxis, ChannelCount } from './tracer.js';

/**
 * The model without the removed classes of channels (see `selectChannels`): weights, biases and normalisations lose the
 * rows and columns that belong to them, and the nodes that count channels (Pad, Split, depthwise Conv) count anew. What
 * the file says of the shapes of inner values is dropped. `traced` is that of this very model.
 */
export function removeChannels(model: Model, traced: TracedChannels, removed: ReadonlySet<number>): Model {
  if (removed.size === 0) return model;
  const { irVersion, graph } = inVersion4(model);
  const stays = (id: number) => !removed.has(traced.channels.classOf(id));
  const constants = constantsOf(graph);
  const changed = new Map<string, Tensor>();
  for (const axis of traced.axes) {
    if (axis.ids.every(stays)) continue;
    const before = changed.get(axis.tensor) ?? constants.get(axis.tensor)!;
    changed.set(axis.tensor, withoutIndices(before, axis, stays));
  }
  const recounted = recount(withConstants(graph, changed), traced.counts, stays);
  return { ...model, irVersion, graph: { ...recounted, valueInfo: [] } };
}

function withoutIndices(
  tensor: Tensor,
  { axis, ids, width }: ChannelAxis,
  stays: (id: number) => boolean,
): Tensor {
  const { dims } = tensor;
  const bytes = dataOf(tensor);
  const run =
    widthOf(tensor.dataType)! * width * dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const outer = dims.slice(0, axis).reduce((product, dim) => product * dim, 1);
  const kept = Array.from(ids.keys()).filter((i) => stays(ids[i]));
  const data = new Uint8Array(outer * kept.length * run);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const i of kept) {
      const from = (o * ids.length + i) * run;
      data.set(bytes.subarray(from, from + run), at);
      at += run;
    }
  const shape = dims.map((dim, d) => (d === axis ? kept.length * width : dim));
  return { ...withRawData(tensor, data), dims: shape };
}

function recount(graph: Graph, counts: readonly ChannelCount[], stays: (id: number) => boolean): Graph {
  const constants = constantsOf(graph);
  const names = namesWithin(graph);
  const added: Tensor[] = [];
  const replaced = new Set<string>();
  const nodes = [...graph.nodes];
  /** The node with another list of integers as its second input. */
  const withIntegers = (node: Node, values: readonly number[]): Node => {
    const name = freshName(`${node.outputs[0]}_counts`, names);
    added.push(buildTensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt)));
    if (node.inputs[1]) replaced.add(node.inputs[1]);
    return { ...node, inputs: [node.inputs[0], name, ...node.inputs.slice(2)] };
  };
  for (const { node: index, kind, parts } of counts) {
    const sizes = parts.map((ids) => ids.filter(stays).length);
    if (parts.every((ids, i) => ids.length === sizes[i])) continue;
    const node = nodes[index];
    if (kind === 'depthwise') nodes[index] = withAttribute(node, 'group', sizes[0]);
    else if (kind === 'pad') {
      const pads = integersOf(constants.get(node.inputs[1])!)!;
      const rank = pads.length / 2;
      nodes[index] = withIntegers(node, Object.assign([...pads], { 1: sizes[0], [rank + 1]: sizes[2] }));
    } else if (node.attributes.some(({ name }) => name === 'split'))
      nodes[index] = { ...node, attributes: [...without(node, 'split'), attribute('split', sizes)] };
    else nodes[index] = withIntegers({ ...node, attributes: without(node, 'num_outputs') }, sizes);
  }
  return withoutUnused({ ...graph, nodes, initializers: [...graph.initializers, ...added] }, replaced);
}

function withAttribute(node: Node, name: string, value: number): Node {
  return { ...node, attributes: [...without(node, name), attribute(name, value)] };
}

function without(node: Node, name: string): Node['attributes'] {
  return node.attributes.filter((entry) => entry.name !== name);
}

/** Which output features each weight keeps, ascending, by its name: those whose class is not removed. */
export function keptIndices(
  traced: TracedChannels,
  removed: ReadonlySet<number>,
): Map<string, readonly number[]> {
  const outputs = traced.axes.filter(({ role }) => role === 'output');
  return new Map(
    outputs.map(({ tensor, ids }) => [
      tensor,
      [...ids.keys()].filter((i) => !removed.has(traced.channels.classOf(ids[i]))),
    ]),
  );
}
