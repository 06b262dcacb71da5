import { attribute, node, valueInfo } from './build.js';
import { isStandard } from './constants.js';
import { freshName, intOf, inVersion4, mapAll, mapTensors, namesWithin } from './edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from './model.js';
import { rawOf, toFloat32, withRawData } from './tensor.js';

/** Whether a network computes in float16: it takes such numbers, or an operator other than a Cast reads a constant of them. */
export function computesInHalf({ graph }: Model): boolean {
  const halves = new Set(
    graph.initializers.filter(({ dataType }) => isHalf(dataType)).map(({ name }) => name),
  );
  return (
    graph.inputs.some(({ type }) => isHalf(type?.tensor?.elementType)) ||
    graph.nodes.some(({ opType, inputs }) => opType !== 'Cast' && inputs.some((name) => halves.has(name)))
  );
}

/**
 * A network that {@link computesInHalf} in float32: constants and the types that nodes name are widened, which is exact, and Casts stand behind its inputs
 * and before its outputs, whose types stay. On a processor float16 is computed so anyway, with Casts around every node. The same object
 * where nothing is computed in float16.
 */
export function inSinglePrecision(model: Model): Model {
  if (!computesInHalf(model)) return model;
  const wide = mapTensors(inVersion4(model), (tensor) =>
    isHalf(tensor.dataType) ? widened(tensor) : tensor,
  );
  const { graph } = wide;
  const names = namesWithin(graph);
  const renamed = new Map<string, string>();
  const taken = casts(graph.inputs, 'single', (name, other) => [name, other, ELEMENT_TYPE.float32]);
  const given = casts(graph.outputs, 'wide', (name, other) => [other, name, ELEMENT_TYPE.float16]);
  const nodes = graph.nodes.map((old) => {
    const { inputs, outputs, ...rest } = withTypes(old);
    const rename = (name: string) => renamed.get(name) ?? name;
    return { ...rest, inputs: inputs.map(rename), outputs: outputs.map(rename) };
  });
  return { ...wide, graph: { ...graph, nodes: [...taken, ...nodes, ...given], valueInfo: [] } };

  /** A Cast for each port of float16; what the graph knows it by inside has another name. */
  function casts(
    ports: Graph['inputs'],
    ending: string,
    between: (name: string, other: string) => readonly [string, string, number],
  ): Node[] {
    return ports.flatMap(({ name, type }) => {
      if (!isHalf(type?.tensor?.elementType)) return [];
      const other = freshName(`${name}_${ending}`, names);
      renamed.set(name, other);
      const [from, into, to] = between(name, other);
      return [node('Cast', [from], [into], { to })];
    });
  }
}

function widened(tensor: Tensor): Tensor {
  return {
    ...withRawData(tensor, rawOf(ELEMENT_TYPE.float32, toFloat32(tensor))),
    dataType: ELEMENT_TYPE.float32,
  };
}

/** A node and its bodies with float32 where they name the type float16. */
function withTypes(old: Node): Node {
  const typed =
    isStandard(old) &&
    (intOf(old, 'to', 0) === ELEMENT_TYPE.float16 || intOf(old, 'dtype', 0) === ELEMENT_TYPE.float16);
  const attributes = mapAll(old.attributes, (entry) => {
    if (typed && (entry.name === 'to' || entry.name === 'dtype'))
      return attribute(entry.name, ELEMENT_TYPE.float32);
    return entry.g ? attribute(entry.name, bodyInSingle(entry.g)) : entry;
  });
  return attributes === old.attributes ? old : { ...old, attributes };
}

function bodyInSingle(body: Graph): Graph {
  const port = (info: Graph['inputs'][number]) =>
    isHalf(info.type?.tensor?.elementType) ? valueInfo(info.name, 'float32') : info;
  return {
    ...body,
    inputs: mapAll(body.inputs, port),
    outputs: mapAll(body.outputs, port),
    nodes: mapAll(body.nodes, withTypes),
    valueInfo: [],
  };
}

const isHalf = (type: number | undefined) => type === ELEMENT_TYPE.float16;
