import { node, tensor } from '../onnx/build.js';
import { constantsOf } from '../onnx/constants.js';
import { freshName, inVersion4, namesWithin, withoutUnused } from '../onnx/edit.js';
import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
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
  const names = namesWithin(graph);
  const added: Tensor[] = [];
  const replaced = new Set<string>();
  const affines = affinesOf(graph);
  const nodes = graph.nodes.map((old): Node => {
    const affine = isNormOfInference(old) ? affines.get(old) : undefined;
    if (!affine || ranks.get(affine.input) !== 4 || !isInteger(affine.input)) return old;
    const { factors, offsets } = affine;
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
