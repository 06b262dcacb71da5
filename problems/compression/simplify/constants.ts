import { emptyTensor } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { inVersion4, makersOf, subgraphsOf, usedNames, withoutUnused } from '../onnx/edit.js';
import {
  ELEMENT_TYPE,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
} from '../onnx/model.js';
import { withRawData } from '../onnx/tensor.js';
import { writeModel } from '../onnx/write.js';

/** A tensor that was computed: its bytes little-endian. */
export interface Computed {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/** Evaluates a model without inputs: the tensors of the named outputs, by name. */
export type EvaluateConstants = (
  bytes: Uint8Array,
  names: readonly string[],
) => Promise<ReadonlyMap<string, Computed>>;

/** A folded constant may be this many bytes larger than what it was made from. */
const GROWTH = 4096;

/**
 * The model with everything that constants alone decide computed once, by `evaluate`, and kept as initializers. Nodes and constants that nothing reads any more leave the file.
 * Random operators and control flow stay, as do constants that would grow by more than 4 KiB (a ConstantOfShape of a
 * large shape).
 */
export async function foldConstants(model: Model, evaluate: EvaluateConstants): Promise<Model> {
  const current = inVersion4(model);
  const { graph } = current;
  const sizes = new Map([...constantsOf(graph)].map(([name, constant]) => [name, bytesOf(constant)]));
  const makers = makersOf(graph);
  for (const kept = new Set<Node>(); ; ) {
    const folding = decidedByConstants(graph, kept);
    const wanted = frontier(graph, folding);
    const results =
      wanted.length > 0 ? await evaluate(writeModel(closed(current, graph, folding, wanted)), wanted) : [];
    const added: Tensor[] = [];
    const before = kept.size;
    for (const [name, { type, dims, data }] of results) {
      const maker = makers.get(name)!;
      if (maker.opType !== 'Constant' && data.length > sourceOf(maker, makers, sizes) + GROWTH)
        kept.add(maker);
      added.push(withRawData(emptyTensor(name, ELEMENT_TYPE[type as ElementType], dims), data));
    }
    if (kept.size > before) continue;
    const nodes = graph.nodes.filter((candidate) => !folding.has(candidate));
    const initializers = [...graph.initializers, ...added];
    return { ...current, graph: withoutIdleNodes({ ...graph, nodes, initializers }) };
  }
}

/** The nodes that constants alone decide, but for those to be kept. */
function decidedByConstants(graph: Graph, kept: ReadonlySet<Node>): Set<Node> {
  const known = new Set(constantsOf(graph).keys());
  const decided = graph.nodes.filter((candidate) => {
    const { inputs, outputs } = candidate;
    if (kept.has(candidate) || !isPure(candidate)) return false;
    if (!inputs.every((name) => name === '' || known.has(name))) return false;
    for (const name of outputs) known.add(name);
    return true;
  });
  return new Set(decided);
}

/** A model without inputs that computes the wanted values. */
function closed(model: Model, graph: Graph, folding: ReadonlySet<Node>, wanted: readonly string[]): Model {
  const outputs = wanted.map((name) => ({ name, rest: new Uint8Array(0) }));
  const inner = { ...graph, nodes: [...folding], inputs: [], outputs, valueInfo: [] };
  return { ...model, graph: withoutIdleNodes(inner) };
}

/** Results of folding that something outside still reads. */
function frontier(graph: Graph, folding: ReadonlySet<Node>): string[] {
  const rest = { ...graph, nodes: graph.nodes.filter((candidate) => !folding.has(candidate)) };
  const used = usedNames(rest);
  return [...folding].flatMap(({ outputs }) => outputs.filter((name) => name !== '' && used.has(name)));
}

/** Not folded: what draws at random, and what is there for the runtime to fuse. */
const IMPURE = /^(Random|Bernoulli|Multinomial|Dropout|QuantizeLinear|DequantizeLinear)/;

/** Whether a node gives the same for the same inputs, and computes it by itself. */
export function isPure(candidate: Node): boolean {
  return isStandard(candidate) && subgraphsOf(candidate).length === 0 && !IMPURE.test(candidate.opType);
}

/** Bytes of the constants that a folded node's results are made from, by way of others too. */
function sourceOf(
  maker: Node,
  makers: ReadonlyMap<string, Node>,
  sizes: ReadonlyMap<string, number>,
): number {
  const names = new Set(maker.inputs);
  let bytes = 0;
  for (const name of names) {
    bytes += sizes.get(name) ?? 0;
    for (const input of makers.get(name)?.inputs ?? []) names.add(input);
  }
  return bytes;
}

function bytesOf(tensor: Tensor): number {
  return withRawData(tensor).rawData!.length;
}

/** The graph without nodes and initializers that lead to no output. */
export function withoutIdleNodes(graph: Graph): Graph {
  let current = graph;
  for (;;) {
    const used = usedNames(current);
    const nodes = current.nodes.filter(({ outputs }) => outputs.some((name) => used.has(name)));
    if (nodes.length === current.nodes.length) break;
    current = { ...current, nodes };
  }
  return withoutUnused(current, new Set(current.initializers.map(({ name }) => name)));
}
