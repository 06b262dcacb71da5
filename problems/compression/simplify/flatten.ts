import { node } from '../onnx/build.js';
import { constantsOf } from '../onnx/constants.js';
import { makersOf } from '../onnx/edit.js';
import type { Model } from '../onnx/model.js';
import { integersOf } from '../onnx/tensor.js';

/**
 * The model with each Reshape to [batch, -1], which exporters write with five nodes, as the Flatten that it is: channels can be followed through one.
 * `Reshape(x, Concat(Unsqueeze(Gather(Shape(x), 0)), [-1]))` is `Flatten(x)`. The same object when there is nothing to do.
 */
export function asFlatten(model: Model): Model {
  const { graph } = model;
  const constants = constantsOf(graph);
  const makers = makersOf(graph);
  const single = (name: string) => {
    const constant = constants.get(name);
    return constant && integersOf(constant);
  };
  const isBatch = (name: string, data: string): boolean => {
    const maker = makers.get(name);
    if (maker?.opType === 'Unsqueeze') return isBatch(maker.inputs[0], data);
    const index = maker?.opType === 'Gather' ? single(maker.inputs[1]) : undefined;
    const shape = makers.get(maker?.inputs[0] ?? '');
    return index?.length === 1 && index[0] === 0 && shape?.opType === 'Shape' && shape.inputs[0] === data;
  };
  const nodes = graph.nodes.map((candidate) => {
    const [data, shape] = candidate.inputs;
    const concat = candidate.opType === 'Reshape' ? makers.get(shape) : undefined;
    if (concat?.opType !== 'Concat' || concat.inputs.length !== 2) return candidate;
    const rest = single(concat.inputs[1]);
    if (!isBatch(concat.inputs[0], data) || rest?.length !== 1 || rest[0] !== -1) return candidate;
    return node('Flatten', [data], candidate.outputs, { axis: 1 }, { name: candidate.name });
  });
  return nodes.every((next, i) => next === graph.nodes[i]) ? model : { ...model, graph: { ...graph, nodes } };
}
