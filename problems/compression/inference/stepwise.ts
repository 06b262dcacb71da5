import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import { valueInfo } from '../onnx/build.js';
import { subgraphsOf, usedNames } from '../onnx/edit.js';
import type { ElementType, Graph, Model, Node } from '../onnx/model.js';
import { writeModel } from '../onnx/write.js';
import { type Activation, type ActivationOptions, ofSamples } from './activations.js';
import { prepareBatches } from './batches.js';
import { batchFormOf } from './model-fit.js';
import { loadRuntime, type RuntimeTensor } from './runtime.js';
import { openSession, sessionSettings, shortReason } from './session.js';

/** A model run on samples node by node, with what is still to be read held in memory: its weights may change on the way. */
export interface StepwiseRun {
  /**
   * Runs the nodes that stand before this one and have not run yet, with the constants as `graph` has them. Nodes must keep their
   * order and their names from call to call.
   */
  advance(graph: Graph, node: number): Promise<void>;
  /** A float value that nodes from there on read, batch by batch; undefined where it is not computed yet or no float32. */
  value(name: string): readonly Activation[] | undefined;
}

/**
 * Starts a run. All of it costs one inference of the samples and some milliseconds a call of `advance`; it holds what crosses the
 * present node, for all samples. Throws an InputError when the model does not fit the samples.
 */
export async function openStepwiseRun(
  model: Model,
  dataset: Dataset,
  { threads, count = dataset.count, signal }: ActivationOptions,
): Promise<StepwiseRun> {
  const runtime = await loadRuntime();
  const samples = { ...dataset, count: Math.min(count, dataset.count) };
  const probe = await openSession(writeModel(model), { threads, optimization: 'basic' });
  const batches = await prepareBatches(samples, batchFormOf(probe, samples, 32), { signal });
  const input = probe.inputs[0].name;
  const firsts: { readonly first: number; readonly rows: number; readonly valid: number }[] = [];
  const held = new Map<string, RuntimeTensor[]>([[input, []]]);
  for (let index = 0; index < batches.count; index++) {
    const { first, valid, dims, data } = await batches.at(index);
    firsts.push({ first, valid, rows: dims[0] });
    held.get(input)!.push(probe.batch(data, dims));
  }
  await probe.release();
  let position = 0;
  return {
    async advance(graph, node) {
      const { nodes, outputs } = segmentOf(graph, position, node, held);
      position = Math.max(position, node);
      if (outputs.length > 0) {
        const read = new Set(nodes.flatMap(readBy));
        const withBodies = nodes.some((within) => subgraphsOf(within).length > 0);
        const inputs = [...held.keys()].filter((name) => read.has(name));
        const part: Graph = {
          ...graph,
          nodes,
          initializers: graph.initializers.filter(({ name }) => read.has(name)),
          inputs: inputs.map((name) => inputOf(name, held.get(name)![0], withBodies)),
          outputs: outputs.map((name) => ({ name, rest: new Uint8Array(0) })),
          valueInfo: [],
        };
        const session = await runtime.create(
          writeModel({ ...model, irVersion: Math.max(4, model.irVersion), graph: part }),
          sessionSettings({ threads, optimization: 'basic' }),
        );
        try {
          for (const name of outputs) held.set(name, []);
          for (let batch = 0; batch < firsts.length; batch++) {
            signal?.throwIfAborted();
            const feeds = Object.fromEntries(inputs.map((name) => [name, held.get(name)![batch]]));
            const results = await session.run(feeds, outputs);
            for (const name of outputs) held.get(name)!.push(results[name]);
          }
        } catch (error) {
          signal?.throwIfAborted();
          throw new InputError(`the model must run on the samples, got: ${shortReason(error)}`);
        } finally {
          await session.release();
        }
      }
      const later = readFrom(graph, node);
      for (const name of held.keys()) if (!later.has(name)) held.delete(name);
    },
    value(name) {
      const tensors = held.get(name);
      if (tensors?.[0]?.type !== 'float32') return undefined;
      return tensors.map(({ dims, data }, batch) => {
        const { first, rows, valid } = firsts[batch];
        return { value: 0, first, ...ofSamples({ dims, data: data as Float32Array }, rows, valid) };
      });
    },
  };
}

/** Bodies of control flow are told how many axes there are: what they give has a shape only then. */
function inputOf(name: string, { type, dims }: RuntimeTensor, withBodies: boolean) {
  const shape = withBodies ? dims.map(() => null) : undefined;
  return valueInfo(name, type as ElementType, shape);
}

/** The nodes to run, Constant nodes of any place that they read among them, and the values that are read later. */
function segmentOf(
  graph: Graph,
  from: number,
  to: number,
  held: ReadonlyMap<string, unknown>,
): { readonly nodes: readonly Node[]; readonly outputs: readonly string[] } {
  const within = graph.nodes.slice(from, to).filter(({ opType }) => opType !== 'Constant');
  const later = readFrom(graph, to);
  const outputs = within
    .flatMap((node) => node.outputs)
    .filter((name) => name !== '' && later.has(name) && !held.has(name));
  const read = new Set(within.flatMap(readBy));
  const constants = graph.nodes.filter(
    ({ opType, outputs: [name] }) => opType === 'Constant' && read.has(name),
  );
  return { nodes: [...constants, ...within], outputs };
}

function readFrom(graph: Graph, node: number): Set<string> {
  return new Set([...graph.nodes.slice(node).flatMap(readBy), ...graph.outputs.map(({ name }) => name)]);
}

function readBy(node: Node): string[] {
  return [...node.inputs, ...subgraphsOf(node).flatMap((body) => [...usedNames(body)])];
}
