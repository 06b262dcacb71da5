/**
 * The distance functions of Ma and Wang (IEEE TEVC 23(6), 2019), each 1 on the front and more elsewhere: of the row of `n`
 * variables that starts at `x[from]`, of which the first m - 1 give the position.
 */
export type MwDistance = (x: Float64Array, from: number, n: number, m: number) => number;

/** g1: nearly flat away from the front, which lies at `x_i^(n - m) = 0.5 + (i - 1) / 2n`. */
export const flatDistance: MwDistance = (x, from, n, m) => {
  let distance = 1;
  for (let v = m - 1; v < n; v++)
    distance += 1 - Math.exp(-10 * (x[from + v] ** (n - m) - 0.5 - v / (2 * n)) ** 2);
  return distance;
};

/** g2: multimodal; the front lies at `x_i = (i - 1) / n`. */
export const wavyDistance: MwDistance = (x, from, n, m) => {
  let distance = 1;
  for (let v = m - 1; v < n; v++) {
    const z = 1 - Math.exp(-10 * (x[from + v] - v / n) ** 2);
    distance += 1.5 + (0.1 / n) * z ** 2 - 1.5 * Math.cos(2 * Math.PI * z);
  }
  return distance;
};

/** g3: every variable is tied to the one before; the front lies at `x_i = 1 - (x_(i-1) - 0.5)^2`. */
export const linkedDistance: MwDistance = (x, from, n, m) => {
  let distance = 1;
  for (let v = m - 1; v < n; v++) distance += 2 * (x[from + v] + (x[from + v - 1] - 0.5) ** 2 - 1) ** 2;
  return distance;
};
