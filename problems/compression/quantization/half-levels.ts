import { isStandard } from '../onnx/constants.js';
import type { Graph } from '../onnx/model.js';
import type { ActivationQuantization } from './activation-range.js';
import type { StaticPlan } from './static-plan.js';

/** Scales that are tried for a sum, evenly spaced. */
const TRIED = 256;
/** How much wider the last of them is. */
const WIDEST = 1e-3;

/**
 * The quantizations of activations, with the scale of every sum or product of two activations made up to 0.1 % wider, so that none of its 65,536 pairs
 * of levels falls close to the middle between two levels of the result. Kernels round in several ways (one rounding for a product and a sum
 * or two; fixed point): on the middle they would differ by a level, and so would the answers of two machines.
 *
 * Of the scales tried that is taken which keeps furthest from every middle, for sums some 5e-5 of a level, the narrowest of equal ones. They come in
 * graph order: the result of one may go into another. Takes some 10 milliseconds each.
 */
export function awayFromHalves(
  graph: Graph,
  values: StaticPlan['values'],
  activations: ReadonlyMap<string, ActivationQuantization>,
): Map<string, ActivationQuantization> {
  const moved = new Map(activations);
  const quantizationOf = (value: string) => moved.get(values.get(value) ?? value);
  for (const node of graph.nodes) {
    const operation = isStandard(node) ? OPERATIONS[node.opType] : undefined;
    if (!operation || !node.inputs.every((name) => values.has(name))) continue;
    const result = resultOf(node.outputs[0], graph, values);
    const [a, b] = node.inputs.map(quantizationOf);
    const given = result === undefined ? undefined : moved.get(result);
    if (a && b && given) moved.set(result!, { ...given, scale: bestScale(a, b, given, operation) });
  }
  return moved;
}

/** The value whose quantization a result has: its own, or that of the Relu or Clip behind it. */
function resultOf(result: string, { nodes }: Graph, values: StaticPlan['values']): string | undefined {
  if (values.has(result)) return result;
  return nodes.find(({ inputs, outputs }) => inputs[0] === result && values.has(outputs[0]))?.outputs[0];
}

/** Of results in levels, not rounded: for a level p of the first, `start + slope (q - zero point)` for the levels q of the second. */
type Operation = (
  a: ActivationQuantization,
  b: ActivationQuantization,
  result: ActivationQuantization,
) => (p: number) => readonly [start: number, slope: number];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  Add(a, b, { scale, zeroPoint }) {
    const [ratioA, ratioB] = [a.scale / scale, b.scale / scale];
    return (p) => [ratioA * (p - a.zeroPoint) + zeroPoint, ratioB];
  },
  Mul(a, b, { scale, zeroPoint }) {
    const ratio = (a.scale * b.scale) / scale;
    return (p) => [zeroPoint, ratio * (p - a.zeroPoint)];
  },
};

function bestScale(
  a: ActivationQuantization,
  b: ActivationQuantization,
  { scale, zeroPoint }: ActivationQuantization,
  operation: Operation,
): number {
  let best = scale;
  let furthest = -1;
  for (let i = 0; i < TRIED; i++) {
    const wider = Math.fround(scale * (1 + (WIDEST * i) / TRIED));
    const found = distanceOf(operation(a, b, { scale: wider, zeroPoint }), b.zeroPoint, furthest);
    if (found <= furthest) continue;
    furthest = found;
    best = wider;
  }
  return best;
}

/** The smallest distance of a result from the middle between two of its levels, in levels; anything up to `enough` where it is no more. */
function distanceOf(results: ReturnType<Operation>, zeroPoint: number, enough: number): number {
  let least = 0.5;
  for (let p = 0; p < 256 && least > enough; p++) {
    const [start, slope] = results(p);
    least = distanceOfRow(start, slope, zeroPoint, least);
  }
  return least;
}

/** The same for `start + slope (q - zeroPoint)` of all levels q, where that is less than `least`. Results outside 0 .. 255 are cut off and do not count. */
function distanceOfRow(start: number, slope: number, zeroPoint: number, least: number): number {
  let found = least;
  for (let q = 0; q < 256; q++) {
    const result = start + slope * (q - zeroPoint);
    if (!(result > 0 && result < 255)) continue;
    const distance = Math.abs(result - Math.floor(result) - 0.5);
    if (distance < found) found = distance;
  }
  return found;
}
