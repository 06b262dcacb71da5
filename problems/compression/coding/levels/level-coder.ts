import { createMixer } from '../arithmetic/mixer.js';
import type { BitCoder } from '../arithmetic/range-coder.js';
import { COARSE, COARSE_BUCKETS, FINE, FINE_BUCKETS } from './buckets.js';
import { type Grid, neighbourhood, SIGNS, STEPS, TAPS } from './neighbourhood.js';
import { after, indexOf, magnitudeOf, oddOf, type Path } from './trellis.js';

/**
 * Codes the levels of tensors one after the other; what is learned of one helps with the next. An encoder reads `levels`, a
 * decoder fills it. The `shift` lowest bits of a magnitude are set apart and modelled roughly: {@link shiftFor} chooses it.
 *
 * A level is its magnitude, first whether it is zero, then in unary up to 14, then in Elias' gamma code; the set-apart bits; and
 * its sign. Each of these bits is coded by mixing what four contexts tell of it; see `neighbourhood` for what is
 * known. Of levels along the paths of a trellis (see there) the indices are coded so, their halves told apart. Linear in the number of levels.
 */
export interface LevelCoder {
  /** `path` where the levels follow a trellis: an InputError where they do not. */
  code(coder: BitCoder, levels: Int32Array, grid: Grid, shift: number, path?: Path): void;
}

/** The largest magnitude that an encoder may be given. */
export const LARGEST_LEVEL = 2 ** 24;

const UNARY = 14;
const BINS = 16;
/** Bins of the magnitudes of even levels (or all), then those of odd ones. */
const BOTH = 2 * BINS;

export function levelCoder(): LevelCoder {
  const around = neighbourhood();
  const magnitude = createMixer(
    [
      COARSE_BUCKETS * COARSE_BUCKETS * BOTH,
      FINE_BUCKETS * TAPS * BOTH,
      FINE_BUCKETS * STEPS * BOTH,
      COARSE_BUCKETS * COARSE_BUCKETS * BOTH,
    ],
    BOTH,
  );
  const sign = createMixer([SIGNS * TAPS, 2 * STEPS * TAPS, 2 * STEPS * BINS, 2 * STEPS * COARSE_BUCKETS], 1);
  const long = createMixer([64, 64, 64, 64], 64);
  const low = createMixer([32, 32, 32, 32].map((tops) => tops * 4) as [number, number, number, number], 4);

  return {
    code(coder, levels, grid, shift, path) {
      around.start(grid);
      if (path) codePaths(coder, levels, grid, shift, path);
      else codeFree(coder, levels, shift);
    },
  };

  function codeFree(coder: BitCoder, levels: Int32Array, shift: number): void {
    for (let at = 0; at < levels.length; at++) {
      around.look();
      const given = levels[at];
      const size = given < 0 ? -given : given;
      const top = codeMagnitude(coder, size >> shift, 0);
      const all = shift === 0 ? top : codeLow(coder, size, top, shift);
      const negative = all === 0 ? 0 : codeSign(coder, given < 0 ? 1 : 0, top);
      levels[at] = negative === 1 ? -all : all;
      around.learn(top, negative);
    }
  }

  function codePaths(coder: BitCoder, levels: Int32Array, grid: Grid, shift: number, path: Path): void {
    const perRow = grid.columns * grid.taps;
    const states = new Uint8Array(path === 'down' ? perRow : grid.rows);
    for (let at = 0, row = 0; at < levels.length; row++) {
      for (let cell = 0; cell < perRow; cell++, at++) {
        around.look();
        const slot = path === 'down' ? cell : row;
        const state = states[slot];
        const odd = oddOf(state);
        const given = levels[at];
        const size = indexOf(given, odd);
        const top = codeMagnitude(coder, size >> shift, odd * BINS);
        const all = shift === 0 ? top : codeLow(coder, size, top, shift);
        // Neighbours are compared by their levels: indices of different halves mean different things.
        const level = magnitudeOf(top, odd);
        const negative = all === 0 ? 0 : codeSign(coder, given < 0 ? 1 : 0, level);
        states[slot] = after(state, all);
        const whole = magnitudeOf(all, odd);
        levels[at] = negative === 1 ? -whole : whole;
        around.learn(level, negative);
      }
    }
  }

  function codeMagnitude(coder: BitCoder, size: number, half: number): number {
    const row = COARSE[around.row];
    const a = (row * COARSE_BUCKETS + COARSE[around.column]) * BOTH;
    const b = (FINE[around.kernel] * TAPS + around.tap) * BOTH;
    const c = (FINE[around.expected] * STEPS + around.ratio) * BOTH;
    const d = (COARSE[around.expected] * COARSE_BUCKETS + row) * BOTH;
    let known = 0;
    while (known < UNARY && magnitude.code(coder, size > known ? 1 : 0, half + known, a, b, c, d) === 1)
      known++;
    return known < UNARY ? known : known + codeExcess(coder, size - UNARY);
  }

  function codeSign(coder: BitCoder, negative: number, top: number): number {
    const ratio = around.leaning * STEPS + around.ratio;
    const lean = around.leaning * STEPS + around.lean;
    return sign.code(
      coder,
      negative,
      0,
      around.signs * TAPS + around.tap,
      ratio * TAPS + around.tap,
      ratio * BINS + (top < BINS ? top : BINS - 1),
      lean * COARSE_BUCKETS + COARSE[around.expected],
    );
  }

  /** Elias' gamma code of `excess + 1`: the number of its bits in unary, then the bits below the highest. */
  function codeExcess(coder: BitCoder, excess: number): number {
    const given = excess + 1;
    const length = 31 - Math.clz32(given);
    let bits = 0;
    while (bits < 25 && long.code(coder, length > bits ? 1 : 0, bits, 0, 0, 0, 0) === 1) bits++;
    let value = 1;
    for (let i = bits - 1; i >= 0; i--) value = value * 2 + coder.code((given >> i) & 1, 32768);
    return value - 1;
  }

  /** The two highest of the bits set apart are modelled, by the magnitude above them; the others are even. */
  function codeLow(coder: BitCoder, size: number, top: number, shift: number): number {
    const context = (top < 31 ? top : 31) * 4;
    let value = top;
    for (let i = shift - 1; i >= 0; i--) {
      const bit = (size >> i) & 1;
      const bin = shift - 1 - i;
      value =
        value * 2 +
        (bin < 2 ? low.code(coder, bit, bin, context, context, context, context) : coder.code(bit, 32768));
    }
    return value;
  }
}

/** The number of low bits to set apart: so many that what is left of the magnitudes is 4 at most in the mean. */
export function shiftFor(levels: Int32Array, path?: Path): number {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum += Math.abs(levels[i]);
  let mean = sum / levels.length / (path ? 2 : 1);
  let shift = 0;
  for (; mean > 4; mean /= 2) shift++;
  return shift;
}
