import { figure } from './format.js';
import type { Column, ReportData, RunView, Status } from './report-data.js';

/** What the signs of a report mean. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  front: 'on the front',
  feasible: 'feasible',
  closest: 'closest to feasible',
  infeasible: 'infeasible',
  failed: 'failed',
};

/** The value of a column in words: the name of a choice, else the number. */
export function valueWords({ words, lowest }: Column, value: number | null): string {
  return (value !== null && words?.[value - lowest]) || figure(value);
}

/** The columns of a group with their values in words, for one evaluation. */
export function worded(
  { columns }: ReportData,
  { values }: RunView,
  evaluation: number,
  group: Column['group'],
): { readonly column: Column; readonly words: string }[] {
  return columns.flatMap((column, c) =>
    column.group === group ? [{ column, words: valueWords(column, values[c][evaluation]) }] : [],
  );
}

/** The name of a column with the way in which it is optimised: `accuracy ↑`. */
export function axisName({ label, role }: Column): string {
  return role === 'maximize' ? `${label} ↑` : role === 'minimize' ? `${label} ↓` : label;
}

/** The name of a constraint with the signs of print: `accuracy ≥ 0.9`. */
export function pretty(name: string): string {
  return name.replace(' >= ', ' ≥ ').replace(' <= ', ' ≤ ');
}
