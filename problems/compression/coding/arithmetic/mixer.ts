import { SQUASH, STRETCH, WIDEST } from './logistic.js';
import type { BitCoder } from './range-coder.js';

/**
 * Codes bits by mixing the predictions of four contexts (Mahoney 2005, "Adaptive weighing of context models for
 * lossless data compression"): each context keeps an adaptive probability; their log odds are summed with weights that a
 * gradient step improves after every bit. Integers alone, so encoder and decoder agree on every engine.
 */
export interface Mixer {
  /**
   * Codes one bit: with the counter `a .. d` + bin of the four contexts, each below the size given for it, and the set of
   * weights `bin`.
   */
  code(coder: BitCoder, bit: number, bin: number, a: number, b: number, c: number, d: number): number;
}

/** No probability is smaller than this out of 65536, so that what a file can stand for is bounded by its length. */
export const LEAST = 16;
/** No bit takes less of a file than this many bits: `-log2(1 - LEAST / 65536)`, rounded down. */
export const LEAST_COST = 3.5e-4;

/** Counters hold a probability of 22 bits above a count of 10. */
const COUNT = 1023;
/** The step of a counter falls as 1 / n down to 1 / SLOWEST. */
const SLOWEST = 400;
/** 4096 / (n + 1.5) for a count of n. */
const RATE = Int32Array.from({ length: SLOWEST + 1 }, (_, n) => Math.floor(8192 / (2 * n + 3)));
/** The rate of learning of a weight set: 0.02 at first, 0.003 after some 9000 bits. In steps of 2^-13 / 64. */
const FIRST_STEP = 160 * 64;
const LAST_STEP = 24 * 64;
/** A weight of 1. The first weights are a little more than a quarter, as contexts know less than they know together. */
const ONE = 65536;
const FIRST_WEIGHT = 0.325 * ONE;
/** Weights stay below this, and so every sum below 2^31. */
const LARGEST = 8 * ONE;

/** `sizes`: counters of each of the four contexts, bins included. Four times the contexts and bins in memory, 4 bytes a counter. */
export function createMixer(sizes: readonly [number, number, number, number], bins: number): Mixer {
  const startB = sizes[0];
  const startC = startB + sizes[1];
  const startD = startC + sizes[2];
  const counters = new Int32Array(startD + sizes[3]).fill(1 << 31);
  const weights = new Int32Array(4 * bins).fill(FIRST_WEIGHT);
  const steps = new Int32Array(bins).fill(FIRST_STEP);
  return {
    code(coder, bit, bin, a, b, c, d) {
      const slotA = a + bin;
      const slotB = startB + b + bin;
      const slotC = startC + c + bin;
      const slotD = startD + d + bin;
      const counterA = counters[slotA];
      const counterB = counters[slotB];
      const counterC = counters[slotC];
      const counterD = counters[slotD];
      const oddsA = STRETCH[counterA >>> 20];
      const oddsB = STRETCH[counterB >>> 20];
      const oddsC = STRETCH[counterC >>> 20];
      const oddsD = STRETCH[counterD >>> 20];
      const w = 4 * bin;
      const sum =
        ((Math.imul(weights[w], oddsA) >> 8) +
          (Math.imul(weights[w + 1], oddsB) >> 8) +
          (Math.imul(weights[w + 2], oddsC) >> 8) +
          (Math.imul(weights[w + 3], oddsD) >> 8)) >>
        8;
      const odds = sum > WIDEST ? WIDEST : sum < -WIDEST ? -WIDEST : sum;
      const squashed = SQUASH[odds + WIDEST];
      const p = squashed < LEAST ? LEAST : squashed > 65536 - LEAST ? 65536 - LEAST : squashed;
      const coded = coder.code(bit, p);
      const step = steps[bin];
      if (step > LAST_STEP) steps[bin] = step - 1;
      // The gradient of the code length is (bit - p) x.
      const error = Math.imul((coded << 16) - p, step >> 6) >> 6;
      weights[w] = bounded(weights[w] + ((Math.imul(error, oddsA) + 16384) >> 15));
      weights[w + 1] = bounded(weights[w + 1] + ((Math.imul(error, oddsB) + 16384) >> 15));
      weights[w + 2] = bounded(weights[w + 2] + ((Math.imul(error, oddsC) + 16384) >> 15));
      weights[w + 3] = bounded(weights[w + 3] + ((Math.imul(error, oddsD) + 16384) >> 15));
      const target = coded === 1 ? 2 ** 22 - 1 : 0;
      counters[slotA] = moved(counterA, target);
      counters[slotB] = moved(counterB, target);
      counters[slotC] = moved(counterC, target);
      counters[slotD] = moved(counterD, target);
      return coded;
    },
  };
}

function bounded(weight: number): number {
  return weight > LARGEST ? LARGEST : weight < -LARGEST ? -LARGEST : weight;
}

function moved(counter: number, target: number): number {
  const count = counter & COUNT;
  const value = counter >>> 10;
  const next = value + (Math.imul((target - value) >> 3, RATE[count]) >> 9);
  return (next << 10) | (count < SLOWEST ? count + 1 : count);
}
