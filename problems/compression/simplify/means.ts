import { node } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { freshName, intOf, namesWithin } from '../onnx/edit.js';
import type { Model, Node, Tensor } from '../onnx/model.js';
import { axesOf, ranksOf } from '../onnx/ranks.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model with each mean over all places of a picture (ReduceMean over axes 2 and 3) written as the GlobalAveragePool that it is, with a Flatten
 * behind it where the axes go: runtimes have integer kernels for poolings, and block layouts of pictures pass through them. The same object where
 * there are none. Where the number of axes is not known, or no picture's, the mean stays.
 */
export function meansAsPoolings(model: Model): Model {
  const { graph } = model;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const names = namesWithin(graph);
  const nodes = graph.nodes.flatMap((old): Node[] => {
    const { inputs, outputs, name } = old;
    if (!isMeanOfPlaces(old, constants) || ranks.get(inputs[0]) !== 4) return [old];
    if (intOf(old, 'keepdims', 1) !== 0)
      return [node('GlobalAveragePool', [inputs[0]], outputs, undefined, { name })];
    const pixel = freshName(`${outputs[0]}_pixel`, names);
    return [
      node('GlobalAveragePool', [inputs[0]], [pixel], undefined, { name }),
      node('Flatten', [pixel], outputs, { axis: 1 }),
    ];
  });
  if (nodes.every((now) => graph.nodes.includes(now))) return model;
  return { ...model, graph: withoutIdleNodes({ ...graph, nodes }) };
}

function isMeanOfPlaces(mean: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (mean.opType !== 'ReduceMean' || !isStandard(mean)) return false;
  const axes = axesOf(mean, constants)?.map((axis) => (axis < 0 ? axis + 4 : axis));
  return axes?.length === 2 && axes.includes(2) && axes.includes(3);
}
