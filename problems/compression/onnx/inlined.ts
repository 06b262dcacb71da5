import { isStandard, standardVersion } from './constants.js';
import { freshName, namesWithin, nodesWithin, subgraphsOf } from './edit.js';
import type { Attribute, LocalFunction, Model, Node } from './model.js';

/**
 * The model with the nodes of its functions in place of each call, so that what they compute can be seen and compressed. Exporters write a function for each
 * module of a network. Values inside have names of their own for each call; those that come in and go out have the names of the call. Functions
 * that nothing calls any more leave the file. The same object when there is nothing to do.
 *
 * Calls stay where a function is of another operator set than the model, has control flow, or is called from within that.
 */
export function inlined(model: Model): Model {
  const names = namesWithin(model.graph);
  const functions = new Map(
    model.functions
      .filter((body) => canStandIn(body, model))
      .map((body) => [keyOf(body.domain, body.name), body]),
  );
  const expanded = (node: Node): Node[] => {
    const body = functions.get(keyOf(node.domain, node.opType));
    return body ? bodyOf(body, node, names).flatMap(expanded) : [node];
  };
  const nodes = model.graph.nodes.flatMap(expanded);
  if (nodes.length === model.graph.nodes.length && nodes.every((node, i) => node === model.graph.nodes[i]))
    return model;
  const graph = { ...model.graph, nodes };
  const calls = called(model, graph);
  const left = model.functions.filter(({ domain, name }) => calls.has(keyOf(domain, name)));
  const gone = new Set(model.functions.filter((body) => !left.includes(body)).map(({ domain }) => domain));
  const used = new Set(
    [...nodesWithin(graph), ...left.flatMap((body) => body.nodes)].map(({ domain }) => domain),
  );
  const imported = [...functions.values()].flatMap(({ opsets }) => opsets);
  const all = [
    ...model.opsets,
    ...imported.filter(({ domain }) => !model.opsets.some((set) => set.domain === domain)),
  ];
  const opsets = all.filter(
    ({ domain }, i) =>
      all.findIndex((set) => set.domain === domain) === i && (!gone.has(domain) || used.has(domain)),
  );
  return { ...model, graph, functions: left, opsets };
}

const keyOf = (domain: string, name: string) => `${domain}:${name}`;

/** Whether the nodes of a function mean in the graph what they mean in the function. */
function canStandIn({ nodes, opsets }: LocalFunction, model: Model): boolean {
  const same = opsets.every((set) => {
    const own = isStandard(set)
      ? standardVersion(model)
      : model.opsets.find(({ domain }) => domain === set.domain)?.version;
    return own === undefined || own === set.version;
  });
  return same && nodes.every((node) => subgraphsOf(node).length === 0);
}

/** The functions that a graph calls, at any depth and from one another. */
function called({ functions }: Model, graph: Model['graph']): Set<string> {
  const found = new Set<string>();
  const visit = (nodes: Iterable<Node>) => {
    for (const { domain, opType } of nodes) {
      const key = keyOf(domain, opType);
      const body = functions.find((candidate) => keyOf(candidate.domain, candidate.name) === key);
      if (!body || found.has(key)) continue;
      found.add(key);
      visit(body.nodes);
    }
  };
  visit(nodesWithin(graph));
  return found;
}

function bodyOf({ inputs, outputs, nodes, defaults }: LocalFunction, call: Node, names: Set<string>): Node[] {
  const prefix = call.name || call.outputs[0];
  const renamed = new Map<string, string>([['', '']]);
  inputs.forEach((name, i) => {
    renamed.set(name, call.inputs[i] ?? '');
  });
  outputs.forEach((name, i) => {
    if (call.outputs[i]) renamed.set(name, call.outputs[i]);
  });
  const rename = (name: string) => {
    const known = renamed.get(name);
    if (known !== undefined) return known;
    const fresh = freshName(`${prefix}/${name}`, names);
    renamed.set(name, fresh);
    return fresh;
  };
  const given = new Map([...defaults, ...call.attributes].map((entry) => [entry.name, entry]));
  const filled = (entry: Attribute): Attribute[] => {
    if (!entry.reference) return [entry];
    const value = given.get(entry.reference);
    return value ? [{ ...value, name: entry.name }] : [];
  };
  return nodes.map((node) => ({
    ...node,
    name: node.name && `${prefix}/${node.name}`,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: node.attributes.flatMap(filled),
  }));
}
