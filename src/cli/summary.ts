import type { Run } from '../optimize.js';
import { figure } from '../report/format.js';
import { sparkline } from './sparkline.js';
import { fittingTable } from './table.js';
import { bold, dim, type Terminal } from './terminal.js';
import { counted } from './words.js';

/** What a command adds to the summary of its run. */
export interface SummaryContext {
  readonly notes: readonly string[];
  /** The metrics of what the search started from. */
  readonly baseline: Readonly<Record<string, number>> | null;
  /** The folder written. */
  readonly out: string;
  /** The command that goes on with a run that was stopped. */
  readonly resume: string;
  /** Of the first column, which names a solution by the position of its evaluation. */
  readonly head: string;
  nameOf(evaluation: number): string;
  /** Whether the values of the variables are shown, behind the metrics. */
  readonly variables?: boolean;
  /** What the solutions did on images that the search has not seen, where there are such. */
  readonly report?: {
    readonly data: string;
    readonly images: number;
    readonly figures: Readonly<Record<number, { readonly accuracy: number; readonly baseline: number }>>;
  } | null;
}

/** Solutions shown; of a longer front the ends and as many between. */
const MOST = 20;

/** What a finished run found, in lines that fit the terminal. */
export function summary(run: Run, context: SummaryContext, terminal: Terminal): string {
  const { evaluations, front, hypervolume, options, ended } = run;
  const failures = evaluations.filter(({ error }) => error !== null).length;
  const found = front.length > 0;
  const line = sparkline(hypervolume.history, Math.min(40, terminal.columns - 36));
  return [
    ...context.notes.map((note) => `note: ${note}`),
    ended === 'aborted'
      ? `stopped after ${evaluations.length} of ${budgetWords(options.budget)}`
      : counted(evaluations.length, 'evaluation'),
    ...(failures > 0 ? [`${failures} of them failed (see run.json)`] : []),
    ...(ended === 'aborted' ? [`to go on: ${context.resume}`] : []),
    found
      ? `${counted(front.length, 'solution')} on the front, hypervolume ${figure(hypervolume.value, 5)}`
      : 'no feasible solution was found; the closest:',
    ...(found && line.length > 1 ? [dim(terminal, `${line}  hypervolume by evaluation`)] : []),
    '',
    solutions(run, context, terminal),
    ...(context.report
      ? [`report: accuracy on ${context.report.images} images of ${context.report.data}`]
      : []),
    '',
    `written to ${context.out}`,
  ].join('\n');
}

const budgetWords = (budget: unknown) =>
  typeof budget === 'number' ? `${budget} evaluations` : `a budget of ${JSON.stringify(budget)}`;

function solutions({ problem, front, closest }: Run, context: SummaryContext, terminal: Terminal): string {
  const [first] = problem.objectives;
  const sorted = [...(front.length > 0 ? front : closest)].sort(
    (a, b) => first.sign * (a.metrics[first.name] - b.metrics[first.name]),
  );
  const shown = spreadOver(sorted, MOST);
  const objectives = problem.objectives.map(({ name }) => name);
  const names = [...objectives, ...problem.metricNames.filter((name) => !objectives.includes(name))];
  const reported = context.report?.figures;
  const [unseen] = Object.values(reported ?? {});
  const variables = context.variables ? Object.keys(problem.variables) : [];
  const row = (
    head: string,
    metrics: Readonly<Record<string, number>>,
    values: Readonly<Record<string, unknown>>,
    report?: number,
  ) => [
    head,
    ...(unseen ? [figure(report!)] : []),
    ...names.map((name) => figure(metrics[name])),
    ...variables.map((name) => valueWords(values[name])),
  ];
  const table = fittingTable(
    [
      [context.head, ...(unseen ? ['report'] : []), ...names, ...variables],
      ...(context.baseline ? [row('(uncompressed)', context.baseline, {}, unseen?.baseline)] : []),
      ...shown.map(({ evaluation, metrics, variables: values }) =>
        row(context.nameOf(evaluation), metrics, values, reported?.[evaluation]?.accuracy),
      ),
    ],
    terminal.columns,
  );
  const [head, ...rest] = table.lines;
  return [
    bold(terminal, head),
    ...rest,
    ...(table.left > 0 ? [`${counted(table.left, 'more column')} in run.json`] : []),
    ...(shown.length < sorted.length
      ? [`${sorted.length - shown.length} more on the front: see report.html`]
      : []),
  ].join('\n');
}

const valueWords = (value: unknown) => (typeof value === 'number' ? figure(value) : String(value));

/** At most `most` of a list, evenly spread, its ends among them. */
function spreadOver<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}
