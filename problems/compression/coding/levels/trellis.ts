import { InputError } from '../errors.js';

/**
 * Dependent quantization: the levels along a path are multiples of a step, but each may only be one of half of them, and which half
 * follows from the levels before it (trellis-coded quantization, Marcellin and Fischer 1990; in video and networks Schwarz et al.
 * 2019, Haase et al. 2020). The even half has the even multiples, the odd half zero and the odd ones. What is coded is the
 * index of a level in its half, `sign(level) (|level| + odd) / 2`; its lowest bit drives a machine of eight states. At the same distance
 * between what can be coded next the numbers of a whole path lie 1.09 dB closer than with one even grid, of the 1.53 dB that there are.
 */
export const STATES = 8;

/** `NEXT[2 * state + (index & 1)]`: the state after an index (Ungerboeck 1982, the trellis of eight states in one dimension). */
export const NEXT = Uint8Array.of(0, 1, 3, 2, 5, 4, 6, 7, 1, 0, 2, 3, 4, 5, 7, 6);

/** The state after an index: see {@link NEXT}. */
export function after(state: number, index: number): number {
  return NEXT[2 * state + (index & 1)];
}

/** 1 where the levels of a state are zero and the odd ones, 0 where they are even: the lowest bit of the state. */
export function oddOf(state: number): number {
  return state & 1;
}

/** The index of a level in its half, without its sign. Throws an InputError on a level of the other half. */
export function indexOf(level: number, odd: number): number {
  if (level === 0) return 0;
  const size = level < 0 ? -level : level;
  if (((size ^ odd) & 1) !== 0)
    throw new InputError(
      `a level must be one that its path allows, zero or ${odd ? 'odd' : 'even'}, got ${level}`,
    );
  return (size + odd) >> 1;
}

/** The magnitude of the level of an index. */
export function magnitudeOf(index: number, odd: number): number {
  return index === 0 ? 0 : 2 * index - odd;
}

/**
 * Which way the paths of a tensor go, each from state 0: `down` its rows, one path for every place of a row; or `along` its rows,
 * one path for every row.
 */
export type Path = 'down' | 'along';
