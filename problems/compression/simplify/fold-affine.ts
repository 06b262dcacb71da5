import { type Additions, additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { channelsOf } from '../onnx/channels.js';
import { constantsOf } from '../onnx/constants.js';
import { inVersion4, makersOf, readsOf, withoutUnused } from '../onnx/edit.js';
import type { Graph, Model, Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { type Affine, affinesOf, composed, isNormOfInference } from './affine.js';
import { afterwards, beforehand, type Context } from './affine-layers.js';

/**
 * The model with sums and products with constants, and normalisations by them, made part of the layers around them: with `k` and `b` what a run of them does to
 * a channel, the weights of the layer before it times `k` and its bias `b + k` times the old one; or else those of the layer behind it times `k`, and `b` through
 * them into its bias. Of what can go nowhere, such as the normalisation of the pixels before a convolution with padding, runs become one node or two.
 * In double precision, rounded once. The same object when there is nothing to do.
 *
 * Folded where nothing else reads what lies between, and the layers are Conv, ConvTranspose without groups, Gemm without factors or MatMul of constant float32
 * weights. An offset stays before a Conv that pads, whose zeros it does not reach, and beside a MatMul, which has no bias; so does what is done to a product or
 * quotient of two values, unless it becomes part of a layer before it.
 */
export function foldAffine(model: Model): Model {
  const current = inVersion4(model);
  const next = foldedOnce(current.graph);
  return next ? foldAffine({ ...current, graph: next }) : model;
}

/** The graph with the runs folded that touch no layer twice; undefined where there are none. */
function foldedOnce(graph: Graph): Graph | undefined {
  const constants = constantsOf(graph);
  const context = { constants, ranks: ranksOf(graph, constants), channels: channelsOf(graph, constants) };
  const additions = additionsTo(graph);
  const reads = readsOf(graph);
  const makers = makersOf(graph);
  const readers = new Map(graph.nodes.flatMap((node) => node.inputs.map((name) => [name, node] as const)));
  const replacement = new Map<Node, readonly Node[]>();
  const touched = new Set<Node>();
  for (const { affine, nodes: run, output } of runsOf(graph, reads)) {
    const before = reads.get(affine.input) === 1 ? makers.get(affine.input) : undefined;
    const behind = reads.get(output) === 1 ? readers.get(output) : undefined;
    const places = [...run, ...[before, behind].filter((node) => node !== undefined)];
    if (places.some((node) => touched.has(node))) continue;
    const into = before && afterwards(before, affine, output, context, additions);
    // The end of a GELU, or of a normalisation written out: runtimes know them by their form.
    const ofTwo = /^(Mul|Div)$/.test(makers.get(affine.input)?.opType ?? '');
    const rest = !into && !ofTwo;
    const through = rest && behind ? beforehand(behind, affine, context, additions) : undefined;
    const fewer = rest && !through ? merged(run, affine, output, context, additions) : undefined;
    if (!into && !through && !fewer) continue;
    for (const node of run) replacement.set(node, []);
    if (into) {
      replacement.set(before!, into.slice(0, 1));
      replacement.set(run[0], into.slice(1));
    } else if (through) replacement.set(behind!, through);
    else replacement.set(run[0], fewer!);
    for (const node of places) touched.add(node);
  }
  if (touched.size === 0) return undefined;
  const replaced = [...replacement.keys()].flatMap(({ inputs }) => inputs);
  const nodes = graph.nodes.flatMap((old) => replacement.get(old) ?? [old]);
  return withoutUnused(
    rebuilt(graph, nodes, additions),
    new Set(replaced.filter((name) => constants.has(name))),
  );
}

/** Nodes one behind the other, and what they do together. */
interface Run {
  readonly affine: Affine;
  readonly nodes: readonly Node[];
  readonly output: string;
}

function runsOf(graph: Graph, reads: ReadonlyMap<string, number>): Run[] {
  const runs = new Map<string, Run>();
  for (const [node, affine] of affinesOf(graph)) {
    const [output] = node.outputs;
    const before = reads.get(affine.input) === 1 ? runs.get(affine.input) : undefined;
    const both = before && composed(before.affine, affine);
    if (before) runs.delete(both ? affine.input : '');
    runs.set(
      output,
      both ? { affine: both, nodes: [...before.nodes, node], output } : { affine, nodes: [node], output },
    );
  }
  return [...runs.values()];
}

/** The run in fewer nodes: a normalisation where one was among them, or a Mul and an Add. */
function merged(
  run: readonly Node[],
  { input, axis, factors, offsets }: Affine,
  output: string,
  { ranks, channels }: Context,
  additions: Additions,
): Node[] | undefined {
  const norm = run.find(isNormOfInference);
  const size = factors.length;
  const [k, b] = [factors, offsets].map((values) => Float32Array.from(values));
  if (norm && run.length > 1 && channels.get(input) === size) {
    const [mean, variance] = [0, 1].map((value) => new Float32Array(size).fill(value));
    const parameters = Object.entries({ scale: k, shift: b, mean, variance });
    const inputs = parameters.map(([name, values]) =>
      additions.constant(`${output}_${name}`, 'float32', [size], values),
    );
    // Next to nothing, as 0 counts as not given.
    return [
      node(
        'BatchNormalization',
        [input, ...inputs],
        [output],
        { epsilon: { float: 1e-12 } },
        { name: norm.name },
      ),
    ];
  }
  const rank = ranks.get(input);
  if (norm || (axis !== undefined && rank === undefined)) return undefined;
  const dims = axis === undefined ? [] : [size, ...new Array(rank! - axis - 1).fill(1)];
  const parts = [
    ...(k.some((factor) => factor !== 1) ? [['Mul', k] as const] : []),
    ...(b.some((offset) => offset !== 0) ? [['Add', b] as const] : []),
  ];
  if (parts.length === 0 || parts.length >= run.length) return undefined;
  const steps = parts.map((_, i) => (i === parts.length - 1 ? output : additions.fresh(`${output}_scaled`)));
  return parts.map(([operator, values], i) =>
    node(
      operator,
      [i === 0 ? input : steps[i - 1], additions.constant(`${output}_${operator}`, 'float32', dims, values)],
      [steps[i]],
    ),
  );
}
