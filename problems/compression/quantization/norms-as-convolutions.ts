import { additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { constantsOf } from '../onnx/constants.js';
import { inVersion4, withoutUnused } from '../onnx/edit.js';
import type { Model, Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { affinesOf, isNormOfInference } from '../simplify/affine.js';

/**
 * The model with each BatchNormalization of pictures whose input `isInteger` written as a convolution of one by one, channel by channel: ONNX Runtime has no integer
 * kernel for the one and has for the other, and a scale a channel holds the only weight of each exactly. For those that could not become part
 * of a layer before them: behind a Concat, or a sum, as in networks that normalise before they activate. The same object where there are none.
 *
 * One of what is in float, such as the pixels that the network is given, stays: it is a fraction of the time there.
 */
export function normsAsConvolutions(model: Model, isInteger: (name: string) => boolean): Model {
  const current = inVersion4(model);
  const { graph } = current;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const additions = additionsTo(graph);
  const replaced = new Set<string>();
  const affines = affinesOf(graph);
  const nodes = graph.nodes.map((old): Node => {
    const affine = isNormOfInference(old) ? affines.get(old) : undefined;
    if (!affine || ranks.get(affine.input) !== 4 || !isInteger(affine.input)) return old;
    const { factors, offsets } = affine;
    const channels = factors.length;
    const [weights, biases] = [factors, offsets].map((values) => Float32Array.from(values));
    const weight = additions.constant(`${old.inputs[1]}_weight`, 'float32', [channels, 1, 1, 1], weights);
    const bias = additions.constant(`${old.inputs[2]}_bias`, 'float32', [channels], biases);
    for (const name of old.inputs.slice(1)) replaced.add(name);
    return node('Conv', [old.inputs[0], weight, bias], old.outputs, { group: channels }, { name: old.name });
  });
  if (replaced.size === 0) return model;
  return { ...current, graph: withoutUnused(rebuilt(graph, nodes, additions), replaced) };
}
