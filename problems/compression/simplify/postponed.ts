import { node } from '../onnx/build.js';
import type { Node } from '../onnx/model.js';
import type { Layout } from './permuted.js';

/** A value that has not been made yet, and a Transpose of those that it came through. */
export interface Postponed extends Layout {
  readonly root: Node;
}

/**
 * The nodes of a graph written anew, in order, with permuted values put off until a node reads them as they are; those of the names `fixed` are made at once. How many
 * Transposes there are more, or fewer, is counted for those that depend on each other.
 */
export function postponing(fixed: ReadonlySet<string>) {
  const nodes: Node[] = [];
  const groups = groupsOf<Node>();
  /** Values by the name that they had, where their Transposes undid each other. */
  const names = new Map<string, string>();
  const postponed = new Map<string, Postponed>();
  const made = new Set<string>();
  /** The Transposes that there are again, by what they do, and their results. */
  const twins = new Map<string, { readonly name: string; readonly root: Node }>();
  const make = (name: string): string => {
    const value = postponed.get(name);
    if (!value || made.has(name)) return name;
    const { source, perm, root } = value;
    const twin = twins.get(`${source}:${perm}`);
    if (twin && !fixed.has(name)) {
      groups.join(root, twin.root);
      return twin.name;
    }
    twins.set(`${source}:${perm}`, { name, root });
    made.add(name);
    nodes.push(node('Transpose', [source], [name], { perm }));
    groups.count(root, 1);
    return name;
  };
  return {
    nodes,
    groups,
    nameOf: (name: string) => names.get(name) ?? name,
    layoutOf: (name: string) => postponed.get(name),
    /** Puts a value off; one that lies as its source does is that. */
    postpone(name: string, value: Postponed) {
      if (value.perm.every((axis, i) => axis === i)) {
        names.set(name, value.source);
        if (fixed.has(name)) nodes.push(node('Identity', [value.source], [name]));
      } else {
        postponed.set(name, value);
        if (fixed.has(name)) make(name);
      }
    },
    /** Writes a node that reads these values as they are: those put off are made now. */
    write(old: Node, given: readonly string[]) {
      const inputs = given.map(make);
      nodes.push(inputs.some((name, i) => name !== old.inputs[i]) ? { ...old, inputs } : old);
    },
  };
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
