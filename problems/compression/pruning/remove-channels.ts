import { attribute, tensor as buildTensor } from '../onnx/build.js';
import { constantsOf, standardVersion, withConstants } from '../onnx/constants.js';
import { freshName, inVersion4, mapAll, namesWithin, withoutUnused } from '../onnx/edit.js';
import type { Graph, Model, Node, Tensor, ValueInfo } from '../onnx/model.js';
import { dataOf, integersOf, widthOf, withRawData } from '../onnx/tensor.js';
import type { TracedChannels } from './trace-channels.js';
import type { ChannelAxis, ChannelCount } from './tracer.js';

/**
 * The model without the removed classes of channels (see `selectChannels`): weights, biases and normalisations lose the
 * rows and columns that belong to them, and the nodes that count channels (Pad, Split, Reshape, Resize, depthwise Conv) count anew. What
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
  const recounted = recount(withConstants(graph, changed), traced.counts, stays, standardVersion(model));
  // A constant that is also an input says its shape there too.
  const inputs = mapAll(recounted.inputs, (input) => {
    const constant = changed.get(input.name);
    return constant ? withDims(input, constant.dims) : input;
  });
  return { ...model, irVersion, graph: { ...recounted, inputs, valueInfo: [] } };
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

function recount(
  graph: Graph,
  counts: readonly ChannelCount[],
  stays: (id: number) => boolean,
  opset: number,
): Graph {
  const constants = constantsOf(graph);
  const names = namesWithin(graph);
  const added: Tensor[] = [];
  const replaced = new Set<string>();
  const nodes = [...graph.nodes];
  /** The node with another list of integers as its second input, or as the one that is said. */
  const withIntegers = (node: Node, values: readonly number[], at = 1): Node => {
    const name = freshName(`${node.outputs[0]}_counts`, names);
    added.push(buildTensor(name, 'int64', [values.length], BigInt64Array.from(values, BigInt)));
    if (node.inputs[at]) replaced.add(node.inputs[at]);
    return { ...node, inputs: [...node.inputs.slice(0, at), name, ...node.inputs.slice(at + 1)] };
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
    } else if (kind === 'shape') {
      const at = node.opType === 'Resize' ? 3 : 1;
      const shape = integersOf(constants.get(node.inputs[at])!)!;
      const size = (shape[1] / parts[0].length) * sizes[0];
      nodes[index] = withIntegers(node, Object.assign([...shape], { 1: size }), at);
    } else if (opset < SPLIT_BY_INPUT)
      nodes[index] = { ...node, attributes: [...without(node, 'split'), attribute('split', sizes)] };
    else nodes[index] = withIntegers({ ...node, attributes: without(node, 'num_outputs') }, sizes);
  }
  return withoutUnused({ ...graph, nodes, initializers: [...graph.initializers, ...added] }, replaced);
}

/** The first operator set whose Split takes its sizes as an input. */
const SPLIT_BY_INPUT = 13;

function withDims(info: ValueInfo, sizes: readonly number[]): ValueInfo {
  const tensor = info.type?.tensor;
  if (!tensor?.shape) return info;
  const dims = sizes.map((value, d) => ({ value, rest: tensor.shape!.dims[d].rest }));
  return { ...info, type: { ...info.type!, tensor: { ...tensor, shape: { ...tensor.shape, dims } } } };
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
    outputs.map(({ tensor, made }) => [
      tensor,
      [...made.keys()].filter((i) => !removed.has(traced.channels.classOf(made[i]))),
    ]),
  );
}
