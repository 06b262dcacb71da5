import type { Evaluation } from '../archive.js';
import { CHOICE, canonicalRow, type Space } from '../space.js';

/** Turns decision vectors to the rows that regressors learn from. */
export interface Encoding {
  /** Columns of an encoded row. */
  readonly width: number;
  /** The variable that each column stands for (width entries, ascending): the columns of one choice share theirs. */
  readonly variable: Int32Array;
  /**
   * Writes `count` decision vectors of `x` (count x variables, row-major) to `out` (count x width, row-major).
   * Vectors that mean the same are encoded as one. Allocates nothing in a space that knows of none.
   */
  encode(x: Float64Array, count: number, out: Float64Array): void;
}

/**
 * The encoding of a space: reals and integers become one column, scaled by their bounds to [0, 1]; a choice of k
 * values becomes k columns, 1 in that of its value and 0 in the others, so that all values are equally far apart.
 * Columns come in the order of the variables. Values outside the domain are not looked for: a real beyond its
 * bounds goes beyond [0, 1], an unknown choice is all 0.
 */
export function encodingOf(space: Space): Encoding {
  const { length, kind, lower, upper } = space;
  const columnsOf = (i: number) => (kind[i] === CHOICE ? upper[i] + 1 : 1);
  const variable = Int32Array.from(
    Array.from({ length }, (_, i) => new Array<number>(columnsOf(i)).fill(i)).flat(),
  );
  return {
    width: variable.length,
    variable,
    encode(x, count, out) {
      let at = 0;
      for (let row = 0; row < count; row++) {
        const from = space.canonical ? 0 : row * length;
        const values = space.canonical
          ? canonicalRow(space, x.subarray(row * length, (row + 1) * length))
          : x;
        for (let i = 0; i < length; i++) {
          const value = values[from + i];
          if (kind[i] === CHOICE) for (let v = 0; v <= upper[i]; v++) out[at++] = value === v ? 1 : 0;
          else out[at++] = (value - lower[i]) / (upper[i] - lower[i]);
        }
      }
    },
  };
}

/** The decision vectors of the evaluations, a row each, as regressors see them. */
export function encodeAll(encoding: Encoding, evaluations: readonly Evaluation[]): Float64Array {
  const x = Float64Array.from(evaluations.flatMap((evaluation) => [...evaluation.x]));
  const encoded = new Float64Array(evaluations.length * encoding.width);
  encoding.encode(x, evaluations.length, encoded);
  return encoded;
}
