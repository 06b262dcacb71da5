import type { Batch } from '../algorithm.js';
import { InputError } from '../errors.js';
import type { Random } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { latinHypercube, uniformSample } from '../operators/sampling.js';
import { computeViolations, type Population } from '../population.js';
import type { Space } from '../space.js';

/** Attempts at a child that is no duplicate before the batch goes without it; the latter half are uniform samples. */
const ATTEMPTS = 20;

/** Throws an InputError unless the population size is a whole number from 2. */
export function checkPopulationSize(populationSize: number): void {
  if (!Number.isInteger(populationSize) || populationSize < 2)
    throw new InputError(`the population size must be a whole number from 2, got ${populationSize}`);
}

/** Fills the offspring with the seeds, then a Latin hypercube for the places that are left; no vector twice. */
export function sampleInitial(
  space: Space,
  seeds: Batch | undefined,
  offspring: Population,
  random: Random,
): void {
  const sample = latinHypercube(space, offspring.capacity, random);
  offspring.size = 0;
  const { capacity } = offspring;
  if (seeds) for (let i = 0; i < seeds.count && offspring.size < capacity; i++) take(offspring, seeds.x, i);
  for (let i = 0; i < capacity && offspring.size < capacity; i++) take(offspring, sample, i);
}

/**
 * Fills the offspring with children that are neither in `known` nor twice among themselves. `makeChild(row)` writes one
 * to `offspring.x`; where it only repeats what is there, vectors are sampled from the whole space, and when those are known too
 * the place stays empty: no offspring at all means that the space is exhausted.
 */
export function breedNew(
  space: Space,
  known: Population,
  offspring: Population,
  makeChild: (row: number) => void,
  random: Random,
): void {
  const n = space.length;
  offspring.size = 0;
  for (let place = 0; place < offspring.capacity; place++) {
    const row = offspring.size;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt < ATTEMPTS / 2) makeChild(row);
      else offspring.x.set(uniformSample(space, 1, random), row * n);
      if (hasRow(known.x, known.size, offspring.x, row, n) || hasRow(offspring.x, row, offspring.x, row, n))
        continue;
      offspring.size++;
      break;
    }
  }
}

/**
 * A `makeChild` for {@link breedNew} out of a function that writes two children to the first two rows of `pair`: hands out
 * the first, and the second when it is next called.
 */
export function childByChild(
  { x, variables: n }: Population,
  pair: Float64Array,
  makePair: () => void,
): (row: number) => void {
  let left = 0;
  return (row) => {
    if (left === 0) {
      makePair();
      left = 2;
    }
    const from = (2 - left) * n;
    for (let v = 0; v < n; v++) x[row * n + v] = pair[from + v];
    left--;
  };
}

/** Makes the offspring hold the rows told, with their objectives, constraints and violations. */
export function takeTold(offspring: Population, { x, count }: Batch, f: Float64Array, g: Float64Array): void {
  const { variables: n, objectives: m, constraints: k } = offspring;
  offspring.size = count;
  if (x !== offspring.x) offspring.x.set(x.subarray(0, count * n));
  for (let i = 0; i < count * m; i++) offspring.f[i] = f[i];
  for (let i = 0; i < count * k; i++) offspring.g[i] = g[i];
  computeViolations(offspring);
}

/** Adds row `i` of `x` to the offspring unless it is there already. */
function take(offspring: Population, x: Float64Array, i: number): void {
  const n = offspring.variables;
  if (hasRow(offspring.x, offspring.size, x, i, n)) return;
  offspring.x.set(x.subarray(i * n, (i + 1) * n), offspring.size * n);
  offspring.size++;
}
