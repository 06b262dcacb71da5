import type { Attribute, Graph, Model, Node, Tensor } from './model.js';

/** The model with every tensor (initializers, sparse ones and attributes, in subgraphs and functions too) replaced by `change` of it. */
export function mapTensors(model: Model, change: (tensor: Tensor) => Tensor): Model {
  const graph = mapGraph(model.graph, change);
  const functions = mapAll(model.functions, (f) => {
    const nodes = mapAll(f.nodes, (node) => mapNode(node, change));
    return nodes === f.nodes ? f : { ...f, nodes };
  });
  return graph === model.graph && functions === model.functions ? model : { ...model, graph, functions };
}

/**
 * The model in IR version 4 or later, where initializers need not be graph inputs too. In an older one they are constants
 * all the same, so they leave the inputs; from 4 on one that is also an input can be overridden, and stays.
 */
export function inVersion4(model: Model): Model {
  if (model.irVersion >= 4) return model;
  const { graph } = model;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  return { ...model, irVersion: 4, graph: { ...graph, inputs } };
}

/** The list with each entry replaced; the same list when every entry stays the same object. */
export function mapAll<T>(list: readonly T[], change: (entry: T, index: number) => T): readonly T[] {
  let changed = false;
  const mapped = list.map((entry, index) => {
    const next = change(entry, index);
    changed ||= next !== entry;
    return next;
  });
  return changed ? mapped : list;
}

/** The graphs that a node holds in its attributes: the branches of an If, the body of a Loop or Scan. */
export function subgraphsOf(node: Node): readonly Graph[] {
  return node.attributes.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs));
}

/** Every node of a graph and, at any depth, of its subgraphs. */
export function* nodesWithin(graph: Graph): Generator<Node> {
  for (const node of graph.nodes) {
    yield node;
    for (const inner of subgraphsOf(node)) yield* nodesWithin(inner);
  }
}

/** The attribute of that name, if the node has it. */
export function attributeOf(node: Node, name: string): Attribute | undefined {
  return node.attributes.find((attribute) => attribute.name === name);
}

/** The value of an int attribute. */
export function intOf(node: Node, name: string, otherwise: number): number {
  const value = attributeOf(node, name);
  return value ? Number(value.i ?? 0) : otherwise;
}

/** The value of a float attribute. */
export function floatOf(node: Node, name: string, otherwise: number): number {
  const value = attributeOf(node, name);
  return value ? (value.f ?? 0) : otherwise;
}

/** The value of a string attribute. */
export function stringOf(node: Node, name: string, otherwise: string): string {
  const value = attributeOf(node, name)?.s;
  return value ? new TextDecoder().decode(value) : otherwise;
}

/** The value of an attribute of ints, where the node has it. */
export function intsOf(node: Node, name: string): number[] | undefined {
  return attributeOf(node, name)?.ints.map(Number);
}

/** How often each value is read: by nodes, by their subgraphs, or as an output of the graph. */
export function readsOf(graph: Graph): Map<string, number> {
  const reads = new Map<string, number>();
  const read = (name: string) => reads.set(name, (reads.get(name) ?? 0) + 1);
  for (const { name } of graph.outputs) read(name);
  for (const node of graph.nodes) {
    node.inputs.forEach(read);
    for (const body of subgraphsOf(node)) usedNames(body).forEach(read);
  }
  return reads;
}

/** The node of the graph that makes each value, by the name of the value. */
export function makersOf({ nodes }: Graph): Map<string, Node> {
  return new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
}

/** Values that must keep their names: outputs of the graph, and what the bodies of its If, Loop and Scan read. */
export function fixedNames({ nodes, outputs }: Graph): Set<string> {
  const bodies = nodes.flatMap(subgraphsOf);
  return new Set([...outputs.map(({ name }) => name), ...bodies.flatMap((body) => [...usedNames(body)])]);
}

/** The names of all values in the graph and its subgraphs. */
export function namesWithin(graph: Graph): Set<string> {
  const names = new Set<string>();
  const collect = (inner: Graph) => {
    for (const { name } of [...inner.inputs, ...inner.outputs, ...inner.initializers]) names.add(name);
    for (const { values } of inner.sparseInitializers) names.add(values.name);
    for (const node of inner.nodes) {
      for (const name of node.inputs) names.add(name);
      for (const name of node.outputs) names.add(name);
      for (const body of subgraphsOf(node)) collect(body);
    }
  };
  collect(graph);
  return names;
}

/** The name wanted, or with a number behind it where that is taken; it is taken then. */
export function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
  taken.add(name);
  return name;
}

/** The values that a graph reads from outside or inside: inputs of its nodes and of the nodes of its subgraphs, and all their outputs. */
export function usedNames(graph: Graph): Set<string> {
  const used = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    for (const name of node.inputs) used.add(name);
    for (const body of subgraphsOf(node)) for (const name of usedNames(body)) used.add(name);
  }
  return used;
}

/**
 * The graph without those of the named constants that nothing uses: initializers go (also from the inputs, where old files
 * list them), Constant nodes go, and what the file says of their types.
 */
export function withoutUnused(graph: Graph, constants: ReadonlySet<string>): Graph {
  const used = usedNames(graph);
  const gone = new Set([...constants].filter((name) => !used.has(name)));
  const stays = ({ name }: { readonly name: string }) => !gone.has(name);
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => node.opType !== 'Constant' || !gone.has(node.outputs[0])),
    initializers: graph.initializers.filter(stays),
    inputs: graph.inputs.filter(stays),
    valueInfo: graph.valueInfo.filter(stays),
  };
}

function mapGraph(graph: Graph, change: (tensor: Tensor) => Tensor): Graph {
  const initializers = mapAll(graph.initializers, change);
  const sparseInitializers = mapAll(graph.sparseInitializers, (sparse) => {
    const values = change(sparse.values);
    return values === sparse.values ? sparse : { ...sparse, values };
  });
  const nodes = mapAll(graph.nodes, (node) => mapNode(node, change));
  return initializers === graph.initializers &&
    sparseInitializers === graph.sparseInitializers &&
    nodes === graph.nodes
    ? graph
    : { ...graph, initializers, sparseInitializers, nodes };
}

function mapNode(node: Node, change: (tensor: Tensor) => Tensor): Node {
  const attributes = mapAll(node.attributes, (attribute) => mapAttribute(attribute, change));
  return attributes === node.attributes ? node : { ...node, attributes };
}

function mapAttribute(attribute: Attribute, change: (tensor: Tensor) => Tensor): Attribute {
  const t = attribute.t && change(attribute.t);
  const g = attribute.g && mapGraph(attribute.g, change);
  const tensors = mapAll(attribute.tensors, change);
  const graphs = mapAll(attribute.graphs, (graph) => mapGraph(graph, change));
  return t === attribute.t &&
    g === attribute.g &&
    tensors === attribute.tensors &&
    graphs === attribute.graphs
    ? attribute
    : { ...attribute, ...(t && { t }), ...(g && { g }), tensors, graphs };
}
