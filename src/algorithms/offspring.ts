import type { AlgorithmOptions, Batch } from '../algorithm.js';
import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { latinHypercube, type Sampling, uniformRow, uniformSample } from '../operators/sampling.js';
import type { VariationOptions } from '../operators/variation.js';
import { varyPair } from '../operators/vary-pair.js';
import { computeViolations, createPopulation, type Population, type Shape } from '../population.js';
import type { Space } from '../space.js';
import { type Approach, settingsFor } from './approach.js';
import { checkOptions, variationOf } from './options.js';

/** What an algorithm of generations keeps beside its solutions. */
export interface Generational {
  readonly space: Space;
  readonly variation: VariationOptions;
  readonly seeds: AlgorithmOptions['seeds'];
  readonly sampling: AlgorithmOptions['sampling'];
  readonly offspring: Population;
  /** The offspring as a batch. */
  readonly batch: { readonly x: Float64Array; count: number };
}

/**
 * That of a new run, with room for `most` children a generation and `own` settings of variation where the user gives none. Throws an
 * InputError for an option outside its law.
 */
export function createGenerational(
  space: Space,
  shape: Shape,
  options: AlgorithmOptions,
  own: VariationOptions,
  most = options.populationSize,
): Generational {
  checkOptions(space, options);
  const offspring = createPopulation(most, shape);
  return {
    space,
    variation: variationOf(own, options),
    seeds: options.seeds,
    sampling: options.sampling,
    offspring,
    batch: { x: offspring.x, count: 0 },
  };
}

/** Attempts at a child that is no duplicate before the batch goes without it; the latter half are uniform samples. */
const ATTEMPTS = 20;

/**
 * Fills the first `places` rows of the offspring with the seeds, then with a sample for those that are left, the `usual` one where no
 * sampling is given; no vector twice.
 */
export function sampleInitial(
  space: Space,
  { seeds, sampling }: Pick<AlgorithmOptions, 'seeds' | 'sampling'>,
  offspring: Population,
  random: Random,
  places = offspring.capacity,
  usual: Sampling = latinHypercube,
): void {
  const sample = (sampling ?? usual)(space, places, random);
  if (sample.length !== places * space.length)
    throw new InputError(
      `a sampling must return ${places} rows of ${space.length} numbers, got ${sample.length} numbers`,
    );
  offspring.size = 0;
  if (seeds) for (let i = 0; i < seeds.count && offspring.size < places; i++) takeNew(seeds.x, i, offspring);
  for (let i = 0; i < places && offspring.size < places; i++) takeNew(sample, i, offspring);
}

/**
 * Fills the first `places` rows of the offspring with children that are neither in `known` nor twice among themselves.
 * `makeChild(state, row, random)` writes one to that row of the offspring; where it only repeats what is there, vectors are sampled
 * from the whole space, and when those are known too the place stays empty: no offspring at all means that the space is
 * exhausted. Nothing is allocated.
 */
export function breedNew<S>(
  space: Space,
  known: Population,
  offspring: Population,
  state: S,
  makeChild: (state: S, row: number, random: Random) => void,
  random: Random,
  places = offspring.capacity,
): void {
  const n = space.length;
  offspring.size = 0;
  for (let place = 0; place < places; place++) {
    const row = offspring.size;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt < ATTEMPTS / 2) makeChild(state, row, random);
      else uniformRow(space, offspring.x, row, random);
      if (hasRow(known.x, known.size, offspring.x, row, n) || hasRow(offspring.x, row, offspring.x, row, n))
        continue;
      offspring.size++;
      break;
    }
  }
}

/** {@link sampleInitial} for a whole generation; as published: uniformly. */
export function sampleGeneration(
  state: Generational & { readonly asPublished: boolean },
  random: Random,
): void {
  const { space, offspring, asPublished } = state;
  sampleInitial(space, state, offspring, random, undefined, asPublished ? uniformSample : latinHypercube);
}

/** The batch of a generation: the initial sample while the population is empty, else children as {@link breedNew} makes them. */
export function nextBatch<
  S extends Generational & { readonly population: Population; readonly asPublished: boolean },
>(state: S, makeChild: (state: S, row: number, random: Random) => void, random: Random): Batch {
  const { space, population, offspring, batch } = state;
  if (population.size === 0) sampleGeneration(state, random);
  else breedNew(space, population, offspring, state, makeChild, random);
  batch.count = offspring.size;
  return batch;
}

/** Two children that are made together and handed out one by one. */
export interface Pair {
  /** The two children, and working memory for a third row. */
  readonly rows: Float64Array;
  /** Children not handed out yet. */
  left: number;
}

export function createPair(space: Space): Pair {
  return { rows: new Float64Array(3 * Math.max(2, space.length)), left: 0 };
}

/** What {@link childOfPair} needs of a state. */
export interface PairBreeder {
  readonly space: Space;
  readonly approach: Approach;
  readonly population: Population;
  readonly offspring: Population;
  readonly pair: Pair;
}

/** Writes the next child to row `row` of the offspring; makes a pair of two parents that `select` chooses where none is left. */
export function childOfPair<S extends PairBreeder>(
  state: S,
  row: number,
  select: (state: S, random: Random) => number,
  random: Random,
): void {
  const { space, approach, population, offspring, pair } = state;
  if (pair.left === 0) {
    const first = select(state, random);
    const settings = settingsFor(approach, row >> 1);
    varyPair(space, population.x, first, select(state, random), pair.rows, settings, random);
    pair.left = 2;
  }
  const n = space.length;
  const from = (2 - pair.left) * n;
  for (let v = 0; v < n; v++) offspring.x[row * n + v] = pair.rows[from + v];
  pair.left--;
}

/** Makes the offspring hold the rows told, with their objectives, constraints and violations. */
export function takeTold(offspring: Population, { x, count }: Batch, f: Float64Array, g: Float64Array): void {
  const { variables: n, objectives: m, constraints: k } = offspring;
  offspring.size = count;
  if (x !== offspring.x) for (let i = 0; i < count * n; i++) offspring.x[i] = x[i];
  for (let i = 0; i < count * m; i++) offspring.f[i] = f[i];
  for (let i = 0; i < count * k; i++) offspring.g[i] = g[i];
  computeViolations(offspring);
}

/** Adds row `i` of `x` to the population unless it is there already. */
export function takeNew(x: Float64Array, i: number, population: Population): void {
  const n = population.variables;
  if (hasRow(population.x, population.size, x, i, n)) return;
  for (let v = 0; v < n; v++) population.x[population.size * n + v] = x[i * n + v];
  population.size++;
}
