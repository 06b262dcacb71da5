import { FRACTION, LARGEST_MAGNITUDE } from './buckets.js';

/** The shape of a tensor to its coder: `rows x columns x taps`, row-major, the taps of a kernel `width` to a line. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly taps: number;
  readonly width: number;
}

/**
 * What is known of a level before it is coded, from those before it: the levels before it in its kernel; running means of the
 * magnitudes in its row (output channel), its column (input channel), its kernel and at its place in the kernels of its column; and
 * two linear predictions, of the level from the six before it in its kernel and of its magnitude from all of these. The
 * predictions learn as they go (normalised least mean squares, Widrow and Hoff 1960), one set of weights a tap.
 * Magnitudes are fixed-point numbers of `buckets.ts`, all arithmetic is exact in integers.
 */
export interface Neighbourhood {
  /** Begins a tensor. */
  start(grid: Grid): void;
  /** Sees to the next level: sets what follows. */
  look(): void;
  /** Takes in the magnitude (without the bits set apart) and sign that the level turned out to have, and moves on. */
  learn(magnitude: number, negative: number): void;
  /** Place in the kernel, 0 to 15. */
  tap: number;
  /** Signs of the levels to the left, above, above left and above right in the kernel, in base 3. */
  signs: number;
  /** Means of the magnitudes of the row, of the column, and of the kernel so far. */
  row: number;
  column: number;
  kernel: number;
  /** The predicted magnitude. */
  expected: number;
  /** The predicted level: 1 where it is negative; its magnitude, and that over the predicted magnitude, in 16 steps. */
  leaning: number;
  lean: number;
  ratio: number;
}

/** Sets of weights of the predictions, and signs of neighbours. */
export const TAPS = 16;
export const SIGNS = 81;
/** Steps of `lean` and `ratio`. */
export const STEPS = 16;

/** Larger levels count as this in means and predictions. */
const CLIP = 31;
/** Running means have 16 fractional bits; this takes them to those of a magnitude. */
const DOWN = 16 - FRACTION;
/** Fractional bits of a weight, and the further ones of a step of learning. */
const WEIGHT = 14;
const STEP = 10;
/** The share of an error that a step mends: 12 / 1024 and 8 / 1024, in the units of a step. */
const LEVEL_RATE = 12 * 2 ** (WEIGHT + STEP - 10 - FRACTION);
const SIZE_RATE = 8 * 2 ** (WEIGHT + STEP - 10);

