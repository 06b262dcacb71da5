import { figure } from './format.js';
import type { Column, ReportData, RunView } from './report-data.js';

/** The part of a column that the reader keeps; an open end is infinite. */
export interface Brush {
  readonly column: number;
  readonly low: number;
  readonly high: number;
}

/** Whether an evaluation lies within all brushes; what has no number on a brushed column does not. */
export function isWithin(brushes: readonly Brush[], { values }: RunView, evaluation: number): boolean {
  return brushes.every(({ column, low, high }) => {
    const value = values[column][evaluation];
    return value !== null && value >= low && value <= high;
  });
}

/** The brushes with the one of a column changed; without it where both ends are open. */
export function withBrush(brushes: readonly Brush[], changed: Brush): Brush[] {
  const others = brushes.filter(({ column }) => column !== changed.column);
  const open = changed.low === Number.NEGATIVE_INFINITY && changed.high === Number.POSITIVE_INFINITY;
  return open ? others : [...others, changed];
}

/** The least and the largest value of a column; both NaN where it has none. */
export function rangeOf({ runs }: Pick<ReportData, 'runs'>, column: number): readonly [number, number] {
  let [least, most] = [Number.NaN, Number.NaN];
  for (const { values } of runs)
    for (const value of values[column]) {
      if (value === null) continue;
      if (!(least <= value)) least = value;
      if (!(most >= value)) most = value;
    }
  return [least, most];
}

/** A brush in words: `accuracy from 0.9 to 0.95`; of a choice the names of the values it keeps. */
export function brushWords(columns: readonly Column[], { column: c, low, high }: Brush): string {
  const column = columns[c];
  if (column.words) {
    const kept = column.words.filter((_, i) => column.lowest + i >= low && column.lowest + i <= high);
    return `${column.label} ${kept.join(' or ') || 'nothing'}`;
  }
  const from = low === Number.NEGATIVE_INFINITY ? '' : ` from ${figure(low)}`;
  return `${column.label}${from}${high === Number.POSITIVE_INFINITY ? '' : ` to ${figure(high)}`}`;
}
