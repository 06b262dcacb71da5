import { isStandard } from '../onnx/constants.js';
import type { Graph } from '../onnx/model.js';
import type { ActivationQuantization } from './activation-range.js';
import type { StaticPlan } from './static-plan.js';

/** Scales that are tried for a sum, evenly spaced. */
const TRIED = 256;
/** How much wider the last of them is. */
const WIDEST = 1e-3;

/**
 * The quantizations of activations, with the scale of every sum of two activations made up to 0.1 % wider, so that none of its 65,536 pairs of levels
 * falls close to the middle between two levels of the result. Kernels round the sum in several ways (one rounding for a product and a sum
 * or two; fixed point): on the middle they would differ by a level, and so would the answers of two machines.
 *
 * Of the scales tried that is taken which keeps furthest from every middle, some 5e-5 of a level, the narrowest of equal ones. Sums come in
 * graph order: the result of one may go into another. Takes some 10 milliseconds a sum.
 */
export function awayFromHalves(
  graph: Graph,
  values: StaticPlan['values'],
  activations: ReadonlyMap<string, ActivationQuantization>,
): Map<string, ActivationQuantization> {
  const moved = new Map(activations);
  const quantizationOf = (value: string) => moved.get(values.get(value) ?? value);
  for (const node of graph.nodes) {
    if (node.opType !== 'Add' || !isStandard(node) || !node.inputs.every((name) => values.has(name)))
      continue;
    const result = resultOf(node.outputs[0], graph, values);
    const [a, b] = node.inputs.map(quantizationOf);
    const sum = result === undefined ? undefined : moved.get(result);
    if (a && b && sum) moved.set(result!, { ...sum, scale: bestScale(a, b, sum) });
  }
  return moved;
}

/** The value whose quantization a sum has: its own, or that of the Relu or Clip behind it. */
function resultOf(sum: string, { nodes }: Graph, values: StaticPlan['values']): string | undefined {
  if (values.has(sum)) return sum;
  return nodes.find(({ inputs, outputs }) => inputs[0] === sum && values.has(outputs[0]))?.outputs[0];
}

function bestScale(
  a: ActivationQuantization,
  b: ActivationQuantization,
  { scale, zeroPoint }: ActivationQuantization,
): number {
  let best = scale;
  let furthest = -1;
  for (let i = 0; i < TRIED; i++) {
    const wider = Math.fround(scale * (1 + (WIDEST * i) / TRIED));
    const distance = distanceFromHalves(a, b, { scale: wider, zeroPoint }, furthest);
    if (distance <= furthest) continue;
    furthest = distance;
    best = wider;
  }
  return best;
}

/** The smallest distance of a sum from the middle between two levels, in levels of the result; anything up to `enough` where it is no more. */
function distanceFromHalves(
  a: ActivationQuantization,
  b: ActivationQuantization,
  { scale, zeroPoint }: ActivationQuantization,
  enough: number,
): number {
  const [ratioA, ratioB] = [a.scale / scale, b.scale / scale];
  let least = 0.5;
  for (let p = 0; p < 256; p++) {
    const part = ratioA * (p - a.zeroPoint) + zeroPoint;
    for (let q = 0; q < 256; q++) {
      const sum = part + ratioB * (q - b.zeroPoint);
      if (!(sum > 0 && sum < 255)) continue;
      const distance = Math.abs(sum - Math.floor(sum) - 0.5);
      if (distance < least) least = distance;
    }
    if (least <= enough) return least;
  }
  return least;
}
