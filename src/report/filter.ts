import type { ReportData, RunView } from './report-data.js';
import { STATUS_WORDS, valueWords } from './words.js';

/** Whether an evaluation of a run is shown. */
export type Filter = (run: RunView, evaluation: number) => boolean;

const COMPARISON = /^(.+?)(>=|<=|>|<|=)(-?[\d.]+(?:e[-+]?\d+)?)$/i;

/**
 * The filter that a line of words means, all of which must hold: `accuracy>=0.92` compares a column with a number, any
 * other word is looked for in the status, the run's name, the origin and the values of choices. Case does not count; a
 * comparison with no column of that name is looked for as a word.
 */
export function filterOf({ columns }: Pick<ReportData, 'columns'>, text: string): Filter {
  const terms = text
    .trim()
    .replace(/\s*(>=|<=|>|<|=)\s*/g, '$1')
    .split(/\s+/)
    .filter((term) => term !== '')
    .map((term) => comparison(columns, term) ?? words(columns, term.toLowerCase()));
  return (run, evaluation) => terms.every((term) => term(run, evaluation));
}

function comparison(columns: ReportData['columns'], term: string): Filter | null {
  const [, name, operator, number] = COMPARISON.exec(term) ?? [];
  if (number === undefined) return null;
  const column = columns.findIndex((c) =>
    [c.name, c.label].some((own) => own.toLowerCase() === name.toLowerCase()),
  );
  const bound = Number(number);
  if (column < 0 || Number.isNaN(bound)) return null;
  return ({ values }, evaluation) => {
    const value = values[column][evaluation];
    if (value === null) return false;
    if (operator === '=') return value === bound;
    if (operator.startsWith('>')) return operator === '>' ? value > bound : value >= bound;
    return operator === '<' ? value < bound : value <= bound;
  };
}

function words(columns: ReportData['columns'], term: string): Filter {
  return (run, evaluation) =>
    [
      STATUS_WORDS[run.status[evaluation]],
      run.name,
      run.origin[evaluation],
      run.errors[evaluation] ?? '',
      ...columns.flatMap((column, c) =>
        column.words ? [valueWords(column, run.values[c][evaluation])] : [],
      ),
    ].some((text) => text.toLowerCase().includes(term));
}
