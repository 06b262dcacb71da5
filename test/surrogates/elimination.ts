/** The solution of `a v = b` (rows of `a`) by Gauss-Jordan elimination with pivots. */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]]);
  const n = rows.length;
  for (let j = 0; j < n; j++) {
    const pivot = rows.slice(j).reduce((best, row) => (Math.abs(row[j]) > Math.abs(best[j]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(j, 0, pivot);
    for (let k = 0; k < n; k++) {
      if (k === j) continue;
      const factor = rows[k][j] / pivot[j];
      for (let l = j; l <= n; l++) rows[k][l] -= factor * pivot[l];
    }
  }
  return rows.map((row, j) => row[n] / row[j]);
}
