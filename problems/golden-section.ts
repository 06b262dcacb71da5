/**
 * The least value from `from` to `to` of a function of one valley, by the golden section: where the valley is, to 4e-9 of the range, and
 * so the value far better. The function may be NaN before its valley begins.
 */
export function least(from: number, to: number, cost: (value: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  for (let step = 0; step < 40; step++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (cost(left) < cost(right)) high = right;
    else low = left;
  }
  return Math.min(cost(to), cost((low + high) / 2));
}
