import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { latinHypercube, uniformSample } from '../operators/sampling.js';
import { defaultVariation, type VariationOptions, vary } from '../operators/variation.js';
import { computeViolations, createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { type Scale, toUnitLength } from '../ranking/association.js';
import { nondominated } from '../ranking/nondominated-sort.js';
import { dasDennisUpTo, type ReferenceDirections } from '../ranking/reference-directions.js';
import type { Space } from '../space.js';
import { updateConvergenceArchive } from './ctaea/convergence-archive.js';
import { updateDiversityArchive } from './ctaea/diversity-archive.js';
import { nondominatedShares, selectParents } from './ctaea/restricted-mating.js';

export interface CtaeaState {
  readonly space: Space;
  readonly variation: VariationOptions;
  readonly directions: ReferenceDirections;
  readonly unit: ReferenceDirections;
  readonly seeds: Batch;
  readonly scale: Scale;
  /** The convergence archive: what the algorithm stands for. */
  readonly ca: Population;
  /** The diversity archive: what it explores with. */
  readonly da: Population;
  readonly offspring: Population;
  /** Room for an archive and the offspring, or for both archives. */
  readonly merged: Population;
  started: boolean;
}

/** Attempts at a child that is no duplicate before the batch goes without it. */
const ATTEMPTS = 20;

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
    if (!Number.isInteger(populationSize) || populationSize < 2)
      throw new InputError(`the population size must be a whole number from 2, got ${populationSize}`);
    const directions = dasDennisUpTo(shape.objectives, populationSize);
    return {
      space,
      variation: defaultVariation(space),
      directions,
      unit: toUnitLength(directions),
      seeds: seeds ?? { x: new Float64Array(0), count: 0 },
      scale: {
        ideal: new Float64Array(shape.objectives),
        nadir: new Float64Array(shape.objectives),
      },
      ca: createPopulation(populationSize, shape),
      da: createPopulation(populationSize, shape),
      offspring: createPopulation(populationSize, shape),
      merged: createPopulation(2 * populationSize, shape),
      started: false,
    };
  },

  ask(state: CtaeaState, random: Random): Batch {
    const { offspring } = state;
    offspring.size = 0;
    if (state.started) breed(state, random);
    else sampleInitial(state, random);
    return { x: offspring.x, count: offspring.size };
  },

  tell(state: CtaeaState, { x, count }: Batch, f: Float64Array, g: Float64Array): void {
    const { ca, da, offspring, merged, directions, unit, scale } = state;
    const { variables: n, objectives: m, constraints: k } = offspring;
    offspring.size = count;
    offspring.x.set(x.subarray(0, count * n));
    offspring.f.set(f.subarray(0, count * m));
    offspring.g.set(g.subarray(0, count * k));
    computeViolations(offspring);
    state.started ||= count > 0;
    updateScale(scale, [ca, da, offspring]);
    joinRows(ca, offspring, merged);
    updateConvergenceArchive(merged, directions, unit, scale, ca);
    joinRows(da, offspring, merged);
    updateDiversityArchive(merged, ca, directions, unit, scale, da);
  },

  result: (state: CtaeaState): Population => state.ca,
};

/** The seeds, then a Latin hypercube for the places that are left. */
function sampleInitial({ space, seeds, offspring }: CtaeaState, random: Random): void {
  const sample = latinHypercube(space, offspring.capacity, random);
  for (let i = 0; i < seeds.count && offspring.size < offspring.capacity; i++) take(offspring, seeds.x, i);
  for (let i = 0; i < offspring.capacity && offspring.size < offspring.capacity; i++)
    take(offspring, sample, i);
}

/** Adds row `i` of `x` to the offspring unless it is there already. */
function take(offspring: Population, x: Float64Array, i: number): void {
  const n = offspring.variables;
  if (hasRow(offspring.x, offspring.size, x, i, n)) return;
  offspring.x.set(x.subarray(i * n, (i + 1) * n), offspring.size * n);
  offspring.size++;
}

function breed({ space, variation, ca, da, offspring, merged }: CtaeaState, random: Random): void {
  const n = space.length;
  joinRows(ca, da, merged);
  const shares = nondominatedShares(merged, ca.size);
  const isNew = (row: number) =>
    !hasRow(merged.x, merged.size, offspring.x, row, n) && !hasRow(offspring.x, row, offspring.x, row, n);
  for (let place = 0; place < offspring.capacity; place++) {
    const row = offspring.size;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt < ATTEMPTS / 2) {
        const [p, q] = selectParents(ca, da, shares, random);
        vary(space, p.archive.x, p.row, q.archive.x, q.row, offspring.x, row, variation, random);
      } else offspring.x.set(uniformSample(space, 1, random), row * n);
      if (isNew(row)) {
        offspring.size++;
        break;
      }
    }
  }
}

/** Ideal point: minimum over all members. Nadir point: maximum over the feasible non-dominated ones, or over all. */
function updateScale({ ideal, nadir }: Scale, populations: readonly Population[]): void {
  ideal.fill(Number.POSITIVE_INFINITY);
  nadir.fill(Number.NEGATIVE_INFINITY);
  for (const population of populations) {
    const { f, size, objectives: m } = population;
    for (let i = 0; i < size * m; i++) if (f[i] < ideal[i % m]) ideal[i % m] = f[i];
    const feasible: number[] = [];
    for (let i = 0; i < size; i++) if (population.cv[i] <= 0) feasible.push(i);
    for (const position of nondominated(f, m, feasible, feasible.length))
      for (let j = 0; j < m; j++) nadir[j] = Math.max(nadir[j], f[feasible[position] * m + j]);
  }
  if (nadir[0] > Number.NEGATIVE_INFINITY) return;
  for (const { f, size, objectives: m } of populations)
    for (let i = 0; i < size * m; i++) if (f[i] > nadir[i % m]) nadir[i % m] = f[i];
}
