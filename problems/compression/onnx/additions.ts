import { type ArrayOf, tensor } from './build.js';
import { freshName, namesWithin } from './edit.js';
import type { Graph, Node, Tensor } from './model.js';

/** The names and constants that a step puts to those of a graph. */
export interface Additions {
  /** The name wanted, or with a number behind it where that is taken. */
  fresh(wanted: string): string;
  /** Adds a constant under its name where that is free, and gives the name. */
  add(constant: Tensor): string;
  /** The same of numbers, row-major. */
  constant<T extends keyof ArrayOf>(
    wanted: string,
    type: T,
    dims: readonly number[],
    values: ArrayOf[T],
  ): string;
  /** What was added. */
  readonly constants: readonly Tensor[];
}

/** No additions yet. `names`: all that are taken, those of graphs around this one and inside it among them; names that are made join them. */
export function additionsTo(graph: Graph, names = namesWithin(graph)): Additions {
  const constants: Tensor[] = [];
  const fresh = (wanted: string) => freshName(wanted, names);
  const add = (constant: Tensor) => {
    const name = fresh(constant.name);
    constants.push({ ...constant, name });
    return name;
  };
  return {
    fresh,
    add,
    constant: (wanted, type, dims, values) => add(tensor(wanted, type, dims, values)),
    constants,
  };
}

/** The graph with these nodes, and with the constants that were made for them. */
export function rebuilt(graph: Graph, nodes: readonly Node[], { constants }: Additions): Graph {
  return { ...graph, nodes, initializers: [...graph.initializers, ...constants] };
}
