/** The nearest number with 8 significant bits, which takes two bytes fewer of a container; 1 in place of 0. */
export function shortFloat(value: number): number {
  if (!(value >= 2 ** -126)) return 1;
  const unit = 2 ** (Math.floor(Math.log2(value)) - 7);
  return Math.round(value / unit) * unit;
}

/** Root of the mean square; 1 for zeros. */
export function spreadOf(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares / values.length) || 1;
}
