const BARS = '▁▂▃▄▅▆▇█';

/**
 * Numbers as a row of small bars, from the lowest to the highest; more numbers than `width` are thinned to the last of
 * each part. Constant numbers are a low line, and what is no finite number a space; none at all are nothing.
 */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(width, values.length);
  const shown = Array.from(
    { length: count },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / count) - 1],
  );
  const finite = shown.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return shown
    .map((value) => {
      if (!Number.isFinite(value)) return ' ';
      return BARS[high > low ? Math.round(((value - low) / (high - low)) * (BARS.length - 1)) : 0];
    })
    .join('');
}
