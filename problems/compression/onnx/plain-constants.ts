import { constantsOf, isStandard } from './constants.js';
import { attributeOf, inVersion4, mapAll, subgraphsOf, usedNames, withoutUnused } from './edit.js';
import type { Graph, Model, Node, Tensor } from './model.js';
import { isFloat, transposed } from './tensor.js';

/**
 * The model with its floating-point constants where they are read: what an Identity or a Transpose makes of a constant
 * becomes a constant itself, and the node goes. Exporters write both: PyTorch merges parameters that happen to be equal
 * (`Identity(1.bias) -> 2.bias`) and, without constant folding, transposes the weight of a linear layer in the graph.
 *
 * An Identity's constant takes the name of the Identity's output, so parameters that were merged are apart again. A
 * constant that is read by equal Transposes alone is transposed in place and keeps its name: one weight, however many
 * layers share it. The same object when there is nothing to do.
 */
export function withPlainConstants(model: Model): Model {
  const { irVersion, graph } = inVersion4(model);
  const constants = constantsOf(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const inner = new Set(
    graph.nodes.flatMap((node) => subgraphsOf(node).flatMap((body) => [...usedNames(body)])),
  );
  const added = new Map<string, Tensor>();
  const replaced = new Map<string, Tensor>();
  const renamed = new Map<string, string>();
  const sources = new Set<string>();
  const gone = new Set<Node>();
  for (const node of graph.nodes) {
    const [input] = node.inputs;
    const [output] = node.outputs;
    const source = constants.get(input);
    if (!source || !isFloat(source) || !isStandard(node) || node.inputs.length !== 1 || outputs.has(output))
      continue;
    if (node.opType === 'Identity') add(node, source);
    else if (node.opType === 'Transpose') transpose(node, input, output, source);
  }
  if (gone.size === 0) return model;
  return { ...model, irVersion, graph: withoutUnused(rewritten(), sources) };

  function add(node: Node, tensor: Tensor): void {
    const [name] = node.outputs;
    const plain = { ...tensor, name };
    constants.set(name, plain);
    added.set(name, plain);
    sources.add(node.inputs[0]);
    gone.add(node);
  }

  function transpose(node: Node, input: string, output: string, source: Tensor): void {
    const perm = permutationOf(node, source);
    if (!perm) return;
    const alone = !inner.has(input) && !inner.has(output) && !outputs.has(input);
    if (!alone || !readersOf(graph, input).every((reader) => sameTranspose(reader, source, perm))) {
      add(node, transposed(source, perm));
      return;
    }
    // Computed once for the first of equal Transposes; the readers of each then read the constant itself.
    if (!replaced.has(input)) replaced.set(input, transposed(source, perm));
    renamed.set(output, input);
    gone.add(node);
  }

  function rewritten(): Graph {
    const change = (tensor: Tensor) => replaced.get(tensor.name) ?? tensor;
    const initializers = [...graph.initializers, ...added.values()].map(change);
    const known = new Set(initializers.map(({ name }) => name));
    // A Constant node that was transposed in place becomes an initializer of its name.
    for (const [name, tensor] of replaced) if (!known.has(name)) initializers.push({ ...tensor, name });
    const nodes = graph.nodes
      .filter((node) => !gone.has(node) && !(node.opType === 'Constant' && replaced.has(node.outputs[0])))
      .map((node) => {
        const inputs = mapAll(node.inputs, (name) => renamed.get(name) ?? name);
        return inputs === node.inputs ? node : { ...node, inputs };
      });
    // What the file says of the shape of a constant that was turned is true no more.
    const stale = ({ name }: { readonly name: string }) => replaced.has(name) || renamed.has(name);
    return {
      ...graph,
      initializers,
      nodes,
      inputs: graph.inputs.filter((info) => !stale(info)),
      valueInfo: graph.valueInfo.filter((info) => !stale(info)),
    };
  }
}

function readersOf(graph: Graph, name: string): Node[] {
  return graph.nodes.filter(({ inputs }) => inputs.includes(name));
}

function sameTranspose(node: Node, source: Tensor, perm: readonly number[]): boolean {
  return node.opType === 'Transpose' && isStandard(node) && `${permutationOf(node, source)}` === `${perm}`;
}

/** The axes of a Transpose, reversed where it names none; null when they do not fit the constant. */
function permutationOf(node: Node, { dims }: Tensor): number[] | null {
  const axes = dims.map((_, axis) => axis);
  const ints = attributeOf(node, 'perm')?.ints;
  if (!ints || ints.length === 0) return axes.reverse();
  const perm = ints.map(Number);
  return perm.length === dims.length && axes.every((axis) => perm.includes(axis)) ? perm : null;
}
