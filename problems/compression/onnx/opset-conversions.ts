import type { Additions } from './additions.js';
import { node } from './build.js';
import { attributeOf, floatOf, intOf, stringOf } from './edit.js';
import type { Node, Tensor } from './model.js';
import { toFloat32 } from './tensor.js';

/** What a conversion of a node may ask and add. */
export interface Conversion extends Pick<Additions, 'fresh' | 'constant'> {
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Whether numbers of another type than float32 may flow. */
  readonly half: boolean;
  /** The number of axes of a value, where that is known. */
  rank(name: string): number | undefined;
}

/** How nodes of an operator before the operator set `until` become nodes of 13, or why one cannot. */
export interface OperatorConversion {
  readonly until: number;
  convert(node: Node, conversion: Conversion): readonly Node[] | string;
}

/** The operators that changed between 7 and 13 in more than the types that they take. Source: the changelog of the ONNX operators. */
export const conversions: Readonly<Record<string, OperatorConversion>> = {
  BatchNormalization: { until: 9, convert: withoutSpatial },
  Clip: { until: 11, convert: clip },
  Dropout: { until: 12, convert: dropout },
  Hardmax: { until: 13, convert: overLastAxes },
  LogSoftmax: { until: 13, convert: overLastAxes },
  OneHot: { until: 11, convert: () => 'what it makes of negative indices changed' },
  Pad: { until: 11, convert: pad },
  ReduceSum: { until: 13, convert: (old, c) => [integersToInputs(old, ['axes'], c)] },
  Resize: { until: 11, convert: resize },
  Scan: { until: 9, convert: () => 'its form changed' },
  Scatter: { until: 11, convert: (old) => [{ ...old, opType: 'ScatterElements' }] },
  Slice: { until: 10, convert: (old, c) => [integersToInputs(old, ['starts', 'ends', 'axes'], c)] },
  Softmax: { until: 13, convert: overLastAxes },
  Split: { until: 13, convert: (old, c) => [integersToInputs(old, ['split'], c)] },
  Squeeze: { until: 13, convert: (old, c) => [integersToInputs(old, ['axes'], c)] },
  TopK: { until: 10, convert: topK },
  Unsqueeze: { until: 13, convert: (old, c) => [integersToInputs(old, ['axes'], c)] },
  Upsample: { until: 13, convert: upsample },
  ...Object.fromEntries(
    [
      'Affine',
      'ConstantFill',
      'Crop',
      'GivenTensorFill',
      'ImageScaler',
      'ParametricSoftplus',
      'ScaledTanh',
    ].map((name) => [name, { until: 13, convert: () => 'it was an experiment and is no operator any more' }]),
  ),
};

function without(old: Node, ...names: readonly string[]): Node {
  return { ...old, attributes: old.attributes.filter(({ name }) => !names.includes(name)) };
}

/** Attributes of integers become inputs behind those that are there, in this order; one that is not given is left out. */
function integersToInputs(old: Node, names: readonly string[], { constant }: Conversion): Node {
  const inputs = names.flatMap((name) => {
    // Not as numbers: the end of a Slice that goes on to the end is 2^63 - 1.
    const values = attributeOf(old, name)?.ints;
    if (!values) return [];
    const elements = BigInt64Array.from(values, BigInt);
    return [constant(`${old.outputs[0]}_${name}`, 'int64', [values.length], elements)];
  });
  return { ...without(old, ...names), inputs: [...old.inputs, ...inputs] };
}

function scalar(old: Node, what: string, value: number, { constant }: Conversion): string {
  return constant(`${old.outputs[0]}_${what}`, 'float32', [], Float32Array.of(value));
}

function withoutSpatial(old: Node): readonly Node[] | string {
  return intOf(old, 'spatial', 1) === 1
    ? [without(old, 'spatial')]
    : 'it normalises every position by itself';
}

function clip(old: Node, conversion: Conversion): readonly Node[] | string {
  if (conversion.half) return 'the type of its bounds is not known';
  const bound = (name: string) =>
    attributeOf(old, name) ? scalar(old, name, floatOf(old, name, 0), conversion) : '';
  const inputs = [old.inputs[0], bound('min'), bound('max')];
  while (inputs[inputs.length - 1] === '') inputs.pop();
  return [{ ...without(old, 'min', 'max'), inputs }];
}

/** Passes on what it gets, as no network is trained here. */
function dropout(old: Node): readonly Node[] | string {
  if (old.outputs.length > 1 && old.outputs[1] !== '') return 'its mask changed';
  return [{ ...without(old, 'ratio', 'is_test', 'seed'), outputs: old.outputs.slice(0, 1) }];
}

function pad(old: Node, conversion: Conversion): readonly Node[] | string {
  const value = floatOf(old, 'value', 0);
  if (value !== 0 && conversion.half) return 'the type of its value is not known';
  const padded = integersToInputs(without(old, 'value'), ['pads'], conversion);
  return value === 0
    ? [padded]
    : [{ ...padded, inputs: [...padded.inputs, scalar(old, 'value', value, conversion)] }];
}

/** Before 13 all axes from `axis` on were one; now it is one axis alone. */
function overLastAxes(old: Node, { rank, fresh }: Conversion): readonly Node[] {
  const axis = intOf(old, 'axis', 1);
  const [x] = old.inputs;
  const [y] = old.outputs;
  const { name } = old;
  const known = rank(x) ?? rank(y);
  if (axis === -1 || (known !== undefined && axis === known - 1))
    return [node(old.opType, [x], [y], { axis: -1 }, { name })];
  const [shape, flat, result] = ['shape', 'flat', 'rows'].map((part) => fresh(`${y}_${part}`));
  return [
    node('Shape', [x], [shape]),
    node('Flatten', [x], [flat], { axis }),
    node(old.opType, [flat], [result], { axis: -1 }, { name }),
    node('Reshape', [result, shape], [y]),
  ];
}

function topK(old: Node, conversion: Conversion): readonly Node[] {
  const k = BigInt64Array.of(BigInt(intOf(old, 'k', 1)));
  const name = conversion.constant(`${old.outputs[0]}_k`, 'int64', [1], k);
  return [{ ...without(old, 'k'), inputs: [old.inputs[0], name] }];
}

function upsample(old: Node, conversion: Conversion): readonly Node[] | string {
  const scales = attributeOf(old, 'scales')?.floats;
  if (!scales) return resize(old, conversion);
  const elements = Float32Array.from(scales);
  const name = conversion.constant(`${old.outputs[0]}_scales`, 'float32', [scales.length], elements);
  return resized(old, name, elements);
}

function resize(old: Node, { constants }: Conversion): readonly Node[] | string {
  const scales = constants.get(old.inputs[1] ?? '');
  return scales ? resized(old, old.inputs[1], toFloat32(scales)) : 'its scales are computed';
}

/** Position `i` of the result stands at `i / scale` of the input, rounded down where the nearest is taken. */
function resized(old: Node, scales: string, values: Float32Array): readonly Node[] | string {
  const mode = stringOf(old, 'mode', 'nearest');
  if (mode !== 'nearest' && mode !== 'linear' && mode !== 'bilinear') return `its mode is ${mode}`;
  if (values.some((value) => value < 1))
    return 'which positions it takes to make something smaller was not fixed';
  const nearest = mode === 'nearest';
  return [
    node(
      'Resize',
      [old.inputs[0], '', scales],
      old.outputs,
      {
        mode: nearest ? 'nearest' : 'linear',
        coordinate_transformation_mode: 'asymmetric',
        ...(nearest && { nearest_mode: 'floor' }),
      },
      { name: old.name },
    ),
  ];
}
