import type { Algorithm, AlgorithmOptions, Batch } from '../algorithm.js';
import { checkFunction, isRandom } from '../checks.js';
import { InputError, show } from '../errors.js';
import { type Random, randomOf } from '../math/random.js';
import type { Population, Shape } from '../population.js';
import type { Space } from '../space.js';
import { type Generation, maximumGenerations, type Termination } from '../termination.js';
import { asSeeds, bestOf, recall } from './known.js';

/** Writes objectives (count x objectives) and constraints (count x constraints) of `count` rows of `x`. */
export type BatchFunction = (x: Float64Array, count: number, f: Float64Array, g: Float64Array) => void;

/** How far a run goes: at least one of `generations` and `termination` is needed. */
export interface Course {
  /** Rounds of ask and tell at most. */
  readonly generations?: number;
  /** What else ends the run: see `maximumEvaluations`, `maximumSeconds`, `hypervolumeStagnation`, `anyOf`, `allOf`. */
  readonly termination?: Termination;
  /** Called after every generation. The run ends when it returns `false`. */
  readonly onGeneration?: (now: Generation) => unknown;
}

export interface EvolveOptions extends AlgorithmOptions, Course {
  /**
   * Solutions whose values are known, of an earlier run for one: a warm start. They come before the seeds in the first
   * generation and are not evaluated again. Of more than a population the best by fronts and crowding distance are taken.
   */
  readonly known?: Population;
}

/**
 * Runs an algorithm on a cheap function: rounds of ask, evaluate and tell (the initial population is the first), until the
 * options say so or the space is exhausted. Returns what the algorithm stands for then. `random` is a stream or a 32-bit
 * seed; same arguments, same run.
 *
 *     const front = evolve(nsga2, space, shape, { populationSize: 100, generations: 250 }, evaluate, 1);
 *
 * Throws an InputError for options outside their laws, a shape that is not the space's, and when an evaluation leaves a value NaN.
 */
export function evolve<S>(
  algorithm: Algorithm<S>,
  space: Space,
  shape: Shape,
  options: EvolveOptions,
  evaluate: BatchFunction,
  random: Random | number,
): Population {
  if (typeof options !== 'object' || options === null)
    throw new InputError(`the options of a run must be an object, got ${show(options)}`);
  if (shape.variables !== space.length)
    throw new InputError(
      `the shape must have the ${space.length} variables of the space, got ${show(shape.variables)}`,
    );
  const { known, seeds, populationSize } = options;
  const best = known && bestOf(known, shape, populationSize);
  const state = algorithm.create(space, shape, best ? { ...options, seeds: asSeeds(best, seeds) } : options);
  run(algorithm, state, shape, options, evaluate, streamOf(random), best);
  return algorithm.result(state);
}

/**
 * The loop of {@link evolve} on a state of one's own, changed in place: to look into it, to keep it, to go on from it. Going
 * on for 50 generations twice, with one stream of random numbers, is the same as going on for 100, bit for bit; generations and
 * evaluations are counted from this call. Returns the number of generations: fewer than were asked for when the space is
 * exhausted.
 *
 *     const state = nsga2.create(space, shape, { populationSize: 100 });
 *     proceed(nsga2, state, shape, { generations: 100 }, evaluate, random);
 *     const copy = structuredClone(state); // plain data, unless it holds a sampling of one's own
 */
export function proceed<S>(
  algorithm: Algorithm<S>,
  state: S,
  shape: Shape,
  course: Course,
  evaluate: BatchFunction,
  random: Random,
): number {
  return run(algorithm, state, shape, course, evaluate, random, undefined);
}

function run<S>(
  algorithm: Algorithm<S>,
  state: S,
  shape: Shape,
  { generations, termination, onGeneration }: Course,
  evaluate: BatchFunction,
  random: Random,
  known: Population | undefined,
): number {
  if (typeof evaluate !== 'function')
    throw new InputError(`the evaluation must be a function, got ${show(evaluate)}`);
  if (generations === undefined && termination === undefined)
    throw new InputError('a run needs generations or a termination, got neither');
  checkFunction('termination', termination);
  checkFunction('onGeneration', onGeneration);
  const spent = generations === undefined ? undefined : maximumGenerations(generations)();
  const ended = termination?.();
  const { objectives: m, constraints: k } = shape;
  const now = { generation: 0, evaluations: 0, result: () => algorithm.result(state) };
  let f = new Float64Array(0);
  let g = new Float64Array(0);
  for (let last = false; !last; ) {
    const batch = algorithm.ask(state, random);
    const { x, count } = batch;
    if (count === 0) break;
    if (f.length < count * m) f = new Float64Array(count * m);
    if (g.length < count * k) g = new Float64Array(count * k);
    f.fill(Number.NaN, 0, count * m);
    g.fill(Number.NaN, 0, count * k);
    const recalled = known && now.generation === 0 ? recall(known, batch, f, g) : 0;
    if (recalled === 0) evaluate(x, count, f, g);
    else if (recalled < count)
      evaluate(
        x.subarray(recalled * shape.variables),
        count - recalled,
        f.subarray(recalled * m),
        g.subarray(recalled * k),
      );
    checkNumbers('objective', f, m, batch, shape);
    checkNumbers('constraint', g, k, batch, shape);
    algorithm.tell(state, batch, f, g);
    now.generation++;
    now.evaluations += count - recalled;
    // Each is asked about every generation: some remember what they saw.
    if (spent?.(now)) last = true;
    if (ended?.(now)) last = true;
    if (onGeneration?.(now) === false) last = true;
  }
  return now.generation;
}

function checkNumbers(
  kind: string,
  values: Float64Array,
  width: number,
  { x, count }: Batch,
  shape: Shape,
): void {
  for (let i = 0; i < count * width; i++)
    if (Number.isNaN(values[i])) {
      const row = Math.floor(i / width);
      const vector = x.subarray(row * shape.variables, (row + 1) * shape.variables);
      throw new InputError(
        `an evaluation must give a number for every objective and constraint, got NaN for ${kind} ${(i % width) + 1} at [${vector.join(', ')}]`,
      );
    }
}

/** The stream, or that of a seed. Throws an InputError unless that is a 32-bit integer, signed or not. */
function streamOf(random: Random | number): Random {
  if (isRandom(random)) return random;
  if (typeof random !== 'number' || !Number.isInteger(random) || random < -(2 ** 31) || random >= 2 ** 32)
    throw new InputError(`the seed must be a 32-bit integer, got ${show(random)}`);
  return randomOf(random, 'evolve');
}
