import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import type { Random } from '../math/random.js';
import { defaultVariation, type VariationOptions, vary } from '../operators/variation.js';
import { createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { type Scale, toUnitLength } from '../ranking/association.js';
import { dasDennisUpTo, type ReferenceDirections } from '../ranking/reference-directions.js';
import type { Space } from '../space.js';
import { type Approach, createApproach, followApproach, settingsFor } from './approach.js';
import { type AdaptiveScale, createAdaptiveScale, fitScale } from './ctaea/adaptive-scale.js';
import { type Advance, createAdvance, followAdvance } from './ctaea/advance.js';
import { updateConvergenceArchive } from './ctaea/convergence-archive.js';
import { updateDiversityArchive } from './ctaea/diversity-archive.js';
import { createPlainScale, lowerIdeal } from './ctaea/plain-scale.js';
import {
  createParents,
  createShareScratch,
  nondominatedShares,
  type Parents,
  publishedShares,
  type ShareScratch,
  type Shares,
  selectParents,
} from './ctaea/restricted-mating.js';
import { type ArchiveScratch, createArchiveScratch } from './ctaea/scratch.js';
import { createTrailingScale, type TrailingScale, trailScale } from './ctaea/trailing-scale.js';
import { breedNew, createGenerational, type Generational, sampleGeneration, takeTold } from './offspring.js';
import { checkedDirections } from './options.js';

/** The convergence archive's scale follows its estimate when it is off by this share of a width. */
const CA_TOLERANCE = 0.02;

export interface CtaeaState extends Generational {
  readonly asPublished: boolean;
  readonly directions: ReferenceDirections;
  readonly unit: ReferenceDirections;
  /** The scale of the convergence archive, and that of the diversity archive, which trails it. */
  readonly caScale: AdaptiveScale;
  readonly daScale: TrailingScale;
  /** That of both archives, `asPublished`. */
  readonly plainScale: Scale;
  /** The convergence archive: what the algorithm stands for. */
  readonly ca: Population;
  /** The diversity archive: what it explores with. */
  readonly da: Population;
  readonly shares: Shares;
  /** How the diversity archive has come on. */
  readonly advance: Advance;
  readonly approach: Approach;
  readonly parents: Parents;
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
 *
 * - duplicates are never evaluated;
 * - the initial population is a Latin hypercube;
 * - a variable mutates with probability 0.8 / n; while nothing is feasible, after a generation that brought the smallest violation no
 *   lower, the mutants of every second child lie anywhere between the bounds (eta 0, see `approach`);
 * - rho_c is read as in `restricted-mating`, and a diversity archive under way mates within itself (see `advance`);
 * - objectives are normalised, for the convergence archive by its front (see `adaptive-scale`), for the diversity archive from
 *   the range of the initial population onwards (see `trailing-scale`);
 * - of equally crowded subregions that of the closest pair is thinned (see `convergence-archive`).
 *
 * `asPublished` undoes all but the first: uniform samples, mutation with 1 / n, rho_c and rho_d of all non-dominated solutions, and
 * objectives as they stand, from the smallest values so far, as in the program of the paper's authors; of equally crowded subregions the
 * first, of solutions equally close the worst. Each pair of parents has one child in both forms.
 */
export const ctaea: Algorithm<CtaeaState> = {
  name: 'ctaea',

  create(space: Space, shape: Shape, options: AlgorithmOptions): CtaeaState {
    const { populationSize, asPublished = false } = options;
    const own = asPublished ? defaultVariation(space) : calmVariation(space);
    const base = createGenerational(space, shape, options, own);
    const directions = options.directions
      ? checkedDirections(options.directions, shape.objectives)
      : dasDennisUpTo(shape.objectives, populationSize);
    const ca = createPopulation(populationSize, shape);
    return {
      ...base,
      asPublished,
      directions,
      unit: toUnitLength(directions),
      caScale: createAdaptiveScale(shape.objectives, 2 * populationSize, CA_TOLERANCE),
      daScale: createTrailingScale(shape.objectives),
      plainScale: createPlainScale(shape.objectives),
      ca,
      da: createPopulation(populationSize, shape),
      shares: { ca: 0, da: 0, second: 0 },
      advance: createAdvance(shape.objectives, populationSize),
      approach: createApproach(base.variation),
      parents: createParents(ca),
      merged: createPopulation(2 * populationSize, shape),
      archiveScratch: createArchiveScratch(2 * populationSize, directions.count),
      shareScratch: createShareScratch(2 * populationSize),
      started: false,
    };
  },

  ask(state: CtaeaState, random: Random): Batch {
    const { offspring, batch } = state;
    if (state.started) breed(state, random);
    else sampleGeneration(state, random);
    batch.count = offspring.size;
    return batch;
  },

  tell(state: CtaeaState, batch: Batch, f: Float64Array, g: Float64Array): void {
    const { ca, da, offspring, merged, directions, unit, archiveScratch, asPublished } = state;
    takeTold(offspring, batch, f, g);
    state.started ||= batch.count > 0;
    joinRows(ca, offspring, merged);
    updateConvergenceArchive(merged, directions, unit, scaleForCa(state), ca, archiveScratch, asPublished);
    joinRows(da, offspring, merged);
    updateDiversityArchive(merged, ca, directions, unit, scaleForDa(state), da, archiveScratch);
    if (asPublished) return;
    followAdvance(state.advance, ca, da, state.daScale);
    followApproach(state.approach, ca);
  },

  result: (state: CtaeaState): Population => state.ca,
};

/**
 * The settings of the paper with a mutation probability of 0.8 / n. Measured against 0.9 / n and 1 / n in DTLZ2, DTLZ4 and
 * ZDT4, whose solutions come a little nearer to the front.
 */
function calmVariation(space: Space): VariationOptions {
  return { ...defaultVariation(space), mutationProbability: 0.8 / space.length };
}

/** The scale that fits the candidates for the convergence archive, in `merged`. */
function scaleForCa({ caScale, plainScale, merged, ca, asPublished }: CtaeaState): Scale {
  if (asPublished) lowerIdeal(plainScale, merged);
  else fitScale(caScale, merged, ca.capacity / 2);
  return asPublished ? plainScale : caScale;
}

/** That for the diversity archive, after {@link scaleForCa}. */
function scaleForDa(state: CtaeaState): Scale {
  const { caScale, daScale, plainScale, merged, shares, advance, asPublished } = state;
  if (asPublished) return plainScale;
  trailScale(daScale, merged, caScale, advance.underWay && shares.ca <= shares.da);
  return daScale;
}

function breed(state: CtaeaState, random: Random): void {
  const { space, ca, da, offspring, merged, shareScratch, shares, advance, asPublished } = state;
  joinRows(ca, da, merged);
  if (asPublished) publishedShares(merged, ca.size, shareScratch, shares);
  else nondominatedShares(merged, ca.size, shareScratch, shares, advance.underWay);
  breedNew(space, merged, offspring, state, makeChild, random);
}

function makeChild(state: CtaeaState, row: number, random: Random): void {
  const { space, approach, ca, da, offspring, shares, parents } = state;
  const [p, q] = selectParents(ca, da, shares, random, parents);
  const settings = settingsFor(approach, row);
  vary(space, p.archive.x, p.row, q.archive.x, q.row, offspring.x, row, settings, random);
}
