/** Whether row `i` of `a` (rows x `n`) equals row `j` of `b` in every entry. */
export function sameRow(
  a: ArrayLike<number>,
  i: number,
  b: ArrayLike<number>,
  j: number,
  n: number,
): boolean {
  for (let p = i * n, q = j * n, end = p + n; p < end; p++, q++) if (a[p] !== b[q]) return false;
  return true;
}

/** Whether one of the rows `0 .. count - 1` of `x` equals row `j` of `b`. O(count x n) at worst, O(count) as a rule. */
export function hasRow(
  x: ArrayLike<number>,
  count: number,
  b: ArrayLike<number>,
  j: number,
  n: number,
): boolean {
  for (let i = 0; i < count; i++) if (sameRow(x, i, b, j, n)) return true;
  return false;
}
