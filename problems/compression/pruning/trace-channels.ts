import { constantsOf, isStandard } from '../onnx/constants.js';
import { subgraphsOf, usedNames } from '../onnx/edit.js';
import type { Graph, Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { abridged } from '../words.js';
import { RULES } from './channel-rules.js';
import { type CoupledChannels, coupledChannels } from './coupled-channels.js';
import type { ChannelAxis, ChannelCount, Tracer } from './tracer.js';

/** What is known of the channels of a graph. */
export interface TracedChannels {
  readonly channels: CoupledChannels;
  readonly axes: readonly ChannelAxis[];
  readonly counts: readonly ChannelCount[];
  /** Why channels are frozen, a sentence each. */
  readonly notes: readonly string[];
}

/** Why the channels of an output are frozen. */
export const OUTPUT = 'it is an output of the network';

/**
 * Follows the channels of every value through the outermost graph: convolutions and products make new ones and read those of their
 * input; element by element operators, poolings, other sizes of the picture and normalisations by channel keep them; Add and its like couple
 * them; Concat, Split and Pad rearrange them; Flatten and views widen them. A convolution in groups couples the channels that stand at the same
 * place of each group. Where an operator is met that may mix channels (Transpose, Softmax ...), those that it reads are frozen, and a note says
 * so. Outputs of the graph are frozen.
 *
 * O(nodes x channels). Constants must be in the model (see `loadModel`).
 */
export function traceChannels(graph: Graph): TracedChannels {
  const constants = constantsOf(graph);
  const tracer: Tracer = {
    channels: coupledChannels(),
    constants,
    ranks: ranksOf(graph, constants),
    values: new Map(),
    axes: new Map(),
    counts: [],
    mixing: new Set(),
  };
  graph.nodes.forEach((node, index) => {
    const rule = isStandard(node) && subgraphsOf(node).length === 0 ? RULES[node.opType] : undefined;
    if (rule?.(node, index, tracer)) return;
    freezeInputs(node, tracer);
  });
  for (const { name } of graph.outputs) {
    const value = tracer.values.get(name);
    if (value) tracer.channels.freeze(value.ids, OUTPUT);
  }
  return {
    channels: tracer.channels,
    axes: [...tracer.axes.values()],
    counts: tracer.counts,
    notes: notesOf(tracer),
  };
}

function freezeInputs(node: Node, { channels, values, mixing }: Tracer): void {
  const names = [...node.inputs, ...subgraphsOf(node).flatMap((body) => [...usedNames(body)])];
  for (const name of names) {
    const value = values.get(name);
    if (!value) continue;
    const reader = `${node.opType} ${node.name || node.outputs[0]}`;
    channels.freeze(value.ids, `${reader} may mix channels`);
    mixing.add(reader);
  }
}

function notesOf({ mixing }: Tracer): string[] {
  if (mixing.size === 0) return [];
  return [`channels before ${abridged([...mixing])} stay: ${mixing.size > 1 ? 'they' : 'it'} may mix them`];
}