export function neighbourhood(): Neighbourhood {
  // One line of eight weights a tap and prediction.
  const levelWeights = new Int32Array(8 * TAPS);
  const sizeWeights = new Int32Array(8 * TAPS);
  for (let i = 0; i < 8 * TAPS; i += 8) {
    sizeWeights[i] = 0.4 * 2 ** WEIGHT;
    sizeWeights[i + 1] = 0.4 * 2 ** WEIGHT;
  }
  let grid: Grid = { rows: 0, columns: 0, taps: 1, width: 1 };
  /** The tensor so far, clipped, behind six zeros. */
  let small = new Int8Array(0);
  let columns = new Int32Array(0);
  let cells = new Int32Array(0);
  let tensor = 0;
  let row = 0;
  let kernelSum = 0;
  let at = 0;
  let cell = 0;
  let column = 0;
  let k = 0;
  let predicted = 0;

  const around: Neighbourhood = {
    tap: 0,
    signs: 0,
    row: 0,
    column: 0,
    kernel: 0,
    expected: 0,
    leaning: 0,
    lean: 0,
    ratio: 0,
    start(next) {
      grid = next;
      const perRow = grid.columns * grid.taps;
      small = new Int8Array(grid.rows * perRow + 6);
      columns = new Int32Array(grid.columns).fill(-1);
      cells = new Int32Array(perRow).fill(-1);
      tensor = row = 2 ** 15;
      at = 6;
      cell = column = k = kernelSum = 0;
    },
    look() {
      const { taps, width } = grid;
      if (columns[column] < 0) columns[column] = tensor;
      if (cells[cell] < 0) cells[cell] = tensor;
      const line = k % width;
      const left = line > 0 ? small[at - 1] : 0;
      const tap = taps <= TAPS ? k : ((k * TAPS) / taps) | 0;
      const set = 8 * tap;
      around.tap = tap;
      around.signs =
        k < width
          ? 27 * signOf(left)
          : ((signOf(left) * 3 + signOf(small[at - width])) * 3 +
              (line > 0 ? signOf(small[at - width - 1]) : 0)) *
              3 +
            (line < width - 1 ? signOf(small[at - width + 1]) : 0);
      let sum = 0;
      if (k > 0) {
        sum = levelWeights[set] * small[at - 1];
        if (k > 1) sum += levelWeights[set + 1] * small[at - 2];
        if (k > 2) sum += levelWeights[set + 2] * small[at - 3];
        if (k > 3) sum += levelWeights[set + 3] * small[at - 4];
        if (k > 4) sum += levelWeights[set + 4] * small[at - 5];
        if (k > 5) sum += levelWeights[set + 5] * small[at - 6];
        sum >>= WEIGHT - FRACTION;
      }
      predicted =
        sum > LARGEST_MAGNITUDE ? LARGEST_MAGNITUDE : sum < -LARGEST_MAGNITUDE ? -LARGEST_MAGNITUDE : sum;
      const lean = predicted < 0 ? -predicted : predicted;
      const rowMean = row >> DOWN;
      const expected =
        (Math.imul(sizeWeights[set], rowMean) +
          Math.imul(sizeWeights[set + 1], cells[cell] >> DOWN) +
          Math.imul(sizeWeights[set + 2], (left < 0 ? -left : left) << FRACTION) +
          Math.imul(sizeWeights[set + 3], lean)) >>
        WEIGHT;
      around.row = rowMean;
      around.column = columns[column] >> DOWN;
      around.kernel = k > 0 ? ((kernelSum << FRACTION) / k) | 0 : rowMean;
      around.expected = expected < 0 ? 0 : expected > LARGEST_MAGNITUDE ? LARGEST_MAGNITUDE : expected;
      around.leaning = predicted < 0 ? 1 : 0;
      around.lean = lean >= STEPS << (FRACTION - 2) ? STEPS - 1 : lean >> (FRACTION - 2);
      const ratio = ((lean * 12) / (around.expected + 77) + 0.5) | 0;
      around.ratio = ratio < STEPS ? ratio : STEPS - 1;
    },
    learn(magnitude, negative) {
      const clipped = magnitude > CLIP ? CLIP : magnitude;
      const value = negative === 1 ? -clipped : clipped;
      const set = 8 * around.tap;
      if (k > 0) learnLevel(set, (value << FRACTION) - predicted);
      learnSize(set, (clipped << FRACTION) - around.expected);
      small[at] = value;
      kernelSum += clipped;
      const mean = clipped << 16;
      row += (mean - row) >> 5;
      const seen = at - 6;
      tensor += (mean - tensor) >> (seen < 512 ? 31 - Math.clz32(seen + 2) : 9);
      cells[cell] += ((mean - cells[cell]) * 5) >> 5;
      columns[column] += ((mean - columns[column]) * 5) >> 7;
      at++;
      cell++;
      if (++k < grid.taps) return;
      k = kernelSum = 0;
      if (++column < grid.columns) return;
      column = cell = 0;
      row = tensor;
    },
  };
  return around;

  function learnLevel(set: number, error: number): void {
    const a = small[at - 1];
    const b = k > 1 ? small[at - 2] : 0;
    const c = k > 2 ? small[at - 3] : 0;
    const d = k > 3 ? small[at - 4] : 0;
    const e = k > 4 ? small[at - 5] : 0;
    const f = k > 5 ? small[at - 6] : 0;
    const squares = a * a + b * b + c * c + d * d + e * e + f * f;
    if (squares === 0) return;
    const step = ((error * LEVEL_RATE) / (squares + 1)) | 0;
    if (a !== 0) levelWeights[set] += (step * a) >> STEP;
    if (b !== 0) levelWeights[set + 1] += (step * b) >> STEP;
    if (c !== 0) levelWeights[set + 2] += (step * c) >> STEP;
    if (d !== 0) levelWeights[set + 3] += (step * d) >> STEP;
    if (e !== 0) levelWeights[set + 4] += (step * e) >> STEP;
    if (f !== 0) levelWeights[set + 5] += (step * f) >> STEP;
  }

  function learnSize(set: number, error: number): void {
    const a = row >> DOWN;
    const b = cells[cell] >> DOWN;
    const left = k % grid.width > 0 ? small[at - 1] : 0;
    const c = (left < 0 ? -left : left) << FRACTION;
    const d = predicted < 0 ? -predicted : predicted;
    const squares = a * a + b * b + c * c + d * d + 2 ** (2 * FRACTION - 1);
    const step = ((error * SIZE_RATE) / squares) | 0;
    sizeWeights[set] += Math.imul(step, a) >> STEP;
    sizeWeights[set + 1] += Math.imul(step, b) >> STEP;
    sizeWeights[set + 2] += Math.imul(step, c) >> STEP;
    sizeWeights[set + 3] += Math.imul(step, d) >> STEP;
  }
}

function signOf(value: number): number {
  return value > 0 ? 2 : value < 0 ? 1 : 0;
}
