import { constantsOf, isStandard } from './constants.js';
import type { Graph, Node, Tensor } from './model.js';
import { isFloat } from './tensor.js';

/** A constant that a network has learnt and that belongs to no layer of `layersOf`. */
export interface OtherWeight {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly tensor: Tensor;
  /** The first that reads it. */
  readonly node: Node;
  /** The axis of what it makes: the gates of a recurrent layer ([directions, gates, inputs]), the words of a table. */
  readonly axis: number;
}

/** The weights and biases of LSTM, GRU and RNN, and the tables that a Gather looks words up in, in graph order. */
export function otherWeightsOf(graph: Graph): OtherWeight[] {
  const constants = constantsOf(graph);
  const found = new Map<string, OtherWeight>();
  for (const node of graph.nodes)
    for (const { name = '', role, axis, rank } of placesOf(node)) {
      const tensor = constants.get(name);
      if (tensor?.dims.length === rank && isFloat(tensor) && !found.has(name))
        found.set(name, { name, role, tensor, node, axis });
    }
  return [...found.values()];
}

interface Place {
  readonly name: string | undefined;
  readonly role: OtherWeight['role'];
  readonly axis: number;
  readonly rank: number;
}

function placesOf(node: Node): Place[] {
  if (!isStandard(node)) return [];
  const { opType, inputs } = node;
  if (opType === 'Gather') return [{ name: inputs[0], role: 'weight', axis: 0, rank: 2 }];
  if (!/^(LSTM|GRU|RNN)$/.test(opType)) return [];
  return [
    { name: inputs[1], role: 'weight', axis: 1, rank: 3 },
    { name: inputs[2], role: 'weight', axis: 1, rank: 3 },
    { name: inputs[3], role: 'bias', axis: 1, rank: 2 },
  ];
}
