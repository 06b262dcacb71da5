import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A stream of pseudo-random numbers. Every algorithm takes one as an argument; none makes its own. */
export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform on the integers 0 .. n - 1; `n` must be at least 1 and at most 2^53. */
  integer(n: number): number;
  /** Standard normal (Box-Muller; one of the pair is kept for the next call). */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T extends { readonly [index: number]: unknown; readonly length: number }>(values: T): T;
}

/**
 * The stream that belongs to a list of keys: same keys, same stream; other keys, an unrelated one. Streams are named
 * (`randomOf(seed, 'infill', round)`) rather than shared, so that no part of a run can disturb the numbers of another.
 *
 * The generator is xoroshiro128+ (Blackman and Vigna); its 128-bit state is hashed from the keys with the
 * MurmurHash3 mixing steps, one lane a state word.
 */
export function randomOf(...keys: readonly (number | string | Float64Array)[]): Random {
  const generator = xoroshiro128plusFromState(
    [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x7f4a7c15].map((lane) => hash(keys, lane)),
  );
  return streamOf(generator, new Float64Array(AHEAD), 0);
}

/** Numbers drawn at a time. */
const AHEAD = 32;

/**
 * A stream out of a generator, whose next `left` numbers are `ahead[left - 1] .. ahead[0]`. Numbers are drawn ahead so that `uniform`
 * stays small: a function of at most 27 bytes of bytecode is compiled into its callers, and only there can a double be
 * returned without a box on the heap. (Parameters, unlike constants, are read without a check of their initialisation.)
 */
function streamOf(generator: RandomGenerator, ahead: Float64Array, left: number): Random {
  let spare = Number.NaN;
  function refill(): void {
    left = AHEAD;
    for (let i = AHEAD - 1; i >= 0; i--) ahead[i] = uniformFloat64(generator);
  }
  function uniform(): number {
    if (!left) refill();
    return ahead[--left];
  }
  function integer(n: number): number {
    return Math.floor(uniform() * n);
  }
  return {
    uniform,
    integer,
    normal() {
      if (!Number.isNaN(spare)) {
        const kept = spare;
        spare = Number.NaN;
        return kept;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    shuffle(values) {
      const cells = values as { [index: number]: unknown };
      for (let i = values.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const held = cells[i];
        cells[i] = cells[j];
        cells[j] = held;
      }
      return values;
    },
  };
}

/** A 32-bit integer drawn from the stream of the keys: a seed to hand to a part that takes a plain number. */
export function seedOf(...keys: readonly (number | string | Float64Array)[]): number {
  return hash(keys, 0x85ebca6b);
}

function hash(keys: readonly (number | string | Float64Array)[], lane: number): number {
  let h = lane | 0;
  for (const key of keys) {
    if (typeof key === 'string') {
      h = mix(h, key.length ^ 0x5bd1e995);
      for (let i = 0; i < key.length; i++) h = mix(h, key.charCodeAt(i));
    } else {
      // + 0 makes -0 the same key as 0
      const words = new Int32Array(
        Float64Array.from(typeof key === 'number' ? [key] : key, (value) => value + 0).buffer,
      );
      h = mix(h, words.length);
      for (const word of words) h = mix(h, word);
    }
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mix(h: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
