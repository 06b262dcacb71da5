import type { Batch } from '../algorithm.js';
import { type Random, randomOf } from '../math/random.js';
import { hasRow } from '../operators/duplicates.js';
import { latinHypercube, uniformSample } from '../operators/sampling.js';
import { canonicalRow, type Space } from '../space.js';
import { encodingOf } from './encoding.js';

/** The initial sample: a Latin hypercube without duplicates; smaller than `count` only where the space is. */
export function initialSample(space: Space, count: number, seed: number): Batch {
  const random = randomOf(seed, 'initial sample');
  const sample = latinHypercube(space, count, random);
  const x = new Float64Array(sample.length);
  let rows = 0;
  for (let i = 0; i < count; i++) {
    let row = canonicalRow(space, sample.subarray(i * space.length, (i + 1) * space.length));
    for (let attempt = 0; attempt < 100 && hasRow(x, rows, row, 0, space.length); attempt++)
      row = canonicalRow(space, uniformSample(space, 1, random));
    if (hasRow(x, rows, row, 0, space.length)) continue;
    x.set(row, rows * space.length);
    rows++;
  }
  return { x: x.subarray(0, rows * space.length), count: rows };
}

/** Adds new vectors drawn uniformly to `picked` until there are `count`; fewer only when the space seems exhausted. */
export function exploreUniformly(
  space: Space,
  known: readonly Float64Array[],
  picked: Float64Array[],
  count: number,
  random: Random,
): void {
  for (let attempt = 0; attempt < 1000 && picked.length < count; attempt++) {
    const x = canonicalRow(space, uniformSample(space, 1, random));
    if (!isAmong(x, known) && !isAmong(x, picked)) picked.push(x);
  }
}

/** Vectors among which each point of {@link exploreFarthest} is chosen. */
const SAMPLE = 1000;

/**
 * Adds `count` new vectors to `picked`, one after the other, each as far as possible from the nearest that is known or picked:
 * of {@link SAMPLE} drawn uniformly, ties to the first. Distances are Euclidean between vectors as regressors see them, bounds
 * at 0 and 1. Fewer only when the space seems exhausted.
 */
export function exploreFarthest(
  space: Space,
  known: readonly Float64Array[],
  picked: Float64Array[],
  count: number,
  random: Random,
): void {
  const n = space.length;
  const encoding = encodingOf(space);
  const encoded = (x: Float64Array, rows: number) => {
    const out = new Float64Array(rows * encoding.width);
    encoding.encode(x, rows, out);
    return out;
  };
  for (let p = 0; p < count; p++) {
    const taken = [...known, ...picked];
    const points = encoded(Float64Array.from(taken.flatMap((x) => [...x])), taken.length);
    const sample = uniformSample(space, SAMPLE, random);
    const places = encoded(sample, SAMPLE);
    let best = -1;
    let farthest = 0;
    for (let s = 0; s < SAMPLE; s++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < taken.length && nearest > farthest; i++) {
        let square = 0;
        for (let j = 0; j < encoding.width; j++)
          square += (places[s * encoding.width + j] - points[i * encoding.width + j]) ** 2;
        nearest = Math.min(nearest, square);
      }
      if (nearest > farthest) {
        best = s;
        farthest = nearest;
      }
    }
    if (best < 0) return;
    picked.push(canonicalRow(space, sample.slice(best * n, (best + 1) * n)));
  }
}

/**
 * How many of the `infill` points of a round (from 1) fall to a share of all points: they come as evenly as whole numbers can,
 * `floor(round infill share + phase)` of them up to this round, `phase` in [0, 1).
 */
export function shareOfRound(share: number, infill: number, round: number, phase = 0): number {
  // The small amount forgives the rounding of products such as 0.1 x 30.
  const upTo = (rounds: number) => Math.floor(rounds * infill * share + phase + 1e-9);
  return upTo(round) - upTo(round - 1);
}

export function isAmong(x: Float64Array, rows: readonly Float64Array[]): boolean {
  return rows.some((row) => hasRow(row, 1, x, 0, x.length));
}
