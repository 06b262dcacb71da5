import { node, tensor } from '../onnx/build.js';
import { constantsOf } from '../onnx/constants.js';
import { freshName, inVersion4, namesWithin, withoutUnused } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node, type Tensor } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { affineOf, isNormOfInference } from '../simplify/batch-norm.js';

/**
 * The model with each BatchNormalization of pictures written as a convolution of one by one, channel by channel: ONNX Runtime has no integer
 * kernel for the one and has for the other, and a scale a channel holds the only weight of each exactly. For those that could not become part
 * of a layer before them: behind a Concat, or a sum, as in networks that normalise before they activate. The same object where there are none.
 */
export function normsAsConvolutions(model: Model): Model {
  const current = inVersion4(model);
  const { graph } = current;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const names = namesWithin(graph);
  const added: Tensor[] = [];
  const replaced = new Set<string>();
  const nodes = graph.nodes.map((old): Node => {
    const parameters = old.inputs.slice(1).map((name) => constants.get(name));
    const known = parameters.every((parameter) => parameter?.dataType === ELEMENT_TYPE.float32);
    if (!isNormOfInference(old) || !known || ranks.get(old.inputs[0]) !== 4) return old;
    const { factors, offsets } = affineOf(old, constants);
    const channels = factors.length;
    const weight = freshName(`${old.inputs[1]}_weight`, names);
    const bias = freshName(`${old.inputs[2]}_bias`, names);
    added.push(
      tensor(weight, 'float32', [channels, 1, 1, 1], Float32Array.from(factors)),
      tensor(bias, 'float32', [channels], Float32Array.from(offsets)),
    );
    for (const name of old.inputs.slice(1)) replaced.add(name);
    return node('Conv', [old.inputs[0], weight, bias], old.outputs, { group: channels }, { name: old.name });
  });
  if (added.length === 0) return model;
  const next: Graph = { ...graph, nodes, initializers: [...graph.initializers, ...added] };
  return { ...current, graph: withoutUnused(next, replaced) };
}
