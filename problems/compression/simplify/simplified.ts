import { evaluateConstants } from '../inference/constants.js';
import { inVersion4, mapTensors } from '../onnx/edit.js';
import type { Model } from '../onnx/model.js';
import { dataOf, widthOf, withRawData } from '../onnx/tensor.js';
import { removeDeadChannels } from '../pruning/dead-channels.js';
import { withoutBranches } from './branches.js';
import { foldConstants } from './constants.js';
import { withoutCopies } from './copies.js';
import { flushDenormals } from './denormals.js';
import { asFlatten } from './flatten.js';
import { flattenedInOrder } from './flattened.js';
import { foldAffine } from './fold-affine.js';
import { asHardSigmoids } from './hard-sigmoids.js';
import { meansAsPoolings } from './means.js';
import { mishBySigmoid } from './mish.js';
import { padsWithin } from './pads.js';
import { parallelSummed } from './parallel.js';
import { withoutPassThrough } from './pass-through.js';
import { powersAsRoots } from './powers.js';
import { foldShapes } from './shapes.js';
import { withoutTransposes } from './transposes.js';

/**
 * The free first steps, for a model and for what it is compared with: weights that are denormal numbers become zero, what constants and
 * fixed shapes decide is computed once, nodes that hand on what they get leave, Transposes that undo each other go, and those before pictures are flattened, equal weights are kept once, means over pictures are poolings,
 * powers roots, a Mish a Sigmoid, a HardSigmoid one node, zeros around pictures part of what reads them, normalisations and factors part of the layers around them, summed
 * convolutions of the same pictures one, and channels that are all zero go.
 */
export async function simplified(model: Model): Promise<Model> {
  const flushed = mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== 0 || widthOf(tensor.dataType) === undefined) return tensor;
    const data = dataOf(tensor).slice();
    return flushDenormals(data, tensor.dataType) > 0 ? withRawData(tensor, data) : tensor;
  });
  const shaped = await foldShapes(asFlatten(withoutListed(inVersion4(flushed))), evaluateConstants);
  const constant = await foldConstants(shaped, evaluateConstants);
  const straight = withoutBranches(constant);
  const decided =
    straight === constant ? constant : await foldConstants(asFlatten(straight), evaluateConstants);
  const ordered = await flattenedInOrder(withoutTransposes(withoutPassThrough(decided)), evaluateConstants);
  const plain = asHardSigmoids(mishBySigmoid(powersAsRoots(meansAsPoolings(ordered))));
  return removeDeadChannels(parallelSummed(foldAffine(withoutCopies(padsWithin(plain)))));
}

/**
 * The model without its constants among the inputs, where all of them are: old exporters list every weight, which a caller could then override, and runtimes
 * compute nothing from them ahead. Where only some are listed, they are meant, and stay.
 */
function withoutListed(model: Model): Model {
  const { inputs, initializers } = model.graph;
  const listed = new Set(inputs.map(({ name }) => name));
  if (!initializers.every(({ name }) => listed.has(name))) return model;
  const constants = new Set(initializers.map(({ name }) => name));
  const left = inputs.filter(({ name }) => !constants.has(name));
  return left.length === inputs.length ? model : { ...model, graph: { ...model.graph, inputs: left } };
}
