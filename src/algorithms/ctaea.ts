import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import type { Random } from '../math/random.js';
import { defaultVariation, type VariationOptions, vary } from '../operators/variation.js';
import { createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { type Scale, toUnitLength } from '../ranking/association.js';
import { markNondominated } from '../ranking/nondominated-sort.js';
import { dasDennisUpTo, type ReferenceDirections } from '../ranking/reference-directions.js';
import type { Space } from '../space.js';
import { updateConvergenceArchive } from './ctaea/convergence-archive.js';
import { updateDiversityArchive } from './ctaea/diversity-archive.js';
import {
  createShareScratch,
  nondominatedShares,
  type ShareScratch,
  selectParents,
} from './ctaea/restricted-mating.js';
import { type ArchiveScratch, createArchiveScratch } from './ctaea/scratch.js';
import { breedNew, checkPopulationSize, sampleInitial, takeTold } from './offspring.js';

export interface CtaeaState {
  readonly space: Space;
  readonly variation: VariationOptions;
  readonly directions: ReferenceDirections;
  readonly unit: ReferenceDirections;
  readonly seeds: Batch | undefined;
  readonly scale: Scale;
  /** The convergence archive: what the algorithm stands for. */
  readonly ca: Population;
  /** The diversity archive: what it explores with. */
  readonly da: Population;
  readonly offspring: Population;
  /** Room for an archive and the offspring, or for both archives. */
  readonly merged: Population;
  readonly archiveScratch: ArchiveScratch;
  readonly shareScratch: ShareScratch;
  started: boolean;
}

/**
 * C-TAEA, the two-archive evolutionary algorithm for constrained multi-objective optimization (Li, Chen, Fu and Yao, IEEE
 * Transactions on Evolutionary Computation 23(2), 2019). A convergence archive drives towards the feasible front, a
 * diversity archive explores, infeasible regions included, where the first has nothing; parents come from both.
 *
 * Subregions are those of the largest Das-Dennis lattice of at most `populationSize` directions. Departures from the paper:
 * duplicates are never evaluated; the share rho_c is taken within the archive (see `restricted-mating`). The paper leaves
 * the normalisation open: the ideal point is the minimum over both archives and the offspring, the nadir
 * point the maximum over their feasible non-dominated members (over all members while none is feasible).
 */
export const ctaea: Algorithm<CtaeaState> = {
  name: 'ctaea',

  create(space: Space, shape: Shape, { populationSize, seeds }: AlgorithmOptions): CtaeaState {
    checkPopulationSize(populationSize);
    const directions = dasDennisUpTo(shape.objectives, populationSize);
    return {
      space,
      variation: defaultVariation(space),
      directions,
      unit: toUnitLength(directions),
      seeds,
      scale: {
        ideal: new Float64Array(shape.objectives),
        nadir: new Float64Array(shape.objectives),
      },
      ca: createPopulation(populationSize, shape),
      da: createPopulation(populationSize, shape),
      offspring: createPopulation(populationSize, shape),
      merged: createPopulation(2 * populationSize, shape),
      archiveScratch: createArchiveScratch(2 * populationSize, directions.count),
      shareScratch: createShareScratch(2 * populationSize),
      started: false,
    };
  },

  ask(state: CtaeaState, random: Random): Batch {
    const { space, seeds, offspring } = state;
    if (state.started) breed(state, random);
    else sampleInitial(space, seeds, offspring, random);
    return { x: offspring.x, count: offspring.size };
  },

  tell(state: CtaeaState, batch: Batch, f: Float64Array, g: Float64Array): void {
    const { ca, da, offspring, merged, directions, unit, scale, archiveScratch } = state;
    takeTold(offspring, batch, f, g);
    state.started ||= batch.count > 0;
    updateScale(state);
    joinRows(ca, offspring, merged);
    updateConvergenceArchive(merged, directions, unit, scale, ca, archiveScratch);
    joinRows(da, offspring, merged);
    updateDiversityArchive(merged, ca, directions, unit, scale, da, archiveScratch);
  },

  result: (state: CtaeaState): Population => state.ca,
};

function breed(state: CtaeaState, random: Random): void {
  const { space, variation, ca, da, offspring, merged } = state;
  joinRows(ca, da, merged);
  const shares = nondominatedShares(merged, ca.size, state.shareScratch);
  const makeChild = (row: number) => {
    const [p, q] = selectParents(ca, da, shares, random);
    vary(space, p.archive.x, p.row, q.archive.x, q.row, offspring.x, row, variation, random);
  };
  breedNew(space, merged, offspring, makeChild, random);
}

/** Ideal point: minimum over all members. Nadir point: maximum over the feasible non-dominated ones, or over all. */
function updateScale({ scale, ca, da, offspring, shareScratch }: CtaeaState): void {
  const { ideal, nadir } = scale;
  ideal.fill(Number.POSITIVE_INFINITY);
  nadir.fill(Number.NEGATIVE_INFINITY);
  extendScale(scale, ca, shareScratch);
  extendScale(scale, da, shareScratch);
  extendScale(scale, offspring, shareScratch);
  if (nadir[0] > Number.NEGATIVE_INFINITY) return;
  for (const { f, size, objectives: m } of [ca, da, offspring])
    for (let i = 0; i < size * m; i++) if (f[i] > nadir[i % m]) nadir[i % m] = f[i];
}

function extendScale(
  { ideal, nadir }: Scale,
  { f, cv, size, objectives: m }: Population,
  { rows, inFront, sort }: ShareScratch,
): void {
  let feasible = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < m; j++) if (f[i * m + j] < ideal[j]) ideal[j] = f[i * m + j];
    if (cv[i] <= 0) rows[feasible++] = i;
  }
  markNondominated(f, m, rows, feasible, inFront, sort);
  for (let i = 0; i < feasible; i++)
    if (inFront[i] === 1) for (let j = 0; j < m; j++) nadir[j] = Math.max(nadir[j], f[rows[i] * m + j]);
}
