import { constantsOf } from '../../onnx/constants.js';
import { ELEMENT_TYPE, type Model } from '../../onnx/model.js';
import type { CodedTensor } from '../container/layout.js';
import { FEWEST_CODED, gridOf } from './packables.js';

/**
 * The constants of a model that are int8 already, such as the weights of a quantized layer, as levels that stand for themselves: they come
 * back as they were. The model must have been read from a file in which they stand as raw data. O(elements).
 */
export function codedIntegers({ graph }: Model): CodedTensor[] {
  const found: CodedTensor[] = [];
  for (const tensor of constantsOf(graph).values()) {
    const { dataType, rawData } = tensor;
    if (dataType !== ELEMENT_TYPE.int8 || !rawData || rawData.length < FEWEST_CODED) continue;
    found.push({
      offset: rawData.byteOffset,
      dataType,
      grid: gridOf(tensor, 'weight'),
      levels: Int32Array.from(new Int8Array(rawData.buffer, rawData.byteOffset, rawData.length)),
      rule: { kind: 'steps', steps: Float32Array.of(1), offsets: [0, 0] },
    });
  }
  return found;
}
