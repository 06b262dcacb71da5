import { InputError, show } from '../errors.js';
import { hypervolume } from '../indicators/hypervolume.js';
import type { ModelRecord } from '../surrogates/model-record.js';
import { factsOf } from './facts.js';
import type { NamedRun } from './read-run.js';
import type { EvaluationRecord, RunRecord } from './run-record.js';

/** What is to be said of an evaluation at a glance. `closest`: of smallest violation where nothing is feasible. */
export type Status = 'front' | 'feasible' | 'closest' | 'infeasible' | 'failed';

/** One quantity of every evaluation: its number in the run, a metric or a variable. */
export interface Column {
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly group: 'order' | 'metric' | 'variable';
  readonly role: 'minimize' | 'maximize' | 'record' | null;
  /** The names of the values of a variable that has few; its number is the position in the list, counted from `lowest`. */
  readonly words: readonly string[] | null;
  readonly lowest: number;
}

/** A bound on a metric that a solution must keep. */
export interface BoundLine {
  readonly name: string;
  readonly column: number;
  readonly value: number;
}

export interface RunView {
  readonly name: string;
  readonly seed: number;
  /** By column, then by evaluation; null where the evaluation failed. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly status: readonly Status[];
  readonly origin: readonly EvaluationRecord['origin'][];
  readonly round: readonly number[];
  /** By evaluation, only of those that failed. */
  readonly errors: Readonly<Record<number, string>>;
  /** The hypervolume after each evaluation; the reference point is the same for all runs of a report. */
  readonly history: readonly number[];
  readonly models: readonly ModelRecord[];
  readonly files: Readonly<Record<number, string>>;
  /** Shares by part (of a network: what is left of a layer) and evaluation, where the run recorded them. */
  readonly parts: {
    readonly names: readonly string[];
    readonly shares: readonly (readonly number[])[];
  } | null;
  readonly facts: readonly (readonly [string, string])[];
}

/** The content of a report: plain data, as JSON keeps it. All runs are of one problem. */
export interface ReportData {
  readonly problem: string;
  /** First the number of the evaluation, then the metrics, then the variables. */
  readonly columns: readonly Column[];
  /** Columns of the metrics that are optimised. */
  readonly objectives: readonly number[];
  readonly bounds: readonly BoundLine[];
  /** The same metrics of what the problem starts from (the uncompressed network), by column. */
  readonly baseline: readonly (number | null)[] | null;
  readonly referencePoint: Readonly<Record<string, number>>;
  readonly runs: readonly RunView[];
}

/**
 * The runs of one problem as the columns that a report shows. Hypervolumes that were taken to different reference
 * points are taken again to one: the worst of them in every objective.
 *
 * Throws an InputError for no run, and for runs of different problems.
 */
export function reportData(runs: readonly NamedRun[]): ReportData {
  if (runs.length === 0) throw new InputError('a report needs at least one run, got none');
  const [{ record: first }] = runs;
  const odd = runs.find(({ record }) => signature(record) !== signature(first));
  if (odd)
    throw new InputError(
      `the runs of one report must be of one problem, got ${show(first.problem.name)} in ${show(runs[0].name)} and ${
        odd.record.problem.name === first.problem.name
          ? 'another declaration of it'
          : show(odd.record.problem.name)
      } in ${show(odd.name)}`,
    );
  const columns = columnsOf(first);
  const objectives = columns.flatMap(({ role }, c) =>
    role === 'minimize' || role === 'maximize' ? [c] : [],
  );
  const referencePoint = commonReference(runs.map(({ record }) => record));
  const baseline = first.problem.facts?.['baseline'] as Record<string, number> | undefined;
  const names = distinctNames(runs);
  return {
    problem: first.problem.name,
    columns,
    objectives,
    bounds: boundsOf(first, columns),
    baseline: baseline
      ? columns.map(({ name, group }) => (group === 'metric' ? finite(baseline[name]) : null))
      : null,
    referencePoint,
    runs: runs.map((run, r) => runView(run, names[r], columns, referencePoint)),
  };
}

function signature({ problem: { name, variables, metrics, constraints } }: RunRecord): string {
  const roles = Object.entries(metrics).map(([metric, { role }]) => [metric, role]);
  return JSON.stringify([name, variables, roles, constraints]);
}

/** Names as given, those that come twice with the number of the run. */
function distinctNames(runs: readonly NamedRun[]): string[] {
  return runs.map(({ name }, r) =>
    runs.some((other, q) => q !== r && other.name === name) ? `${name} (${r + 1})` : name,
  );
}

const LARGEST_LIST = 12;

