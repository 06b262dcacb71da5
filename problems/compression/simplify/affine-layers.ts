import type { Additions } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { isStandard } from '../onnx/constants.js';
import { floatOf, intOf, intsOf, stringOf } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Node, type Tensor } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { type Affine, spread } from './affine.js';

/** What is known of the values of a graph by their names. */
export interface Context {
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly ranks: ReadonlyMap<string, number>;
  readonly channels: ReadonlyMap<string, number>;
}

/**
 * A layer that does what is done to its channels behind it as well, with `output` for a result: the layer, and for a MatMul an Add behind it where there is an
 * offset. Undefined where it cannot.
 */
export function afterwards(
  layer: Node,
  affine: Affine,
  output: string,
  { constants, ranks }: Context,
  additions: Additions,
): Node[] | undefined {
  const known = weightsOf(layer, constants);
  if (!known) return undefined;
  const { weight, bias } = known;
  const axis = featureAxis(layer);
  const channels = weight.dims[axis];
  const product = layer.opType === 'MatMul';
  const features = product ? ranks.get(layer.outputs[0])! - 1 : 1;
  const fits = affine.axis === undefined || (affine.axis === features && affine.factors.length === channels);
  if (!fits || (layer.opType === 'ConvTranspose' && intOf(layer, 'group', 1) !== 1)) return undefined;
  const { factors, offsets } = spread(affine, channels);
  const plain = factors.every((factor) => factor === 1);
  if (product && plain) return undefined;
  const inner = weight.dims.slice(axis + 1).reduce((size, dim) => size * dim, 1);
  const weights = toFloat32(weight).map((value, i) => value * factors[Math.floor(i / inner) % channels]);
  const biases = Float32Array.from(offsets, (offset, c) => (bias?.[c] ?? 0) * factors[c] + offset);
  const [x, weightName] = layer.inputs;
  const inputs = [x, additions.constant(`${weightName}_folded`, 'float32', weight.dims, weights)];
  const none = biases.every((value) => value === 0);
  if (product && !none) {
    const made = additions.fresh(`${output}_product`);
    const added = additions.constant(`${weightName}_folded_bias`, 'float32', [channels], biases);
    return [{ ...layer, inputs, outputs: [made] }, node('Add', [made, added], [output])];
  }
  const biasName = layer.inputs[2] || weightName;
  if (!product) inputs.push(additions.constant(`${biasName}_folded_bias`, 'float32', [channels], biases));
  return [{ ...layer, inputs, outputs: [output] }];
}

/** A layer that does what is done to the channels of its input before it as well; undefined where it cannot. */
export function beforehand(
  layer: Node,
  affine: Affine,
  { constants, ranks, channels }: Context,
  additions: Additions,
): Node[] | undefined {
  const known = weightsOf(layer, constants);
  if (!known || layer.opType === 'ConvTranspose') return undefined;
  const { weight, bias } = known;
  const groups = layer.opType === 'Conv' ? intOf(layer, 'group', 1) : 1;
  const taken = layer.opType === 'Conv' ? 1 : 1 - featureAxis(layer);
  const count = weight.dims[taken] * groups;
  const alike = affine.axis === undefined;
  // A constant may also make more channels than there were.
  const each = affine.axis === 1 && channels.get(affine.input) === count && affine.factors.length === count;
  const onRows = layer.opType === 'Conv' || ranks.get(affine.input) === 2;
  if (!alike && !(each && onRows)) return undefined;
  const { factors, offsets } = spread(affine, count);
  const shifts = offsets.some((offset) => offset !== 0);
  if (shifts && (layer.opType === 'MatMul' || pads(layer))) return undefined;
  const features = weight.dims[featureAxis(layer)];
  const biases = Float64Array.from({ length: features }, (_, feature) => bias?.[feature] ?? 0);
  const inner = weight.dims.slice(taken + 1).reduce((size, dim) => size * dim, 1);
  const perFeature = weight.dims.slice(featureAxis(layer) + 1).reduce((size, dim) => size * dim, 1);
  const weights = toFloat32(weight).map((value, i) => {
    const feature = Math.floor(i / perFeature) % features;
    const group = Math.floor((feature * groups) / features);
    const channel = group * weight.dims[taken] + (Math.floor(i / inner) % weight.dims[taken]);
    biases[feature] += value * offsets[channel];
    return value * factors[channel];
  });
  const [, weightName, biasName] = layer.inputs;
  const inputs = [affine.input, additions.constant(`${weightName}_folded`, 'float32', weight.dims, weights)];
  if (biasName || shifts)
    inputs.push(
      additions.constant(
        `${biasName || weightName}_folded_bias`,
        'float32',
        [features],
        Float32Array.from(biases),
      ),
    );
  return [{ ...layer, inputs }];
}

interface Weights {
  readonly weight: Tensor;
  readonly bias: Float32Array | undefined;
}

/** The weight and the bias of a layer, where they are constants of float32 and all that it computes with. */
function weightsOf(layer: Node, constants: ReadonlyMap<string, Tensor>): Weights | undefined {
  if (!isStandard(layer) || !/^(Conv|ConvTranspose|Gemm|MatMul)$/.test(layer.opType)) return undefined;
  const [weight, bias] = layer.inputs.slice(1).map((name) => constants.get(name));
  if (weight?.dataType !== ELEMENT_TYPE.float32 || constants.has(layer.inputs[0])) return undefined;
  if (layer.opType === 'MatMul') return weight.dims.length === 2 ? { weight, bias: undefined } : undefined;
  if (layer.opType === 'Gemm' && hasFactors(layer)) return undefined;
  if (!layer.inputs[2]) return { weight, bias: undefined };
  const channels =
    weight.dims[featureAxis(layer)] * (layer.opType === 'ConvTranspose' ? intOf(layer, 'group', 1) : 1);
  if (bias?.dataType !== ELEMENT_TYPE.float32 || sizeOf(bias) !== channels) return undefined;
  return { weight, bias: toFloat32(bias) };
}

function hasFactors(gemm: Node): boolean {
  const factors = ['alpha', 'beta'].map((name) => floatOf(gemm, name, 1));
  return intOf(gemm, 'transA', 0) !== 0 || factors.some((factor) => factor !== 1);
}

/** Whether zeros are put around the input. */
function pads(conv: Node): boolean {
  const rule = stringOf(conv, 'auto_pad', 'NOTSET');
  if (rule === 'NOTSET') return (intsOf(conv, 'pads') ?? []).some((side) => side !== 0);
  return rule !== 'VALID';
}

/** The axis of a weight along which the features of its layer lie. */
function featureAxis(layer: Node): 0 | 1 {
  if (layer.opType === 'Conv') return 0;
  return layer.opType === 'Gemm' && intOf(layer, 'transB', 0) !== 0 ? 0 : 1;
}
