import { intOf, stringOf } from '../onnx/edit.js';
import { axesOf } from '../onnx/ranks.js';
import { integersOf, toFloat32 } from '../onnx/tensor.js';
import type { Channels, Rule, Tracer } from './tracer.js';

/** The result has the channels of the first input, where it had them. */
export const keep: Rule = ({ inputs, outputs }, _, { values }) => {
  const value = values.get(inputs[0]);
  if (value && outputs[0]) values.set(outputs[0], value);
  return outputs.length === 1;
};

const sliced: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return true;
  const axes = node.inputs[3] ? integers(node.inputs[3], tracer) : undefined;
  return areSpatial(axes, value) ? keep(node, index, tracer) : false;
};

const flattened: Rule = (node, _, { values }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  if (intOf(node, 'axis', 1) !== 1 || (value.fromEnd === 1 && value.width !== 0 && value.width !== 1))
    return false;
  values.set(node.outputs[0], value.fromEnd === 1 ? value : { ...value, fromEnd: 1, width: 0 });
  return true;
};

/** To [batch, all the rest], said as -1 or by its number; or from [batch, channels] to [batch, channels, 1, 1]. */
const reshaped: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return true;
  const shape = integers(node.inputs[1], tracer);
  if (!shape || shape.length < 2 || value.width > 1) return false;
  const [, size, ...space] = shape;
  if (shape.length === 2 && size === -1) return flattened({ ...node, attributes: [] }, index, tracer);
  const channels = value.ids.length;
  if (shape.length === 2) {
    if (size < 1 || size % channels !== 0 || (value.fromEnd === 1 && value.width === 1 && size !== channels))
      return false;
    tracer.values.set(node.outputs[0], { ...value, fromEnd: 1, width: size / channels });
  } else {
    const pixels = value.fromEnd === 1 && value.width === 1 && tracer.ranks.get(node.inputs[0]) === 2;
    if (!pixels || size !== channels || space.some((side) => side !== 1)) return false;
    tracer.values.set(node.outputs[0], { ...value, fromEnd: shape.length - 1 });
  }
  tracer.counts.push({ node: index, kind: 'shape', parts: [value.ids] });
  return true;
};

/** From [batch, channels] to [batch, channels, 1, 1], and more axes behind those. */
const unsqueezed: Rule = (node, _, { values, constants, ranks }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const axes = axesOf(node, constants);
  const rank = ranks.get(node.inputs[0]);
  if (!axes || rank !== value.fromEnd + 1 || value.width !== 1 || value.supposed) return false;
  if (axes.some((axis) => (axis < 0 ? axis + rank + axes.length : axis) < 2)) return false;
  values.set(node.outputs[0], { ...value, fromEnd: value.fromEnd + axes.length });
  return true;
};

const squeezed: Rule = (node, _, { values, constants }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const axes = axesOf(node, constants);
  if (!axes || !areSpatial(axes, value)) return false;
  values.set(node.outputs[0], { ...value, fromEnd: value.fromEnd - axes.length });
  return true;
};

/** Means and the like over the picture. */
const reduced: Rule = (node, _, { values, constants }) => {
  const value = values.get(node.inputs[0]);
  if (!value) return true;
  const axes = axesOf(node, constants);
  if (!axes || !areSpatial(axes, value) || value.fromEnd === 1) return false;
  if (intOf(node, 'keepdims', 1) !== 0) values.set(node.outputs[0], value);
  else if (axes.length === value.fromEnd - 1) values.set(node.outputs[0], { ...value, fromEnd: 1 });
  else return false;
  return true;
};

/** Another size of the picture, by factors or by sizes that say the number of channels again. */
const resized: Rule = (node, index, tracer) => {
  const value = tracer.values.get(node.inputs[0]);
  if (!value) return true;
  const { ids, fromEnd, width } = value;
  const [scales, sizes] = node.opType === 'Upsample' ? [node.inputs[1], ''] : node.inputs.slice(2);
  const plain = !node.attributes.some(({ name }) => name === 'axes') && width === 1 && fromEnd > 1;
  if (!plain || stringOf(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize') return false;
  const factors = tracer.constants.get(scales ?? '');
  if (factors?.dims[0] === fromEnd + 1 && toFloat32(factors)[1] === 1) return keep(node, index, tracer);
  const shape = sizes ? integers(sizes, tracer) : undefined;
  if (shape?.length !== fromEnd + 1 || shape[1] !== ids.length) return false;
  tracer.counts.push({ node: index, kind: 'shape', parts: [ids] });
  return keep(node, index, tracer);
};

/** The rule of every operator that changes the axes of a picture or their sizes. */
export const SHAPE_RULES: Readonly<Record<string, Rule>> = {
  Slice: sliced,
  Flatten: flattened,
  Reshape: reshaped,
  Unsqueeze: unsqueezed,
  Squeeze: squeezed,
  Resize: resized,
  Upsample: resized,
  ...Object.fromEntries(
    'Mean Max Min Sum Prod SumSquare L1 L2 LogSum LogSumExp'
      .split(' ')
      .map((name) => [`Reduce${name}`, reduced]),
  ),
};

/** Whether axes all lie behind that of the channels. */
function areSpatial(axes: readonly number[] | undefined, { fromEnd }: Channels): boolean {
  return axes?.every((axis) => (axis < 0 ? -axis < fromEnd : axis > 1 && fromEnd > 1)) ?? false;
}

function integers(name: string, { constants }: Tracer): number[] | undefined {
  const tensor = constants.get(name);
  return tensor && integersOf(tensor);
}
