import { additionsTo, rebuilt } from '../onnx/additions.js';
import { emptyTensor } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { subgraphsOf } from '../onnx/edit.js';
import {
  ELEMENT_TYPE,
  type ElementType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
} from '../onnx/model.js';
import { widthOf, withRawData } from '../onnx/tensor.js';
import { writeModel } from '../onnx/write.js';
import { isIf } from './branches.js';
import { type Computed, type EvaluateConstants, isPure, withoutIdleNodes } from './constants.js';

/** Two sizes of a batch: what is the same for both does not depend on it. */
const BATCHES = [2, 3];
/** Bytes of a constant at most. */
const LARGEST = 4096;
/** What makes shapes that depend on the data. */
const BY_DATA = /^(NonZero|Unique|NonMaxSuppression|Compress|TopK|Range|OneHot)$/;

/**
 * The model with the shapes that it asks its values for, and what is computed from them, made constants where they do not depend on the size of
 * the batch; the shape of a Reshape that depends on it in one place gets -1 there, whatever computed it. Exporters of networks with a free batch write a dozen nodes
 * around each `view`, `reshape` or `chunk`: they cost time, and hide what is done. The model is run on nothing but zeros for it. The same object
 * when there is nothing to do.
 *
 * Left alone: models with other than one input or with other free axes than its first; with control flow, operators of other
 * domains, or some whose shapes depend on the data; and where the model does not run on more than one sample.
 */
export async function foldShapes(model: Model, evaluate: EvaluateConstants): Promise<Model> {
  const { graph } = model;
  const values = valuesOfShapes(graph);
  const wanted = [...values];
  const inputs = BATCHES.flatMap((batch) => inputOf(graph, batch) ?? []);
  const tame = graph.nodes.every((node) => isTame(node, values));
  if (wanted.length === 0 || inputs.length < BATCHES.length || !tame) return model;
  const shaped = graph.nodes.filter((node) => isReshape(node) && values.has(node.inputs[1]));
  const asked = [...new Set([...wanted, ...shaped.map(({ outputs }) => outputs[0])])];
  const results = await Promise.all(
    inputs.map((input) => evaluate(writeModel(closed(model, input, asked)), asked)),
  ).catch(() => undefined);
  if (!results) return model;
  const [first, second] = results;
  const additions = additionsTo(graph);
  const constantOf = (name: string, shape: Computed | undefined) => {
    if (!shape || shape.data.length > LARGEST) return name;
    const { type, dims, data } = shape;
    return additions.add(
      withRawData(emptyTensor(`${name}_fixed`, ELEMENT_TYPE[type as ElementType], dims), data),
    );
  };
  const fixed = new Map<string, string>();
  for (const name of wanted) fixed.set(name, constantOf(name, common(first.get(name)!, second.get(name)!)));
  const nodes = graph.nodes.map((node) => {
    const inputs = node.inputs.map((name, i) =>
      isReshape(node) && i === 1 && fixed.get(name) === name
        ? constantOf(name, withOneFree(first.get(node.outputs[0])!.dims, second.get(node.outputs[0])!.dims))
        : (fixed.get(name) ?? name),
    );
    return inputs.some((name, i) => name !== node.inputs[i]) ? { ...node, inputs } : node;
  });
  if (additions.constants.length === 0) return model;
  return { ...model, graph: withoutIdleNodes(rebuilt(graph, nodes, additions)) };
}

/** The results of Shape, and of whatever computes from them and constants alone. */
function valuesOfShapes(graph: Graph): Set<string> {
  const constants = constantsOf(graph);
  const values = new Set<string>();
  for (const node of graph.nodes) {
    const given = node.inputs.filter((name) => name !== '' && !constants.has(name));
    const follows = given.length > 0 && given.every((name) => values.has(name));
    if (node.opType === 'Shape' || (follows && isPure(node)))
      for (const name of node.outputs) values.add(name);
  }
  return values;
}

/** Whether shapes alone decide the shapes of what a node makes. An If is tame where they decide what it does. */
function isTame(node: Node, values: ReadonlySet<string>): boolean {
  const bodies = isIf(node) && values.has(node.inputs[0]) ? subgraphsOf(node) : [];
  return (
    isStandard(node) &&
    subgraphsOf(node).length === bodies.length &&
    bodies.every((body) => body.nodes.every((inner) => isTame(inner, values))) &&
    !BY_DATA.test(node.opType)
  );
}

function isReshape(node: Node): boolean {
  return node.opType === 'Reshape' && isStandard(node);
}

/** Zeros for the only input, so many samples; undefined where there is more to choose. */
export function inputOf({ inputs, initializers }: Graph, batch: number): Tensor | undefined {
  const constants = new Set(initializers.map(({ name }) => name));
  const [input, ...others] = inputs.filter(({ name }) => !constants.has(name));
  const type = input?.type?.tensor;
  const dims = type?.shape?.dims.map(({ value }, axis) => value ?? (axis === 0 ? batch : undefined));
  const width = type && widthOf(type.elementType);
  if (others.length > 0 || !dims || dims.length === 0 || !width || dims.includes(undefined)) return undefined;
  const sizes = dims as number[];
  const bytes = sizes.reduce((product, dim) => product * dim, width);
  return withRawData(emptyTensor(input.name, type.elementType, sizes), new Uint8Array(bytes));
}

/** A model without inputs that computes the values wanted. */
export function closed(model: Model, input: Tensor, wanted: readonly string[]): Model {
  const { graph } = model;
  const outputs = wanted.map((name) => ({ name, rest: new Uint8Array(0) }));
  const initializers = [...graph.initializers, input];
  return {
    ...model,
    graph: withoutIdleNodes({ ...graph, inputs: [], outputs, initializers, valueInfo: [] }),
  };
}

function common(a: Computed, b: Computed): Computed | undefined {
  return `${a.dims}` === `${b.dims}` && Buffer.compare(a.data, b.data) === 0 ? a : undefined;
}

/** Two sizes of the same thing that differ in one place alone, as a shape with -1 there. */
function withOneFree(first: readonly number[], second: readonly number[]): Computed | undefined {
  const free = [...first.keys()].filter((i) => first[i] !== second[i]);
  if (first.length !== second.length || free.length !== 1 || first.some((size) => size < 1)) return undefined;
  const sizes = BigInt64Array.from(first, (size, i) => (i === free[0] ? -1n : BigInt(size)));
  return { type: 'int64', dims: [sizes.length], data: new Uint8Array(sizes.buffer) };
}
