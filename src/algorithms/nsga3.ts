import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import type { Random } from '../math/random.js';
import { defaultVariation, moderateMutation } from '../operators/variation.js';
import { copyRows, createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { toUnitLength } from '../ranking/association.js';
import { layersUpTo, type ReferenceDirections } from '../ranking/reference-directions.js';
import type { Space } from '../space.js';
import { type Approach, createApproach, followApproach } from './approach.js';
import { createDeck, type Deck, draw } from './deck.js';
import { firstFront } from './first-front.js';
import { createSurvivors, type Survivors, selectSurvivors } from './nsga3/survivors.js';
import { tiesOf } from './nsga3/ties.js';
import {
  childOfPair,
  createGenerational,
  createPair,
  type Generational,
  nextBatch,
  type Pair,
  takeTold,
} from './offspring.js';
import { checkedDirections } from './options.js';

export interface Nsga3State extends Generational {
  readonly asPublished: boolean;
  readonly approach: Approach;
  /** Reference directions of length 1. */
  readonly unit: ReferenceDirections;
  readonly population: Population;
  /** Ranks of the rows of the population. */
  readonly rank: Int32Array;
  readonly pair: Pair;
  /** The population, then the offspring. */
  readonly merged: Population;
  readonly survivors: Survivors;
  readonly deck: Deck;
  /** Drawn by `ask`: the seed of what breaks the ties of the `tell` after it. */
  tieSeed: number;
}

/**
 * NSGA-III (Deb and Jain, IEEE Transactions on Evolutionary Computation 18(4), 2014; with constraints, Jain and Deb in the
 * same issue): NSGA-II with niches around reference directions in place of the crowding distance, for three objectives and
 * more. Parents are drawn at random, of a feasible and an infeasible one the first, of two infeasible ones the less
 * violated. Simulated binary crossover (eta 30, probability 1), polynomial mutation (eta 20, probability 0.9 / variables).
 *
 * The directions are those of the options, or of `layersUpTo` for the population size. A population may be larger or smaller than
 * their number: niches then hold several solutions each, or some stay empty.
 * Departures from the paper: of niches that hold solutions already the candidate farthest from these is taken, not one at random
 * (see `nsga3/farthest`); duplicates are never evaluated; the initial population is a Latin hypercube; the mutation
 * probability (see `moderateMutation`), and wider mutation where the search for a feasible solution stalls (see `approach`). `asPublished`
 * undoes all but the second. For normalisation see `nsga3/normalisation`. It stands for the first front of its population.
 */
export const nsga3: Algorithm<Nsga3State> = {
  name: 'nsga3',

  create(space: Space, shape: Shape, options: AlgorithmOptions): Nsga3State {
    const { populationSize, asPublished = false } = options;
    const own = asPublished ? defaultVariation(space) : moderateMutation(space);
    const base = createGenerational(space, shape, options, own);
    const unit = toUnitLength(
      options.directions
        ? checkedDirections(options.directions, shape.objectives)
        : layersUpTo(shape.objectives, populationSize),
    );
    return {
      ...base,
      asPublished,
      approach: createApproach(base.variation),
      unit,
      population: createPopulation(populationSize, shape),
      rank: new Int32Array(populationSize),
      pair: createPair(space),
      merged: createPopulation(2 * populationSize, shape),
      survivors: createSurvivors(2 * populationSize, unit),
      deck: createDeck(populationSize),
      tieSeed: 0,
    };
  },

  ask(state: Nsga3State, random: Random): Batch {
    state.tieSeed = random.integer(2 ** 32);
    state.pair.left = 0;
    return nextBatch(state, makeChild, random);
  },

  tell(state: Nsga3State, batch: Batch, f: Float64Array, g: Float64Array): void {
    const { population, rank, offspring, merged, unit, survivors, approach, asPublished } = state;
    takeTold(offspring, batch, f, g);
    joinRows(population, offspring, merged);
    const ties = tiesOf(state.tieSeed);
    const count = selectSurvivors(merged, population.capacity, unit, survivors, ties, asPublished);
    copyRows(merged, survivors.chosen, count, population);
    for (let i = 0; i < count; i++) rank[i] = survivors.rank[survivors.chosen[i]];
    if (!asPublished) followApproach(approach, population);
  },

  result: ({ population, rank }: Nsga3State): Population => firstFront(population, rank),
};

function makeChild(state: Nsga3State, row: number, random: Random): void {
  childOfPair(state, row, parent, random);
}

/** Constrained tournament (Jain and Deb 2014, Algorithm 2): the smaller violation wins, of equal ones either. */
function parent({ population, deck }: Nsga3State, random: Random): number {
  const { cv, size } = population;
  const a = draw(deck, size, random);
  if (population.constraints === 0) return a;
  const b = draw(deck, size, random);
  return cv[b] < cv[a] ? b : a;
}
