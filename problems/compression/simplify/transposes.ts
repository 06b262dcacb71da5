import { additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { constantsOf, isStandard, standardVersion } from '../onnx/constants.js';
import { fixedNames, freshName, intsOf, namesWithin } from '../onnx/edit.js';
import type { Graph, Model, Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { withoutIdleNodes } from './constants.js';
import { inverse, permuted } from './permuted.js';
import { postponing } from './postponed.js';

/**
 * The model with its Transposes moved forward through operators that treat all axes alike, until one meets another that undoes it, where fewer are left so.
 * Exporters of networks with the channels last write two around each convolution, and what lies between is neither fused, traced nor quantized. Constants and axes that
 * those operators name are permuted with them. One behind a convolution moves also where as many are left, for what comes between becomes part of the
 * convolution. Where a network begins with such operators, the first Transpose is moved before them, if no more are left. The same object
 * when there is nothing to do.
 *
 * Transposes whose paths meet are moved together or not at all; the order in which a mean adds its numbers may change, nothing else.
 */
export function withoutTransposes(model: Model): Model {
  if (transposesOf(model.graph).length === 0) return model;
  const plain = moved(model, new Set());
  const turned = turnedAtInput(model);
  const ahead = turned && moved(turned.model, new Set([turned.pinned]));
  const [left, leftAhead] = [plain, ahead].map((next) => next && transposesOf(next.graph).length);
  return ahead && leftAhead! <= left! ? ahead : plain;
}

function transposesOf({ nodes }: Graph): Node[] {
  return nodes.filter((node) => node.opType === 'Transpose' && isStandard(node));
}

/**
 * The model with its only input turned as its first Transpose does it and back again, for the first to stay and the second to move; undefined where a
 * Transpose reads the input already.
 */
function turnedAtInput(model: Model): { readonly model: Model; readonly pinned: Node } | undefined {
  const { graph } = model;
  const ranks = ranksOf(graph, constantsOf(graph));
  const [first] = transposesOf(graph);
  const perm = permOf(first, ranks);
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const [input, ...others] = graph.inputs.filter(({ name }) => !constants.has(name));
  const isFit = input && others.length === 0 && ranks.get(input.name) === perm?.length;
  const direct = transposesOf(graph).some(({ inputs }) => inputs[0] === input?.name);
  if (!isFit || !perm || direct || fixedNames(graph).has(input.name)) return undefined;
  const names = namesWithin(graph);
  const [there, back] = ['turned', 'again'].map((word) => freshName(`${input.name}_${word}`, names));
  const pinned = node('Transpose', [input.name], [there], { perm });
  const undone = node('Transpose', [there], [back], { perm: inverse(perm) });
  const rest = graph.nodes.map((old) =>
    old.inputs.includes(input.name)
      ? { ...old, inputs: old.inputs.map((name) => (name === input.name ? back : name)) }
      : old,
  );
  return { model: { ...model, graph: { ...graph, nodes: [pinned, undone, ...rest] } }, pinned };
}

/** The model with all Transposes moved but those `pinned`, and but those that would not be fewer. */
function moved(model: Model, pinned: ReadonlySet<Node>): Model {
  const { graph, more } = movedOnce(model, pinned);
  if (!graph) return model;
  return more.length === 0
    ? { ...model, graph: withoutIdleNodes(graph) }
    : moved(model, new Set([...pinned, ...more]));
}

/** The graph with them moved, and those among them that are not fewer then; no graph where there are none to move. */
function movedOnce(model: Model, pinned: ReadonlySet<Node>) {
  const { graph } = model;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const additions = additionsTo(graph);
  const context = { constants, additions, version: standardVersion(model) };
  const convolved = new Set(
    graph.nodes.filter(({ opType }) => /^Conv(Transpose)?$/.test(opType)).flatMap(({ outputs }) => outputs),
  );
  const roots: Node[] = [];
  const fusing: Node[] = [];
  const written = postponing(fixedNames(graph));
  const { groups } = written;
  for (const old of graph.nodes) {
    const inputs = old.inputs.map(written.nameOf);
    const layouts = inputs.map(written.layoutOf);
    const first = layouts.find((layout) => layout);
    const perm = pinned.has(old) ? undefined : permOf(old, ranks);
    if (perm) {
      roots.push(old);
      groups.count(old, -1);
      if (first) groups.join(old, first.root);
      const both = first ? perm.map((axis) => first.perm[axis]) : perm;
      written.postpone(old.outputs[0], { source: first?.source ?? inputs[0], perm: both, root: old });
      continue;
    }
    const isPinned = old.opType === 'Transpose';
    const next = first && !isPinned ? permuted({ ...old, inputs }, layouts, context) : undefined;
    if (!first || !next) {
      written.write(old, inputs);
      continue;
    }
    for (const layout of layouts) {
      if (!layout) continue;
      groups.join(first.root, layout.root);
      if (convolved.has(layout.source)) fusing.push(layout.root);
    }
    const outputs = old.outputs.map((name) => (name === '' ? '' : additions.fresh(`${name}_permuted`)));
    written.nodes.push({ ...next.node, outputs });
    outputs.forEach((source, i) => {
      if (source !== '') written.postpone(old.outputs[i], { source, perm: next.perm, root: first.root });
    });
  }
  const known = new Set([...written.nodes.flatMap(({ outputs }) => outputs), ...constants.keys()]);
  const valueInfo = graph.valueInfo.filter(({ name }) => known.has(name));
  return {
    graph: roots.length > 0 ? { ...rebuilt(graph, written.nodes, additions), valueInfo } : undefined,
    more: roots.filter((root) => {
      const fuses = fusing.some((member) => groups.rootOf(member) === groups.rootOf(root));
      return groups.total(root) >= (fuses ? 1 : 0);
    }),
  };
}

/** The axes of a Transpose, reversed where it names none; undefined for other nodes and where their number is not known. */
function permOf(candidate: Node, ranks: ReadonlyMap<string, number>): readonly number[] | undefined {
  if (candidate.opType !== 'Transpose' || !isStandard(candidate)) return undefined;
  const rank = ranks.get(candidate.inputs[0]);
  return (
    intsOf(candidate, 'perm') ?? (rank === undefined ? undefined : [...new Array(rank).keys()].reverse())
  );
}
