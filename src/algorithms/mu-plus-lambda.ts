import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import { checkNames, checkWhole } from '../checks.js';
import { InputError, show } from '../errors.js';
import type { Random } from '../math/random.js';
import { moderateMutation, vary } from '../operators/variation.js';
import { copyRows, createPopulation, joinRows, type Population, type Shape } from '../population.js';
import { constrainedSort, createConstrainedSortScratch } from '../ranking/constrained-sort.js';
import type { Space } from '../space.js';
import { firstFront } from './first-front.js';
import { chooseByRank, createSurvivors } from './nsga2/survivors.js';
import { breedNew, createGenerational, type Generational, sampleInitial, takeTold } from './offspring.js';

/** Writes to `rank[0 .. size)` how good each row of the population is: whole numbers, 0 for the best. */
export type Ranking = (population: Population, rank: Int32Array) => void;

/** The row of a parent. */
export type ParentSelection = (population: Population, rank: Int32Array, random: Random) => number;

/** Writes a child of rows `first` and `second` of the population to row `row` of `children` (rows x variables), within the space. */
export type Variation = (
  space: Space,
  population: Population,
  first: number,
  second: number,
  children: Float64Array,
  row: number,
  random: Random,
) => void;

/** Writes the rows of the candidates that live on, at most `places`, to `chosen`, and returns how many they are. */
export type Survival = (
  candidates: Population,
  rank: Int32Array,
  places: number,
  chosen: Int32Array,
) => number;

/** The parts of a {@link muPlusLambda} loop. What is left out is as in NSGA-II but for the distance, which has no say among parents. */
export interface MuPlusLambdaParts {
  /** Default `mu-plus-lambda`. */
  readonly name?: string;
  /** Children a generation (lambda; the population size is mu). Default: as many as parents. */
  readonly children?: number;
  /** Default: fronts by constrained domination. */
  readonly rank?: Ranking;
  /** Default: a binary tournament by rank, of equal ones the first drawn. */
  readonly select?: ParentSelection;
  /** Default: the operators of C-TAEA for every kind of variable, with the `variation` of the options. */
  readonly vary?: Variation;
  /** Default: rank by rank; of the rank that does not fit whole those of largest crowding distance. */
  readonly survive?: Survival;
}

const PARTS = ['name', 'children', 'rank', 'select', 'vary', 'survive'];

export interface MuPlusLambdaState extends Generational {
  readonly population: Population;
  /** Ranks of the rows of the population, from the selection that chose them. */
  readonly rank: Int32Array;
  /** The population, then the offspring, their ranks, and those that live on. */
  readonly merged: Population;
  readonly mergedRank: Int32Array;
  readonly chosen: Int32Array;
}

/**
 * A (mu + lambda) loop of one's own parts: parents are selected and varied, parents and children are ranked together, and the
 * best live on. It stands for its solutions of rank 0.
 *
 *     // SMS-EMOA: one child a generation, and of the last front the one that adds the least hypervolume goes.
 *     const smsEmoa = muPlusLambda({ name: 'sms-emoa', children: 1, survive: dropLeastContributor });
 *     evolve(smsEmoa, space, shape, { populationSize: 100, generations: 25_000 }, evaluate, 1);
 *
 * The first generation is a sample of mu; duplicates are never evaluated. Throws an InputError for an unknown part, and unless
 * `children` is a whole number from 1.
 */
export function muPlusLambda(parts: MuPlusLambdaParts = {}): Algorithm<MuPlusLambdaState> {
  const {
    name = 'mu-plus-lambda',
    children,
    rank: rankRows = byConstrainedDomination(),
    select = tournamentByRank,
    vary: makeChild,
    survive = byRankAndCrowding(),
  } = parts;
  checkNames('the parts of a loop are', parts, PARTS);
  if (children !== undefined) checkWhole('the number of children', children, 1);

  function breedChild(state: MuPlusLambdaState, row: number, random: Random): void {
    const { space, population, rank, offspring, variation } = state;
    const first = select(population, rank, random);
    const second = select(population, rank, random);
    if (makeChild) makeChild(space, population, first, second, offspring.x, row, random);
    else vary(space, population.x, first, population.x, second, offspring.x, row, variation, random);
  }

  return {
    name,

    create(space: Space, shape: Shape, options: AlgorithmOptions): MuPlusLambdaState {
      const { populationSize: mu } = options;
      const most = Math.max(mu, children ?? mu);
      return {
        ...createGenerational(space, shape, options, moderateMutation(space), most),
        population: createPopulation(mu, shape),
        rank: new Int32Array(mu),
        merged: createPopulation(mu + most, shape),
        mergedRank: new Int32Array(mu + most),
        chosen: new Int32Array(mu + most),
      };
    },

    ask(state: MuPlusLambdaState, random: Random): Batch {
      const { space, population, offspring, batch } = state;
      const mu = population.capacity;
      if (population.size === 0) sampleInitial(space, state, offspring, random, mu);
      else breedNew(space, population, offspring, state, breedChild, random, children ?? mu);
      batch.count = offspring.size;
      return batch;
    },

    tell(state: MuPlusLambdaState, batch: Batch, f: Float64Array, g: Float64Array): void {
      const { population, rank, offspring, merged, mergedRank, chosen } = state;
      takeTold(offspring, batch, f, g);
      joinRows(population, offspring, merged);
      rankRows(merged, mergedRank);
      const count = survive(merged, mergedRank, population.capacity, chosen);
      if (!(count <= population.capacity))
        throw new InputError(
          `a survival must choose at most ${population.capacity} rows, got ${show(count)}`,
        );
      copyRows(merged, chosen, count, population);
      for (let i = 0; i < count; i++) rank[i] = mergedRank[chosen[i]];
    },

    result: ({ population, rank }: MuPlusLambdaState): Population => firstFront(population, rank),
  };
}

function tournamentByRank({ size }: Population, rank: Int32Array, random: Random): number {
  const a = random.integer(size);
  const b = random.integer(size);
  return rank[b] < rank[a] ? b : a;
}

/** Its working memory grows to the largest population seen. */
function byConstrainedDomination(): Ranking {
  let scratch = createConstrainedSortScratch(0);
  return (population, rank) => {
    if (scratch.rows.length < population.capacity)
      scratch = createConstrainedSortScratch(population.capacity);
    constrainedSort(population, rank, scratch);
  };
}

/** Its working memory grows to the largest population seen. */
function byRankAndCrowding(): Survival {
  let survivors = createSurvivors(0, 0);
  return (candidates, rank, places, chosen) => {
    const { capacity, objectives } = candidates;
    if (survivors.chosen.length < capacity || survivors.thinning.range.length !== objectives)
      survivors = createSurvivors(capacity, objectives);
    for (let i = 0; i < candidates.size; i++) survivors.rank[i] = rank[i];
    const count = chooseByRank(candidates, places, survivors);
    for (let i = 0; i < count; i++) chosen[i] = survivors.chosen[i];
    return count;
  };
}
