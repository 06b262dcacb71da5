/** Writes to `axes` the first `m` places in ascending order of their `ties`. */
export function orderByTies(ties: Int32Array, m: number, axes: Int32Array): void {
  for (let j = 0; j < m; j++) {
    let place = j;
    for (; place > 0 && ties[axes[place - 1]] > ties[j]; place--) axes[place] = axes[place - 1];
    axes[place] = j;
  }
}
