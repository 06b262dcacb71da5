import { additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { constantsOf, isStandard, standardVersion } from '../onnx/constants.js';
import { fixedNames, freshName, intsOf, namesWithin } from '../onnx/edit.js';
import type { Graph, Model, Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { withoutIdleNodes } from './constants.js';
import { inverse, type Layout, permuted } from './permuted.js';

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

/** A value that has not been made yet, and a Transpose of those that it came through. */
interface Moving extends Layout {
  readonly root: Node;
}

/** The graph with them moved, and those among them that are not fewer then; no graph where there are none to move. */
function movedOnce(model: Model, pinned: ReadonlySet<Node>) {
  const { graph } = model;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const fixed = fixedNames(graph);
  const additions = additionsTo(graph);
  const context = { constants, additions, version: standardVersion(model) };
  const moving = new Map<string, Moving>();
  /** Values by the name that they had. */
  const names = new Map<string, string>();
  /** The Transposes that there are again, by what they do, and their results. */
  const made = new Map<string, { readonly name: string; readonly root: Node }>();
  const here = new Set<string>();
  const groups = groupsOf<Node>();
  const fusing: Node[] = [];
  const convolved = new Set(
    graph.nodes.filter(({ opType }) => /^Conv(Transpose)?$/.test(opType)).flatMap(({ outputs }) => outputs),
  );
  const nodes: Node[] = [];
  /** Puts a value off. */
  const put = (name: string, value: Moving) => {
    if (isIdentity(value.perm)) {
      names.set(name, value.source);
      if (fixed.has(name)) nodes.push(node('Identity', [value.source], [name]));
    } else {
      moving.set(name, value);
      if (fixed.has(name)) make(name);
    }
  };
  /** The name of a value, which is made now where it was put off. */
  const make = (name: string): string => {
    const value = moving.get(name);
    if (!value || here.has(name)) return name;
    const { source, perm, root } = value;
    const twin = made.get(`${source}:${perm}`);
    if (twin && !fixed.has(name)) {
      groups.join(root, twin.root);
      return twin.name;
    }
    made.set(`${source}:${perm}`, { name, root });
    here.add(name);
    nodes.push(node('Transpose', [source], [name], { perm }));
    groups.count(root, 1);
    return name;
  };
  for (const old of graph.nodes) {
    const perm = pinned.has(old) ? undefined : permOf(old, ranks);
    const given = old.inputs.map((name) => names.get(name) ?? name);
    const layouts = given.map((name) => moving.get(name));
    const first = layouts.find((layout) => layout);
    if (perm) {
      groups.count(old, -1);
      if (first) groups.join(old, first.root);
      const source = first?.source ?? given[0];
      put(old.outputs[0], { source, perm: first ? perm.map((axis) => first.perm[axis]) : perm, root: old });
      continue;
    }
    const next =
      first && old.opType !== 'Transpose' ? permuted({ ...old, inputs: given }, layouts, context) : undefined;
    if (first && next) {
      for (const layout of layouts) {
        if (!layout) continue;
        groups.join(first.root, layout.root);
        if (convolved.has(layout.source)) fusing.push(layout.root);
      }
      const outputs = old.outputs.map((name) => (name === '' ? '' : additions.fresh(`${name}_permuted`)));
      nodes.push({ ...next.node, outputs });
      outputs.forEach((source, i) => {
        if (source !== '') put(old.outputs[i], { source, perm: next.perm, root: first.root });
      });
      continue;
    }
    const inputs = given.map(make);
    nodes.push(inputs.some((name, i) => name !== old.inputs[i]) ? { ...old, inputs } : old);
  }
  const roots = graph.nodes.filter((old) => groups.has(old));
  const known = new Set([...nodes.flatMap(({ outputs }) => outputs), ...constants.keys()]);
  const valueInfo = graph.valueInfo.filter(({ name }) => known.has(name));
  return {
    graph: roots.length > 0 ? { ...rebuilt(graph, nodes, additions), valueInfo } : undefined,
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

function isIdentity(perm: readonly number[]): boolean {
  return perm.every((axis, i) => axis === i);
}

/** Disjoint groups that grow together, with a number each. */
function groupsOf<T>() {
  const parents = new Map<T, T>();
  const totals = new Map<T, number>();
  const rootOf = (member: T): T => {
    const parent = parents.get(member);
    return parent === undefined || parent === member ? member : rootOf(parent);
  };
  const total = (member: T) => totals.get(rootOf(member)) ?? 0;
  return {
    rootOf,
    total,
    has: (member: T) => parents.has(member),
    count(member: T, change: number) {
      if (!parents.has(member)) parents.set(member, member);
      totals.set(rootOf(member), total(member) + change);
    },
    join(a: T, b: T) {
      const [from, to] = [rootOf(a), rootOf(b)];
      if (from === to) return;
      totals.set(to, total(from) + total(to));
      parents.set(from, to);
    },
  };
}
