import type { Population } from '../../population.js';
import { fitWidth, type Scale } from '../../ranking/association.js';
import { createSortScratch, nondominatedSort, type SortScratch } from '../../ranking/nondominated-sort.js';
import { createNormalisation, type Normalisation, updateNormalisation } from '../nsga3/normalisation.js';

/** The scale of the convergence archive, and what it remembers to keep it from one generation to the next. */
export interface AdaptiveScale extends Scale {
  /** The share of a width that the estimate must leave the scale by before its nadir point follows. */
  readonly tolerance: number;
  /** Smallest values so far, infeasible solutions included. */
  readonly least: Float64Array;
  /** Ideal point so far of the candidates that count, extreme points and the latest estimate of the nadir point. */
  readonly estimate: Normalisation;
  /** Whether the scale stands for an estimate yet. */
  fitted: boolean;
  readonly rows: Int32Array;
  readonly byFront: Int32Array;
  readonly rank: Int32Array;
  readonly sizes: Int32Array;
  readonly sort: SortScratch;
}

/** A scale for up to `capacity` candidates. */
export function createAdaptiveScale(objectives: number, capacity: number, tolerance: number): AdaptiveScale {
  return {
    ideal: new Float64Array(objectives),
    nadir: new Float64Array(objectives),
    width: new Float64Array(objectives).fill(1),
    tolerance,
    least: new Float64Array(objectives).fill(Number.POSITIVE_INFINITY),
    estimate: createNormalisation(objectives, { negligible: 0, within: 'worst' }),
    fitted: false,
    rows: new Int32Array(capacity),
    byFront: new Int32Array(capacity),
    rank: new Int32Array(capacity),
    sizes: new Int32Array(capacity),
    sort: createSortScratch(capacity),
  };
}

/** A feasible front is taken to reach the infeasible ideal point where it is nearer than this share of a width. */
const NEAR = 0.1;

/**
 * Fits a scale to the candidates that count: the feasible ones (all of them while none is). Li et al. (2019) leave
 * normalisation open. Here:
 *
 * - Ideal point: the smallest values so far of those that count; where infeasible solutions come lower by less than a tenth
 *   of the width, theirs, since a front whose edge lies on a constraint (C1-DTLZ1) is reached from outside. With the
 *   infeasible ideal point everywhere the feasible front of SRN or TNK would lie in a part of the subregions.
 * - Nadir point: when the first front has `enough` members, the intercepts of NSGA-III, which a few solutions far out on one
 *   axis do not move, by that front alone: dominated offspring come and go, and the nadir point with them; else the largest
 *   values of as many fronts as have `enough`, since a front of few members may have drawn in to a corner (ZDT2), and a box
 *   around it would keep it there.
 * - The scale is kept until the estimate leaves it by more than its tolerance: a solution that was the best of its subregion
 *   then stays the best, and convergence is not undone by the jitter of an estimate. Only a lower ideal point is taken at once: it
 *   does not come back, and a front whose end lies outside of its box loses that end (ZDT1 and ZDT2 of 7 variables).
 *
 * O(m n log n) for two objectives, O(m n^2) at worst above.
 */
export function fitScale(scale: AdaptiveScale, h: Population, enough: number): void {
  const { rows, estimate, least } = scale;
  const { f, cv, size, objectives: m } = h;
  let count = 0;
  for (let i = 0; i < size; i++) {
    takeSmaller(least, f, i * m);
    if (!(cv[i] <= 0)) continue;
    takeSmaller(estimate.ideal, f, i * m);
    rows[count++] = i;
  }
  if (count > 0) estimateNadir(scale, h, count, Math.min(enough, count));
  else {
    for (let i = 0; i < size; i++) rows[i] = i;
    takeLargest(estimate.nadir, h, rows, size);
  }
  followEstimate(scale);
}

function estimateNadir(scale: AdaptiveScale, h: Population, count: number, enough: number): void {
  const { estimate, byFront, sizes } = scale;
  sortByFront(scale, h, count);
  let kept = sizes[0];
  if (kept >= enough) updateNormalisation(estimate, h.f, byFront, kept, kept);
  else {
    for (let front = 1; kept < enough; front++) kept += sizes[front];
    takeLargest(estimate.nadir, h, byFront, kept);
  }
}

function takeSmaller(ideal: Float64Array, f: Float64Array, at: number): void {
  for (let j = 0; j < ideal.length; j++) if (f[at + j] < ideal[j]) ideal[j] = f[at + j];
}

function takeLargest(
  nadir: Float64Array,
  { f, objectives: m }: Population,
  rows: Int32Array,
  count: number,
): void {
  nadir.fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < m; j++) if (f[rows[i] * m + j] > nadir[j]) nadir[j] = f[rows[i] * m + j];
}

/** Writes the rows that count front by front to `byFront`, and the sizes of the fronts to `sizes`. */
function sortByFront(
  { rows, rank, byFront, sizes, sort }: AdaptiveScale,
  h: Population,
  count: number,
): void {
  const fronts = nondominatedSort(h.f, h.objectives, rows, count, rank, sort);
  sizes.fill(0, 0, fronts);
  for (let i = 0; i < count; i++) sizes[rank[i]]++;
  for (let front = 0, start = 0; front < fronts; front++) {
    start += sizes[front];
    sizes[front] = start;
  }
  // Each entry is now the end of its front; filling from the back turns it into the start.
  for (let i = count - 1; i >= 0; i--) byFront[--sizes[rank[i]]] = rows[i];
  for (let front = 0; front < fronts; front++)
    sizes[front] = (front + 1 < fronts ? sizes[front + 1] : count) - sizes[front];
}

function followEstimate(scale: AdaptiveScale): void {
  const { ideal, nadir, estimate, tolerance } = scale;
  let near = scale.fitted;
  for (let j = 0; j < ideal.length && near; j++) {
    const lowest = idealOf(scale, j);
    const room = tolerance * (estimate.nadir[j] - lowest);
    near = Math.abs(lowest - ideal[j]) <= room && Math.abs(estimate.nadir[j] - nadir[j]) <= room;
  }
  for (let j = 0; j < ideal.length; j++) {
    const lowest = idealOf(scale, j);
    ideal[j] = near ? Math.min(ideal[j], lowest) : lowest;
    if (!near) nadir[j] = estimate.nadir[j];
  }
  fitWidth(scale);
  scale.fitted = true;
}

function idealOf({ least, estimate }: AdaptiveScale, j: number): number {
  const own = estimate.ideal[j];
  const none = own === Number.POSITIVE_INFINITY;
  return none || own - least[j] <= NEAR * (estimate.nadir[j] - own) ? least[j] : own;
}
