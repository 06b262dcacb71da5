import { subgraphsOf, usedNames } from '../onnx/edit.js';
import type { Model, Node } from '../onnx/model.js';
import { type Refittable, refittableInForm, refittableLayers } from './refittable.js';

/** A model whose nodes stand in the order in which its layers are recovered, and these. */
export interface RunningOrder {
  readonly model: Model;
  /** The layers that can be refitted, as they come: those that share a weight together, where they can be reached at once. */
  readonly steps: readonly (readonly Refittable[])[];
  /** Those of them whose weight no other layer reads. */
  readonly layers: readonly Refittable[];
  /** The names of the layers that only what else reads their weight or bias keeps from being refitted, in graph order. */
  readonly sharing: readonly string[];
}

/**
 * The model with its layers as late among its nodes as they can be: what an Add puts to the output of a layer is then there before
 * the layer, wherever it does not depend on that. Layers that share a weight stand next to one another where none of them waits for another.
 */
export function inRunningOrder(model: Model): RunningOrder {
  const { graph } = model;
  const layers = refittableInForm(model);
  const weights = new Map(
    layers.flatMap(({ layer, shares }) => (shares ? [] : [[layer.node, layer.weight]])),
  );
  const missing = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const ready = (node: Node) =>
    [...node.inputs, ...subgraphsOf(node).flatMap((body) => [...usedNames(body)])].every(
      (name) => !missing.has(name),
    );
  let left = [...graph.nodes.keys()];
  const nodes: Node[] = [];
  /** Where the layers that come at once begin, by where they stand. */
  const starts = new Map<number, number>();
  while (left.length > 0) {
    const next =
      left.find((index) => !weights.has(index) && ready(graph.nodes[index])) ??
      left.find((index) => ready(graph.nodes[index])) ??
      left[0];
    const weight = weights.get(next);
    const chosen =
      weight === undefined
        ? [next]
        : left.filter(
            (index) => index === next || (weights.get(index) === weight && ready(graph.nodes[index])),
          );
    const start = nodes.length;
    for (const index of chosen) {
      starts.set(nodes.length, start);
      for (const name of graph.nodes[index].outputs) missing.delete(name);
      nodes.push(graph.nodes[index]);
    }
    left = left.filter((index) => !chosen.includes(index));
  }
  const ordered = { ...model, graph: { ...graph, nodes } };
  const startOf = (node: number) => starts.get(node) ?? node;
  const steps = new Map<number, Refittable[]>();
  const readers = new Map<string, number>();
  for (const entry of refittableLayers(ordered, startOf)) {
    const { node, weight } = entry.layer;
    steps.set(startOf(node), [...(steps.get(startOf(node)) ?? []), entry]);
    readers.set(weight, (readers.get(weight) ?? 0) + 1);
  }
  return {
    model: ordered,
    steps: [...steps.values()],
    layers: [...steps.values()].flat().filter(({ layer }) => readers.get(layer.weight) === 1),
    sharing: layers.flatMap(({ layer, shares }) => (shares ? [layer.name] : [])),
  };
}
