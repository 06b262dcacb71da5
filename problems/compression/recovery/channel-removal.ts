import { cholesky } from './inverse.js';

/** A layer that reads channels, while they are removed from it. Changed in place. */
export interface Reader {
  /** Inputs an output. */
  readonly size: number;
  readonly features: number;
  /** The inverse second moments of the inputs where the layer makes good what it loses, else the second moments; size x size. */
  readonly matrix: Float64Array;
  readonly compensates: boolean;
  /** size x features. */
  readonly weights: Float64Array;
  /** Which inputs each channel feeds. */
  readonly columns: ReadonlyMap<number, readonly number[]>;
  /** What errors are a share of. */
  readonly energy: number;
}

/**
 * The error of a layer when a channel of T inputs leaves, as a share of its energy: `tr W' inverse(inverse_TT) W` over the rows T of its
 * weights where the others make it good (optimal brain surgeon, a block at a time), else `tr W' H_TT W`. 0 where it does not read the channel.
 */
export function blockCost(reader: Reader, channel: number): number {
  const columns = reader.columns.get(channel);
  if (!columns) return 0;
  const block = blockOf(reader, columns);
  let sum = 0;
  if (reader.compensates) {
    cholesky(block, columns.length);
    for (const value of solvedLower(block, rowsOf(reader, columns), columns.length, reader.features))
      sum += value * value;
  } else {
    const { features } = reader;
    const rows = rowsOf(reader, columns);
    for (let i = 0; i < columns.length; i++)
      for (let j = 0; j < columns.length; j++)
        for (let f = 0; f < features; f++)
          sum += rows[i * features + f] * block[i * columns.length + j] * rows[j * features + f];
  }
  return sum / reader.energy;
}

/** Removes a channel: the other weights make it good, and its rows and columns leave the inverse. False where the others stay as they are. */
export function removeBlock(reader: Reader, channel: number): boolean {
  const columns = reader.columns.get(channel);
  if (!columns || !reader.compensates) return false;
  const { size, features, matrix, weights } = reader;
  const count = columns.length;
  const block = blockOf(reader, columns);
  cholesky(block, count);
  // With inverse_TT = L L': U' = inverse(L) inverse_T., Z = inverse(L) W_T; the weights lose U Z and the inverse U U'.
  const across = new Float64Array(count * size);
  for (const [i, column] of columns.entries())
    across.set(matrix.subarray(column * size, (column + 1) * size), i * size);
  const u = solvedLower(block, across, count, size);
  const z = solvedLower(block, rowsOf(reader, columns), count, features);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < count; k++) {
      const factor = u[k * size + i];
      if (factor === 0) continue;
      for (let f = 0; f < features; f++) weights[i * features + f] -= factor * z[k * features + f];
      for (let j = 0; j < size; j++) matrix[i * size + j] -= factor * u[k * size + j];
    }
  for (const column of columns)
    for (let j = 0; j < size; j++) {
      matrix[column * size + j] = 0;
      matrix[j * size + column] = 0;
    }
  return true;
}

function blockOf({ matrix, size }: Reader, columns: readonly number[]): Float64Array {
  return Float64Array.from(columns.flatMap((row) => columns.map((column) => matrix[row * size + column])));
}

function rowsOf({ weights, features }: Reader, columns: readonly number[]): Float64Array {
  const rows = new Float64Array(columns.length * features);
  for (const [i, column] of columns.entries())
    rows.set(weights.subarray(column * features, (column + 1) * features), i * features);
  return rows;
}

/** Solves `L x = b` for the lower triangle of an n x n matrix, in place of the n x columns right side. */
function solvedLower(lower: Float64Array, b: Float64Array, n: number, columns: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const factor = lower[i * n + k];
      for (let c = 0; c < columns; c++) b[i * columns + c] -= factor * b[k * columns + c];
    }
    for (let c = 0; c < columns; c++) b[i * columns + c] /= lower[i * n + i];
  }
  return b;
}
