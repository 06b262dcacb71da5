import { figure, timeSpan } from './format.js';
import type { RunRecord } from './run-record.js';

const TOLD_ELSEWHERE = new Set(['baseline', 'layers', 'reported', 'variables']);
const ENDED = {
  budget: 'its budget was spent',
  aborted: 'it was stopped',
  exhausted: 'no vector was left to try',
};

/** What is known of a run beside its figures, as pairs of name and words. */
export function factsOf(name: string, record: RunRecord): [string, string][] {
  const { problem, options, versions, evaluations, ended } = record;
  const failures = evaluations.filter(({ error }) => error !== undefined).length;
  const seconds = evaluations.reduce((sum, evaluation) => sum + (evaluation.seconds || 0), 0);
  return [
    ['run', name],
    ['problem', problem.name],
    ...Object.entries(problem.facts ?? {}).flatMap(([key, value]): [string, string][] =>
      TOLD_ELSEWHERE.has(key) || value === null || (Array.isArray(value) && value.length === 0)
        ? []
        : [[spaced(key), worded(value)]],
    ),
    ['ended', ENDED[ended] ?? String(ended)],
    [
      'evaluations',
      `${evaluations.length} of ${worded(options.budget)}${failures > 0 ? `, ${failures} failed` : ''}`,
    ],
    ['time in evaluations', timeSpan(seconds)],
    ...Object.entries(options).flatMap(([key, value]): [string, string][] =>
      key === 'budget' || value === null || value === undefined ? [] : [[spaced(key), worded(value)]],
    ),
    ...Object.entries(versions ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  ];
}

/** `batchSize` as `batch size`. */
const spaced = (key: string) => key.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

function worded(value: unknown): string {
  if (typeof value === 'number') return figure(value, 6);
  if (Array.isArray(value)) return value.map(worded).join(', ');
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const same = entries.length > 1 && entries.every(([, part]) => part === entries[0][1]);
    return same ? worded(entries[0][1]) : entries.map(([key, part]) => `${key}: ${worded(part)}`).join(', ');
  }
  return String(value);
}
