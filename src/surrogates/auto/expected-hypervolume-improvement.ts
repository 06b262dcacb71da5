import type { BoxDecomposition } from './box-decomposition.js';
import type { Warping } from './output-warping.js';

/** Room for what each objective makes of each level. */
export interface ImprovementScratch {
  readonly value: Float64Array;
  readonly logarithm: Float64Array;
}

export function createImprovementScratch({ levels }: BoxDecomposition): ImprovementScratch {
  return { value: new Float64Array(levels.length), logarithm: new Float64Array(levels.length) };
}

/** Below this the sum is taken again in logarithms: products of small numbers may have been lost. */
const TINY = 1e-200;

/**
 * The logarithm of the expected hypervolume improvement: by how much a point whose objectives are independent, each normal
 * in the unit of its warping with this mean and standard deviation (above 0), is expected to raise the volume that
 * the decomposed set dominates. `width` is the unit of length in each objective. Finite unless the means are beyond all doubles or a
 * warping rules every improvement out.
 *
 * It is the sum over the boxes of the product over the objectives of `E[max(0, u - Y)] - E[max(0, l - Y)]`. O(m (n + boxes)).
 */
export function logExpectedHypervolumeImprovement(
  boxes: BoxDecomposition,
  warpings: readonly Warping[],
  mean: Float64Array,
  deviation: Float64Array,
  width: Float64Array,
  { value, logarithm }: ImprovementScratch,
): number {
  const { objectives: m, size, levels, count, lower, upper } = boxes;
  const stride = size + 2;
  for (let j = 0; j < m; j++) {
    value[j * stride] = 0;
    for (let i = 1; i < stride; i++)
      value[j * stride + i] = warpings[j].shortfall(mean[j], deviation[j], levels[j * stride + i]) / width[j];
  }
  let sum = 0;
  for (let b = 0; b < count; b++) {
    let product = 1;
    for (let j = 0; j < m; j++)
      product *= Math.max(0, value[j * stride + upper[b * m + j]] - value[j * stride + lower[b * m + j]]);
    sum += product;
  }
  if (sum > TINY) return Math.log(sum);

  for (let j = 0; j < m; j++) {
    const log = Math.log(width[j]);
    logarithm[j * stride] = Number.NEGATIVE_INFINITY;
    for (let i = 1; i < stride; i++)
      logarithm[j * stride + i] =
        warpings[j].logShortfall(mean[j], deviation[j], levels[j * stride + i]) - log;
  }
  let largest = Number.NEGATIVE_INFINITY;
  let scaled = 0; // the sum over exp(largest)
  for (let b = 0; b < count; b++) {
    // Without what is subtracted it bounds the box from above: most boxes need no more.
    let bound = 0;
    for (let j = 0; j < m; j++) bound += logarithm[j * stride + upper[b * m + j]];
    if (!(bound > largest - 40)) continue;
    let term = bound;
    for (let j = 0; j < m; j++)
      term += logOneLess(logarithm[j * stride + lower[b * m + j]] - logarithm[j * stride + upper[b * m + j]]);
    if (term > largest) {
      scaled = scaled * Math.exp(largest - term) + 1;
      largest = term;
    } else scaled += Math.exp(term - largest);
  }
  return largest + Math.log(scaled);
}

/** `log(1 - exp(x))`, x <= 0. */
function logOneLess(x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return 0;
  return x > -Math.LN2 ? Math.log(-Math.expm1(Math.min(x, -1e-16))) : Math.log1p(-Math.exp(x));
}
