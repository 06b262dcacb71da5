import { type Additions, additionsTo, rebuilt } from '../onnx/additions.js';
import { type AttributeValue, node } from '../onnx/build.js';
import { constantsOf, isStandard, standardVersion } from '../onnx/constants.js';
import { floatOf, intOf, inVersion4 } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Model, type Node } from '../onnx/model.js';
import { ranksOf } from '../onnx/ranks.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model with powers that roots make computed as such: a half (Sqrt), a quarter, three quarters. A runtime computes a Pow number by number, a square root many at a
 * time: a quarter of the time. With them LRN, whose power is 3/4 in every known network, is written out as its definition says: squares, their mean over
 * neighbouring channels as an AveragePool, its power, a Div; an eighth of the time. The same object when there is nothing to do.
 *
 * Answers differ by the rounding of float32. Powers of negative numbers are NaN as before, but for those of -0 and of negative infinity.
 */
export function powersAsRoots(model: Model): Model {
  const current = inVersion4(model);
  const { graph } = current;
  const constants = constantsOf(graph);
  const ranks = ranksOf(graph, constants);
  const additions = additionsTo(graph);
  const axesAreInputs = standardVersion(model) >= 13;
  const nodes = graph.nodes.flatMap((old): readonly Node[] => {
    if (!isStandard(old)) return [old];
    if (old.opType === 'LRN' && ranks.get(old.inputs[0]) === 4)
      return responses(old, axesAreInputs, additions);
    const exponent = old.opType === 'Pow' ? constants.get(old.inputs[1]) : undefined;
    if (exponent?.dataType !== ELEMENT_TYPE.float32 || sizeOf(exponent) !== 1) return [old];
    const fits = exponent.dims.length <= (ranks.get(old.inputs[0]) ?? 0);
    return (fits && roots(old, toFloat32(exponent)[0], additions)) || [old];
  });
  if (nodes.length === graph.nodes.length && nodes.every((next, i) => next === graph.nodes[i])) return model;
  return { ...current, graph: withoutIdleNodes(rebuilt(graph, nodes, additions)) };
}

/** The power of the node by square roots, or undefined where it takes more than that. */
function roots({ inputs: [x], outputs: [y], name }: Node, exponent: number, { fresh }: Additions) {
  if (exponent === 0.5) return [node('Sqrt', [x], [y], {}, { name })];
  if (exponent !== 0.25 && exponent !== 0.75) return undefined;
  const half = fresh(`${y}_root`);
  const first = node('Sqrt', [x], [half], {}, { name });
  if (exponent === 0.25) return [first, node('Sqrt', [half], [y])];
  const quarter = fresh(`${y}_fourth_root`);
  return [first, node('Sqrt', [half], [quarter]), node('Mul', [half, quarter], [y])];
}

/** `x / (bias + alpha mean(x^2))^beta`, the mean over `size` channels around each, what lies outside being 0. `axesAreInputs`: those of Squeeze in this operator set. */
function responses(lrn: Node, axesAreInputs: boolean, additions: Additions): Node[] {
  const { inputs, outputs, name } = lrn;
  const [x] = inputs;
  const [y] = outputs;
  const size = intOf(lrn, 'size', 1);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const part = (ending: string) => additions.fresh(`${y}_${ending}`);
  const [square, apart, mean, together, scaled, sum, power] = 'square apart mean together scaled sum power'
    .split(' ')
    .map(part);
  const scalar = (value: number, ending: string) =>
    additions.constant(`${y}_${ending}`, 'float32', [], Float32Array.of(value));
  const beta = floatOf(lrn, 'beta', 0.75);
  const axes = axesAreInputs ? [additions.constant(`${y}_axis`, 'int64', [1], BigInt64Array.of(1n))] : [];
  const old: Readonly<Record<string, AttributeValue>> = axesAreInputs ? {} : { axes: [1] };
  const raise = node('Pow', [sum, ''], [power], {}, { name });
  const raised = roots(raise, beta, additions) ?? [{ ...raise, inputs: [sum, scalar(beta, 'beta')] }];
  return [
    node('Mul', [x, x], [square]),
    node('Unsqueeze', [square, ...axes], [apart], old),
    node('AveragePool', [apart], [mean], {
      kernel_shape: [size, 1, 1],
      strides: [1, 1, 1],
      pads: [before, 0, 0, after, 0, 0],
      count_include_pad: 1,
    }),
    node('Squeeze', [mean, ...axes], [together], old),
    node('Mul', [together, scalar(floatOf(lrn, 'alpha', 1e-4), 'alpha')], [scaled]),
    node('Add', [scaled, scalar(floatOf(lrn, 'bias', 1), 'bias')], [sum]),
    ...raised,
    node('Div', [x, power], [y]),
  ];
}
