import { InputError, show } from '../../../src/index.js';
import { constantsOf } from '../onnx/constants.js';
import { fixedNames, withoutUnused } from '../onnx/edit.js';
import { layersOf } from '../onnx/layers.js';
import type { Graph, Model } from '../onnx/model.js';
import { abridged } from '../words.js';

/** A branch with layers that an Add puts to its own input: without it the network still computes something of the same form. */
export interface ResidualBlock {
  /** That of the first weight on the branch. */
  readonly name: string;
  /** Indices of the nodes of the branch, ascending: nothing else reads what they make. */
  readonly nodes: readonly number[];
  /** Index of the Add. */
  readonly adder: number;
  /** What the Add adds the branch to, and what it gives. */
  readonly shortcut: string;
  readonly sum: string;
}

/**
 * The residual blocks of a graph (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, section 3.2), in its order: an Add whose one
 * side is the value that the other side is computed from, or made of that without layers (a Pad, a pooling), and whose other side has layers. A shortcut with
 * layers of its own is none, nor is a sum that is an output of the graph or read by the body of an If, Loop or Scan, nor one whose branch begins with
 * the weight of a block before it. Shapes are not looked at. O(nodes^2).
 */
export function residualBlocks(model: Model): ResidualBlock[] {
  const { graph } = model;
  const layers = new Map(layersOf(model).layers.map(({ node, weight }) => [node, weight]));
  const values = valuesOf(graph);
  const blocks = graph.nodes.flatMap(({ opType, inputs, outputs: [sum] }, adder): ResidualBlock[] => {
    if (opType !== 'Add' || values.fixed.has(sum)) return [];
    const sides = inputs.map((value) => branchTo(value, adder, graph, values));
    for (const [side, other] of [
      [0, 1],
      [1, 0],
    ]) {
      const { nodes, entries } = sides[side];
      const { entries: whole } = sides[other];
      const weight = nodes.map((node) => layers.get(node)).find((name) => name !== undefined);
      const plain = sides[other].nodes.every((node) => !layers.has(node));
      if (weight === undefined || !plain || entries.length !== 1) continue;
      if (whole.length !== 1 || whole[0] !== entries[0]) continue;
      return [{ name: weight, nodes, adder, shortcut: inputs[other], sum }];
    }
    return [];
  });
  return blocks.filter(({ name }, i) => blocks.findIndex((block) => block.name === name) === i);
}

/** The model without one of its residual blocks: what the Add gave is the shortcut alone. */
export function removeBlock(model: Model, { nodes: branch, adder, shortcut, sum }: ResidualBlock): Model {
  const { graph } = model;
  const gone = new Set([...branch, adder]);
  const nodes = graph.nodes
    .filter((_, index) => !gone.has(index))
    .map((node) =>
      node.inputs.includes(sum)
        ? { ...node, inputs: node.inputs.map((name) => (name === sum ? shortcut : name)) }
        : node,
    );
  const left = new Set([...gone].flatMap((index) => graph.nodes[index].outputs));
  const valueInfo = graph.valueInfo.filter(({ name }) => !left.has(name));
  const constants = constantsOf(graph);
  const idle = new Set(
    branch.flatMap((index) => graph.nodes[index].inputs).filter((name) => constants.has(name)),
  );
  return { ...model, graph: withoutUnused({ ...graph, nodes, valueInfo }, idle) };
}

/**
 * The model without the named ones of its blocks. `removable`: the names of those that can leave. Throws an InputError when another one is named.
 */
export function withoutBlocks(model: Model, names: readonly string[], removable: readonly string[]): Model {
  const other = names.find((name) => !removable.includes(name));
  if (other !== undefined)
    throw new InputError(
      removable.length === 0
        ? `no residual block can leave this network, got ${show(other)}`
        : `a block must be one of ${abridged(removable)}, got ${show(other)}`,
    );
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`a block leaves once, got ${show(twice)} twice`);
  return names.reduce(
    (current, name) => removeBlock(current, residualBlocks(current).find((block) => block.name === name)!),
    model,
  );
}

interface Values {
  readonly makers: ReadonlyMap<string, number>;
  readonly readers: ReadonlyMap<string, readonly number[]>;
  readonly constants: { has(name: string): boolean };
  /** Outputs of the graph, and what subgraphs read. */
  readonly fixed: ReadonlySet<string>;
}

function valuesOf(graph: Graph): Values {
  const makers = new Map<string, number>();
  const readers = new Map<string, number[]>();
  graph.nodes.forEach((node, index) => {
    for (const name of node.outputs) makers.set(name, index);
    for (const name of new Set(node.inputs)) readers.set(name, [...(readers.get(name) ?? []), index]);
  });
  return { makers, readers, constants: constantsOf(graph), fixed: fixedNames(graph) };
}

/** The nodes that work for one side of an Add alone, ascending, and the values that they are computed from: the side itself where there are no such nodes. */
function branchTo(
  side: string,
  adder: number,
  { nodes }: Graph,
  { makers, readers, constants, fixed }: Values,
): { readonly nodes: readonly number[]; readonly entries: readonly string[] } {
  const branch = new Set<number>();
  const entries = new Set<string>();
  const own = (index: number) =>
    nodes[index].outputs.every(
      (name) =>
        !fixed.has(name) &&
        (readers.get(name) ?? []).every((reader) => (name === side ? reader === adder : branch.has(reader))),
    );
  // From the last node to the first: whoever reads what a node makes was decided before.
  const waiting = new Set([side]);
  for (let index = adder - 1; index >= 0; index--) {
    const { inputs, outputs } = nodes[index];
    if (!outputs.some((name) => waiting.has(name)) || !own(index)) continue;
    branch.add(index);
    for (const name of inputs) if (name !== '') waiting.add(name);
  }
  for (const name of waiting) {
    const maker = makers.get(name);
    if ((maker === undefined || !branch.has(maker)) && !constants.has(name)) entries.add(name);
  }
  return { nodes: [...branch].sort((a, b) => a - b), entries: [...entries] };
}