function columnsOf({ problem: { variables, metrics, facts } }: RunRecord): Column[] {
  const said = (facts?.['variables'] ?? {}) as Record<string, { label?: string; values?: string[] }>;
  const order: Column = {
    name: 'evaluation',
    label: 'evaluation',
    group: 'order',
    role: null,
    words: null,
    lowest: 0,
  };
  const measured = Object.entries(metrics).map(
    ([name, { role }]): Column => ({ name, label: name, group: 'metric', role, words: null, lowest: 0 }),
  );
  const chosen = Object.entries(variables).map(([name, variable]): Column => {
    const words = said[name]?.values ?? (variable.kind === 'choice' ? variable.values.map(wordOf) : null);
    const few = variable.kind !== 'real' && words !== null && words.length <= LARGEST_LIST;
    return {
      name,
      label: said[name]?.label ?? name,
      group: 'variable',
      role: null,
      words: few ? words : null,
      lowest: variable.kind === 'integer' ? variable.lower : 0,
    };
  });
  return [order, ...measured, ...chosen];
}

const wordOf = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));

/** Constraints are named `METRIC >= BOUND` or `METRIC <= BOUND` where they bound a metric. */
function boundsOf({ problem }: RunRecord, columns: readonly Column[]): BoundLine[] {
  return problem.constraints.flatMap((name) => {
    const parts = /^(.*) [<>]= (\S+)$/s.exec(name);
    const column = columns.findIndex((c) => c.group === 'metric' && c.name === parts?.[1]);
    const value = Number(parts?.[2]);
    return parts && column >= 0 && Number.isFinite(value) ? [{ name, column, value }] : [];
  });
}

function runView(
  { name, record, files }: NamedRun,
  shown: string,
  columns: readonly Column[],
  referencePoint: Readonly<Record<string, number>>,
): RunView {
  const { evaluations, front, closest, options, models } = record;
  const onFront = new Set(front);
  const nearest = new Set(closest ?? []);
  const first = columns.findIndex(({ group }) => group === 'variable');
  return {
    name: shown,
    seed: options.seed,
    values: columns.map((column, c) =>
      evaluations.map(({ x, metrics }, i) =>
        column.group === 'order'
          ? i
          : column.group === 'metric'
            ? finite(metrics[column.name])
            : x[c - first],
      ),
    ),
    status: evaluations.map(({ error, feasible }, i) =>
      error !== undefined
        ? 'failed'
        : onFront.has(i)
          ? 'front'
          : feasible
            ? 'feasible'
            : nearest.has(i)
              ? 'closest'
              : 'infeasible',
    ),
    origin: evaluations.map(({ origin }) => origin),
    round: evaluations.map(({ round }) => round),
    errors: Object.fromEntries(
      evaluations.flatMap(({ error }, i) => (error === undefined ? [] : [[i, error]])),
    ),
    history: historyOf(record, referencePoint),
    models,
    files,
    parts: partsOf(evaluations),
    facts: factsOf(name, record),
  };
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function partsOf(evaluations: readonly EvaluationRecord[]): RunView['parts'] {
  const names = Object.keys(evaluations.find(({ parts }) => parts !== undefined)?.parts ?? {});
  if (names.length === 0) return null;
  return { names, shares: evaluations.map(({ parts }) => (parts ? names.map((part) => parts[part]) : [])) };
}

const objectivesOf = ({ problem: { metrics } }: RunRecord) =>
  Object.entries(metrics).flatMap(([name, { role }]) =>
    role === 'record' ? [] : [{ name, sign: role === 'minimize' ? 1 : -1 }],
  );

/** The worst of the recorded reference points in every objective. */
export function commonReference(records: readonly RunRecord[]): Record<string, number> {
  return Object.fromEntries(
    objectivesOf(records[0]).map(({ name, sign }) => [
      name,
      sign * Math.max(...records.map(({ hypervolume: { referencePoint } }) => sign * referencePoint[name])),
    ]),
  );
}

/** The recorded history, or one taken anew where the record has another reference point. */
export function historyOf(
  record: RunRecord,
  referencePoint: Readonly<Record<string, number>>,
): readonly number[] {
  const objectives = objectivesOf(record);
  const own = record.hypervolume;
  if (objectives.every(({ name }) => own.referencePoint[name] === referencePoint[name])) return own.history;
  const reference = Float64Array.from(objectives, ({ name, sign }) => sign * referencePoint[name]);
  let front: number[][] = [];
  let value = 0;
  return record.evaluations.map(({ feasible, metrics }) => {
    const f = objectives.map(({ name, sign }) => sign * metrics[name]);
    const covers = (a: readonly number[], b: readonly number[]) => a.every((part, j) => part <= b[j]);
    if (feasible && !front.some((point) => covers(point, f))) {
      front = [...front.filter((point) => !covers(f, point)), f];
      value = hypervolume(Float64Array.from(front.flat()), front.length, reference);
    }
    return value;
  });
}
