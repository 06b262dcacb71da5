import { node, tensor } from '../onnx/build.js';
import { ELEMENT_TYPE, type Model } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { type Int8Weights, quantizeWeights } from './int8-weights.js';
import { type Noted, withStoredForms } from './stored-weights.js';

export interface WeightInt8Options {
  /** A scale for every output feature of a weight, rather than one in all. */
  readonly perChannel: boolean;
  /** Names of layers that stay as they are. */
  readonly exclude?: ReadonlySet<string>;
  /** Weights that are quantized already, by name, with as many scales as `perChannel` says. */
  readonly weights?: ReadonlyMap<string, Int8Weights>;
  /**
   * How int8 becomes float again. `product`, the default: a Cast and a Mul, which runtimes compute once as they load the model, so that it runs
   * as fast as before. `dequantize`: DequantizeLinear, which ONNX Runtime computes anew in every run.
   */
  readonly form?: 'product' | 'dequantize';
}

/**
 * The model with the float32 weights of its layers stored as int8 about 0 with scales, and computed with in float: about a quarter of
 * the bytes. No data are needed, and activations are not touched. Biases stay. Of recurrent layers the directions share their scales; each word of a table has its own.
 *
 * With a note stay weights of other types, those that are no matrices, and those with a NaN or an infinity.
 */
export function quantizeWeightsAlone(model: Model, options: WeightInt8Options): Noted {
  const { perChannel, exclude = new Set(), form = 'product' } = options;
  return withStoredForms(model, exclude, ({ name, role, tensor: weight, axis, fresh }) => {
    if (role === 'bias') return null;
    if (weight.dataType !== ELEMENT_TYPE.float32) return 'its type is not float32';
    const { dims } = weight;
    if (dims.length < 2) return 'it is no matrix';
    const values = toFloat32(weight);
    if (!values.every(Number.isFinite)) return 'it has a NaN or an infinity';
    const channels = perChannel ? dims[axis] : 1;
    const inner = perChannel ? dims.slice(axis + 1).reduce((a, b) => a * b, 1) : sizeOf(weight);
    const int8 = options.weights?.get(name) ?? quantizeWeights(values, channels, inner);
    const [integers, scale, real] = ['int8', 'scale', 'float'].map(fresh);
    const stored = tensor(integers, 'int8', dims, int8.values);
    if (form === 'dequantize') {
      const scales = tensor(scale, 'float32', perChannel ? [channels] : [], int8.scales);
      const attributes = perChannel ? { axis } : undefined;
      return {
        initializers: [stored, scales],
        nodes: [node('DequantizeLinear', [integers, scale], [name], attributes)],
      };
    }
    const spread = perChannel ? [channels, ...dims.slice(axis + 1).map(() => 1)] : [];
    return {
      initializers: [stored, tensor(scale, 'float32', spread, int8.scales)],
      nodes: [
        node('Cast', [integers], [real], { to: ELEMENT_TYPE.float32 }),
        node('Mul', [real, scale], [name]),
      ],
    };
  });
}
