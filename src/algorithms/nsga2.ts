import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import type { Random } from '../math/random.js';
import { defaultVariation, moderateMutation, type VariationOptions } from '../operators/variation.js';
import { copyRows, createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { cutByCrowding, thinByCrowding } from '../ranking/crowding-thinning.js';
import { constrainedDominates } from '../ranking/dominance.js';
import type { Space } from '../space.js';
import { type Approach, createApproach, followApproach } from './approach.js';
import { createDeck, type Deck, draw } from './deck.js';
import { firstFront } from './first-front.js';
import { createSurvivors, type Survivors, selectSurvivors } from './nsga2/survivors.js';
import {
  childOfPair,
  createGenerational,
  createPair,
  type Generational,
  nextBatch,
  type Pair,
  takeTold,
} from './offspring.js';

export interface Nsga2State extends Generational {
  readonly asPublished: boolean;
  readonly approach: Approach;
  readonly population: Population;
  /** Rank and crowding distance of the rows of the population, from the selection that chose them. */
  readonly rank: Int32Array;
  readonly distance: Float64Array;
  readonly pair: Pair;
  /** The population, then the offspring. */
  readonly merged: Population;
  readonly survivors: Survivors;
  readonly deck: Deck;
}

/**
 * NSGA-II, the elitist non-dominated sorting genetic algorithm (Deb, Pratap, Agarwal and Meyarivan, IEEE Transactions on
 * Evolutionary Computation 6(2), 2002): (mu + lambda) with fronts by constrained domination and, within a front, the
 * crowding distance. Parents win binary tournaments by rank (with constraints by domination), then by distance, then at random.
 * Simulated binary crossover (eta 15, probability 0.9) and polynomial mutation (eta 20).
 *
 * Departures from the paper: the last front is thinned one by one (see `crowding-thinning`), by which the front is covered more
 * evenly; duplicates are never evaluated; the initial population is a Latin hypercube; the mutation probability (see
 * `variationOfNsga2`); wider mutation where the search for a feasible solution stalls (see `approach`); domination in the tournaments of a
 * problem with constraints (see `tournament`). `asPublished` undoes all but the second, and has the paper's eta of 20 in both operators.
 * It stands for the first front of its population. O(m N log N) a generation in two objectives, O(m N^2) at worst above.
 */
export const nsga2: Algorithm<Nsga2State> = {
  name: 'nsga2',

  create(space: Space, shape: Shape, options: AlgorithmOptions): Nsga2State {
    const { populationSize, asPublished = false } = options;
    const own = asPublished ? publishedVariation(space) : variationOfNsga2(space);
    const base = createGenerational(space, shape, options, own);
    return {
      ...base,
      asPublished,
      approach: createApproach(base.variation),
      population: createPopulation(populationSize, shape),
      rank: new Int32Array(populationSize),
      distance: new Float64Array(populationSize),
      pair: createPair(space),
      merged: createPopulation(2 * populationSize, shape),
      survivors: createSurvivors(2 * populationSize, shape.objectives),
      deck: createDeck(populationSize),
    };
  },

  ask(state: Nsga2State, random: Random): Batch {
    state.pair.left = 0;
    return nextBatch(state, makeChild, random);
  },

  tell(state: Nsga2State, batch: Batch, f: Float64Array, g: Float64Array): void {
    const { population, rank, distance, offspring, merged, survivors, approach, asPublished } = state;
    takeTold(offspring, batch, f, g);
    joinRows(population, offspring, merged);
    const thin = asPublished ? cutByCrowding : thinByCrowding;
    const count = selectSurvivors(merged, population.capacity, survivors, thin);
    copyRows(merged, survivors.chosen, count, population);
    for (let i = 0; i < count; i++) {
      rank[i] = survivors.rank[survivors.chosen[i]];
      distance[i] = survivors.distance[survivors.chosen[i]];
    }
    if (!asPublished) followApproach(approach, population);
  },

  result: ({ population, rank }: Nsga2State): Population => firstFront(population, rank),
};

/**
 * The settings of the paper with a mutation probability of 0.9 / n (see `moderateMutation`), at most 0.42: with two variables at 0.9 / n a
 * fifth of the children would have both mutated and keep nothing of the crossover (measured: TNK, CTP2, CTP7).
 */
function variationOfNsga2(space: Space): VariationOptions {
  const moderate = moderateMutation(space);
  const mutationProbability = Math.min(moderate.mutationProbability, 0.42);
  return { ...moderate, mutationProbability, crossoverProbability: 0.9, crossoverEta: 15 };
}

/** The settings of the paper's Section IV. */
function publishedVariation(space: Space): VariationOptions {
  return { ...defaultVariation(space), crossoverProbability: 0.9, crossoverEta: 20 };
}

function makeChild(state: Nsga2State, row: number, random: Random): void {
  childOfPair(state, row, tournament, random);
}

/**
 * The crowded-comparison operator on two rows of the population: the one ahead, then that of larger distance, then either. Ahead
 * is the lower rank; under constraints it must dominate the other as well, as in the program of the paper's authors, which
 * comes further where constraints cut the front into parts (OSY, CTP4, CTP5). Without constraints ranks come further (ZDT6).
 */
function tournament({ population, rank, distance, deck, asPublished }: Nsga2State, random: Random): number {
  const a = draw(deck, population.size, random);
  const b = draw(deck, population.size, random);
  if (rank[a] !== rank[b]) {
    const ahead = rank[a] < rank[b] ? a : b;
    const byRank = asPublished || population.constraints === 0;
    if (byRank || constrainedDominates(population, ahead, a + b - ahead)) return ahead;
  }
  if (distance[a] !== distance[b]) return distance[a] > distance[b] ? a : b;
  return random.uniform() < 0.5 ? a : b;
}
