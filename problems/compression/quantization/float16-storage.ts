import { node, tensor } from '../onnx/build.js';
import { toFloat16 } from '../onnx/float16.js';
import { ELEMENT_TYPE, type Model } from '../onnx/model.js';
import { toFloat32 } from '../onnx/tensor.js';
import { type Noted, withStoredForms } from './stored-weights.js';

/** The largest number of float16. */
const LARGEST = 65504;

/**
 * The model with the float32 weights and biases of its layers stored as float16, each behind a Cast to float32: half the bytes, the
 * arithmetic of before on weights rounded to 11 significant bits (and to multiples of 2^-24, which is zero for the smallest).
 *
 * Layers named in `exclude` stay. So does, with a note, a tensor that has a NaN or a magnitude above 65504.
 */
export function storeAsFloat16(model: Model, exclude: ReadonlySet<string> = new Set()): Noted {
  return withStoredForms(model, exclude, ({ name, tensor: stored, fresh }) => {
    if (stored.dataType !== ELEMENT_TYPE.float32) return null;
    const values = toFloat32(stored);
    if (!values.every((value) => Math.abs(value) <= LARGEST)) return 'it has a number that float16 has not';
    const half = fresh('float16');
    return {
      initializers: [tensor(half, 'float16', stored.dims, toFloat16(values))],
      nodes: [node('Cast', [half], [name], { to: ELEMENT_TYPE.float32 })],
    };
  });
}
