import { checkWhole } from './checks.js';
import { InputError, show } from './errors.js';
import { hypervolume } from './indicators/hypervolume.js';
import type { Population } from './population.js';

/** A run after one of its generations. The object is the same in every generation: read it, do not keep it. */
export interface Generation {
  /** Generations told so far, the initial population the first: from 1. */
  readonly generation: number;
  /** Evaluations so far. */
  readonly evaluations: number;
  /** The solutions that the algorithm stands for now; made anew by some algorithms at every call, so ask only when needed. */
  result(): Population;
}

/**
 * When a run ends: called once at its start, it returns the question that is asked after each generation. What it remembers
 * therefore belongs to one run, and the same termination serves many. One of your own: `() => (now) => now.generation >= 10`.
 */
export type Termination = () => (now: Generation) => boolean;

/** Ends after `count` generations, the initial population counted. Throws an InputError unless it is a whole number from 1. */
export function maximumGenerations(count: number): Termination {
  checkWhole('the number of generations', count, 1);
  return () => (now) => now.generation >= count;
}

/**
 * Ends with the generation that reaches `count` evaluations: by less than one generation more than that. Throws an
 * InputError unless it is a whole number from 1.
 */
export function maximumEvaluations(count: number): Termination {
  checkWhole('the number of evaluations', count, 1);
  return () => (now) => now.evaluations >= count;
}

/**
 * Ends with the first generation that is over `seconds` or more after the start. `clock` tells milliseconds. How far a run
 * comes then depends on the machine: only a run that ended otherwise can be repeated.
 */
export function maximumSeconds(seconds: number, clock: () => number = () => performance.now()): Termination {
  if (typeof seconds !== 'number' || !(seconds >= 0))
    throw new InputError(`the time limit must be 0 seconds or more, got ${show(seconds)}`);
  return () => {
    const end = clock() + 1000 * seconds;
    return () => clock() >= end;
  };
}

/** When the growth of the hypervolume counts as over. */
export interface StagnationOptions {
  /** Minimised objectives: the reference point of the hypervolume. */
  readonly referencePoint: ArrayLike<number>;
  /** Generations to look back over. Default 50. */
  readonly window?: number;
  /** The smallest growth over the window, as a share of the present value, that counts as progress. Default 1e-4. */
  readonly tolerance?: number;
}

/**
 * Ends when the hypervolume of the feasible solutions that the algorithm stands for has grown over the last `window` generations by
 * `tolerance` of its present value or less. A run whose hypervolume is still 0 goes on: put a maximum beside it. Throws an
 * InputError for a reference point that is empty or not finite, a window that is no whole number from 1, a negative tolerance.
 */
export function hypervolumeStagnation(options: StagnationOptions): Termination {
  const { referencePoint, window = 50, tolerance = 1e-4 } = options ?? {};
  if (!referencePoint)
    throw new InputError(`stagnation needs a reference point, got ${show(referencePoint)}`);
  checkWhole('the window', window, 1);
  if (!(tolerance >= 0)) throw new InputError(`the tolerance must be 0 or more, got ${show(tolerance)}`);
  const reference = Float64Array.from(referencePoint);
  hypervolume([], 0, reference); // the laws of the reference point
  return () => {
    // The value of generation t is kept at t mod (window + 1).
    const values = new Float64Array(window + 1);
    let told = 0;
    return (now) => {
      const value = feasibleHypervolume(now.result(), reference);
      values[told % (window + 1)] = value;
      told++;
      if (told <= window || value === 0) return false;
      return value - values[told % (window + 1)] <= tolerance * value;
    };
  };
}

/** Ends when one of the terminations does. Throws an InputError when there is none, or one is no function. */
export const anyOf = (...terminations: Termination[]): Termination => combined('anyOf', terminations, 1);

/** Ends when all of the terminations hold after the same generation. Throws an InputError when there is none, or one is no function. */
export const allOf = (...terminations: Termination[]): Termination =>
  combined('allOf', terminations, terminations.length);

function combined(name: string, terminations: readonly Termination[], enough: number): Termination {
  if (terminations.length === 0) throw new InputError(`${name} needs one termination or more, got none`);
  for (const termination of terminations)
    if (typeof termination !== 'function')
      throw new InputError(`${name} needs terminations, which are functions, got ${show(termination)}`);
  return () => {
    const questions = terminations.map((start) => start());
    return (now) => {
      let ended = 0;
      // All are asked every time: some remember what they saw.
      for (const question of questions) if (question(now)) ended++;
      return ended >= enough;
    };
  };
}

function feasibleHypervolume({ f, cv, size, objectives: m }: Population, reference: Float64Array): number {
  if (m !== reference.length)
    throw new InputError(`the reference point must have the ${m} objectives, got ${reference.length}`);
  const points = new Float64Array(size * m);
  let count = 0;
  for (let i = 0; i < size; i++)
    if (cv[i] <= 0) {
      for (let j = 0; j < m; j++) points[count * m + j] = f[i * m + j];
      count++;
    }
  return hypervolume(points, count, reference);
}
