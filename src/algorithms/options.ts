import type { AlgorithmOptions, Batch } from '../algorithm.js';
import { checkNames, checkWhole } from '../checks.js';
import { InputError, show } from '../errors.js';
import { checkVariation, type VariationOptions } from '../operators/variation.js';
import type { ReferenceDirections } from '../ranking/reference-directions.js';
import { checkVector, type Space } from '../space.js';

/** Those of an algorithm, and of `evolve`, which hands on all that it gets. */
const OPTIONS = [
  'populationSize',
  'seeds',
  'sampling',
  'variation',
  'directions',
  'asPublished',
  'generations',
  'termination',
  'onGeneration',
  'known',
];

/**
 * Throws an InputError for an unknown option, and unless the population size is a whole number from `least`, the seeds lie in the space and
 * a sampling is a function.
 */
export function checkOptions(space: Space, options: AlgorithmOptions, least = 2): void {
  const { populationSize, seeds, sampling, asPublished } = options;
  checkNames('the options of an algorithm are', options, OPTIONS);
  if (sampling !== undefined && typeof sampling !== 'function')
    throw new InputError(`a sampling must be a function such as latinHypercube, got ${show(sampling)}`);
  if (asPublished !== undefined && typeof asPublished !== 'boolean')
    throw new InputError(`asPublished must be true or false, got ${show(asPublished)}`);
  checkWhole('the population size', populationSize, least);
  if (seeds) checkSeeds(space, seeds);
}

/** The algorithm's own settings of variation with the user's in their place. Throws an InputError for one outside its law. */
export function variationOf(own: VariationOptions, { variation }: AlgorithmOptions): VariationOptions {
  const options = { ...own, ...variation };
  checkNames('the settings of variation are', options, Object.keys(own));
  checkVariation(options);
  return options;
}

/**
 * The user's reference directions. Throws an InputError unless they have `objectives` objectives, at least one row, and rows
 * of finite weights from 0 that are not all 0.
 */
export function checkedDirections(directions: ReferenceDirections, objectives: number): ReferenceDirections {
  const { count, objectives: m, w } = directions;
  if (m !== objectives)
    throw new InputError(
      `reference directions must have the ${objectives} objectives of the problem, got ${show(m)}`,
    );
  if (!Number.isInteger(count) || count < 1 || w.length !== count * m)
    throw new InputError(
      `reference directions must be one row or more of ${m} weights, got ${show(count)} rows and ${w.length} weights`,
    );
  for (let d = 0; d < count; d++) {
    const row = w.subarray(d * m, (d + 1) * m);
    if (
      !row.every((weight) => weight >= 0 && weight < Number.POSITIVE_INFINITY) ||
      !row.some((weight) => weight > 0)
    )
      throw new InputError(
        `a reference direction must have finite weights from 0 that are not all 0, got [${row.join(', ')}]`,
      );
  }
  return directions;
}

function checkSeeds(space: Space, { x, count }: Batch): void {
  const n = space.length;
  if (!(x instanceof Float64Array))
    throw new InputError(`seeds must be { x, count } with x a Float64Array, got ${show(x)} for x`);
  if (!Number.isInteger(count) || count < 0 || x.length < count * n)
    throw new InputError(
      `seeds must be rows of ${n} numbers, got ${x.length} numbers for ${show(count)} rows`,
    );
  for (let i = 0; i < count; i++) checkVector(space, x.subarray(i * n, (i + 1) * n));
}
