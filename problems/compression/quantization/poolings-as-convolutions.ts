import { additionsTo, rebuilt } from '../onnx/additions.js';
import { node } from '../onnx/build.js';
import { channelsOf } from '../onnx/channels.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { intOf, intsOf, inVersion4, stringOf } from '../onnx/edit.js';
import type { Model, Node } from '../onnx/model.js';

/** Places of a window at most: the weights are so many a channel in the file. */
const LARGEST = 25;

/**
 * The model with each AveragePool of pictures whose input `isInteger` written as a convolution, channel by channel, of equal weights: ONNX Runtime's integer
 * kernel of the one takes five to ten times as long as that of the other, and a scale holds the only weight exactly. The same object where there are none.
 *
 * Left: where what is padded does not count, sizes are rounded up or windows have holes; windows of more than 25 places; and where the
 * number of channels is not known.
 */
export function poolingsAsConvolutions(model: Model, isInteger: (name: string) => boolean): Model {
  const current = inVersion4(model);
  const { graph } = current;
  const channels = channelsOf(graph, constantsOf(graph));
  const additions = additionsTo(graph);
  const weights = new Map<string, string>();
  const nodes = graph.nodes.map((old): Node => {
    const { inputs, outputs, name } = old;
    const count = channels.get(inputs[0]) ?? channels.get(outputs[0]);
    const kernel = intsOf(old, 'kernel_shape') ?? [];
    if (!isMeanOfWindows(old) || kernel.length !== 2 || !isInteger(inputs[0]) || !count) return old;
    const places = kernel[0] * kernel[1];
    if (places > LARGEST) return old;
    const key = `${count},${kernel}`;
    const shares = new Float32Array(count * places).fill(1 / places);
    const weight = weights.get(key) ?? additions.constant('mean', 'float32', [count, 1, ...kernel], shares);
    weights.set(key, weight);
    const [strides, pads] = [intsOf(old, 'strides') ?? [1, 1], intsOf(old, 'pads') ?? [0, 0, 0, 0]];
    const attributes = { group: count, kernel_shape: kernel, strides, pads };
    return node('Conv', [inputs[0], weight], outputs, attributes, { name });
  });
  if (weights.size === 0) return model;
  return { ...current, graph: rebuilt(graph, nodes, additions) };
}

function isMeanOfWindows(pool: Node): boolean {
  if (pool.opType !== 'AveragePool' || !isStandard(pool)) return false;
  const unpadded = (intsOf(pool, 'pads') ?? []).every((side) => side === 0);
  return (
    (unpadded || intOf(pool, 'count_include_pad', 0) === 1) &&
    intOf(pool, 'ceil_mode', 0) === 0 &&
    (intsOf(pool, 'dilations') ?? []).every((step) => step === 1) &&
    stringOf(pool, 'auto_pad', 'NOTSET') === 'NOTSET'
  );
}
