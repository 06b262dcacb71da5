import { evaluateConstants } from '../inference/constants.js';
import { inVersion4, mapTensors } from '../onnx/edit.js';
import type { Model } from '../onnx/model.js';
import { dataOf, widthOf, withRawData } from '../onnx/tensor.js';
import { removeDeadChannels } from '../pruning/dead-channels.js';
import { foldBatchNorms } from './batch-norm.js';
import { foldConstants } from './constants.js';
import { flushDenormals } from './denormals.js';
import { withoutPassThrough } from './pass-through.js';
import { foldShapes } from './shapes.js';

/**
 * The free first steps, for a model and for what it is compared with: weights that are denormal numbers become zero, what constants and
 * fixed shapes decide is computed once, nodes that hand on what they get leave, batch-norms become part of the layers before them, and
 * channels that are all zero go.
 */
export async function simplified(model: Model): Promise<Model> {
  const flushed = mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== 0 || widthOf(tensor.dataType) === undefined) return tensor;
    const data = dataOf(tensor).slice();
    return flushDenormals(data, tensor.dataType) > 0 ? withRawData(tensor, data) : tensor;
  });
  const shaped = await foldShapes(inVersion4(flushed), evaluateConstants);
  const plain = withoutPassThrough(await foldConstants(shaped, evaluateConstants));
  return removeDeadChannels(foldBatchNorms(plain));
}
