import { InputError, show } from '../errors.js';

/**
 * A measure of rows `0 .. count - 1` of `f` (rows x m, minimised) against a reference front (frontCount x m), both
 * row-major. Small is good.
 */
export type FrontIndicator = (
  f: ArrayLike<number>,
  count: number,
  front: ArrayLike<number>,
  frontCount: number,
  m: number,
) => number;

/** Offsets in `f` of the rows `0 .. count - 1` (rows x m) that have no NaN. Throws an InputError when `f` is too short. */
export function measuredRows(f: ArrayLike<number>, count: number, m: number): number[] {
  checkRows(f, count, m);
  const offsets: number[] = [];
  for (let i = 0; i < count; i++) {
    let measured = true;
    for (let j = 0; j < m; j++) if (Number.isNaN(f[i * m + j])) measured = false;
    if (measured) offsets.push(i * m);
  }
  return offsets;
}

/** Offsets of the rows of a reference front. Throws an InputError unless it has a row and all its values are finite. */
export function referenceRows(front: ArrayLike<number>, count: number, m: number): number[] {
  checkRows(front, count, m);
  if (count === 0) throw new InputError('a reference front needs at least one row, got none');
  for (let k = 0; k < count * m; k++)
    if (!Number.isFinite(front[k]))
      throw new InputError(`a reference front must be finite, got ${front[k]} in row ${Math.floor(k / m)}`);
  return Array.from({ length: count }, (_, i) => i * m);
}

/** Throws an InputError for what is no array, nor like one. */
export function checkArray(what: string, values: ArrayLike<number>): void {
  if (typeof values?.length !== 'number')
    throw new InputError(`${what} must be an array of numbers, got ${show(values)}`);
}

/** Throws an InputError unless `f` has `count` rows of `m`. */
export function checkRows(f: ArrayLike<number>, count: number, m: number): void {
  if (!Number.isInteger(m) || m < 1)
    throw new InputError(`the number of objectives must be a whole number from 1, got ${show(m)}`);
  if (!Number.isInteger(count) || count < 0)
    throw new InputError(`the number of rows must be a whole number from 0, got ${show(count)}`);
  checkArray('the rows', f);
  if (f.length < count * m)
    throw new InputError(`${count} rows of ${m} objectives need ${count * m} values, got ${f.length}`);
}
