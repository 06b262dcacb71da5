import { freshName, namesWithin, subgraphsOf } from '../../onnx/edit.js';
import type { Model } from '../../onnx/model.js';

/**
 * The model with what is only there for people left out, as it takes bytes of a container: the names of nodes, and the types of values inside
 * the graph; those values are numbered. Inputs, outputs and constants keep their names. A model with control flow,
 * functions or annotations that name values stays as it is.
 */
export function withShortNames(model: Model): Model {
  const { graph, functions } = model;
  if (
    functions.length > 0 ||
    graph.rest.length > 0 ||
    graph.nodes.some((node) => subgraphsOf(node).length > 0)
  )
    return model;
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  for (const { name } of graph.outputs) made.delete(name);
  const taken = namesWithin(graph);
  const short = new Map<string, string>();
  for (const name of made) if (name !== '') short.set(name, freshName(String(short.size), taken));
  const renamed = (names: readonly string[]) => names.map((name) => short.get(name) ?? name);
  const nodes = graph.nodes.map((node) => ({
    ...node,
    name: '',
    inputs: renamed(node.inputs),
    outputs: renamed(node.outputs),
  }));
  return { ...model, graph: { ...graph, nodes, valueInfo: [] } };
}
