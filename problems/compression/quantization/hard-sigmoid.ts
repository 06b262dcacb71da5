import { float, node } from '../onnx/build.js';
import { isStandard } from '../onnx/constants.js';
import { floatOf, freshName, namesWithin } from '../onnx/edit.js';
import type { Model, Node } from '../onnx/model.js';
import type { ActivationQuantization } from './activation-range.js';

/** A function of a value that quantizing it one way and reading the integers another way computes. */
export interface Requantization {
  readonly written: ActivationQuantization;
  readonly read: ActivationQuantization;
}

/** Half of them is a whole zero point, for beta 1 / 2. The greatest integer, 255, then reads as 1.004. */
const LEVELS = 254;

/**
 * The HardSigmoid `max(0, min(1, alpha x + beta))` as a requantization: integers written in steps of 1 / (254 alpha) end where the function does, but for
 * one step above, and read as shares of 254 they are its values. No kernel computes it, what comes before it writes it. Undefined for other nodes, and where
 * a float32 or an integer of 8 bits cannot hold the numbers.
 */
export function requantizationOf(candidate: Node): Requantization | undefined {
  if (candidate.opType !== 'HardSigmoid' || !isStandard(candidate)) return undefined;
  const scale = Math.fround(1 / (LEVELS * floatOf(candidate, 'alpha', 0.2)));
  const zeroPoint = Math.round(LEVELS * floatOf(candidate, 'beta', 0.5));
  if (!(scale >= 2 ** -126 && scale < Number.POSITIVE_INFINITY && zeroPoint >= 0 && zeroPoint <= 255))
    return undefined;
  return { written: { scale, zeroPoint }, read: { scale: Math.fround(1 / LEVELS), zeroPoint: 0 } };
}

/**
 * The model with each HardSwish whose result `isInteger` written as a product with a HardSigmoid, which is what it stands for: both are computed on integers. The same
 * object where there are none.
 */
export function hardSwishesAsProducts(model: Model, isInteger: (name: string) => boolean): Model {
  const { graph } = model;
  const names = namesWithin(graph);
  const nodes = graph.nodes.flatMap((old) => {
    const { opType, inputs, outputs, name } = old;
    if (opType !== 'HardSwish' || !isStandard(old) || !isInteger(outputs[0])) return [old];
    const gate = freshName('gate', names);
    return [
      node('HardSigmoid', inputs, [gate], { alpha: float(1 / 6), beta: float(0.5) }),
      node('Mul', [inputs[0], gate], outputs, {}, { name }),
    ];
  });
  return nodes.length === graph.nodes.length ? model : { ...model, graph: { ...graph, nodes } };
}
