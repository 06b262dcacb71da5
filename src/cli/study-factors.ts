import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { InputError, show } from '../errors.js';
import { optimize, type Run } from '../optimize.js';
import { packageVersion } from '../package-version.js';
import type { ScatterData } from '../report/charts/scatter-matrix.js';
import { figure } from '../report/format.js';
import { runRecord } from '../report/run-record.js';
import { factorsChart } from '../report/static-charts.js';
import { factorsPage } from '../report/study-page.js';
import { eachForItself, type FactorPoint, factorial, groupOf, rankCorrelations } from '../study/factors.js';
import { readDescription } from '../study/read-study.js';
import type { OpenProblem } from '../study/study-setting.js';
import { numberList, wholeNumber } from './arguments.js';
import { checkFactors, type Described, type FactorFlags, networkFactors } from './factor-description.js';
import { interruptible } from './interruptible.js';
import { machine } from './machine.js';
import { statusLine } from './progress.js';
import { type StudyFlags, writeAll } from './study-output.js';
import { handedOut, openProblem } from './study-problems.js';
import { fittingTable } from './table.js';
import { bold, terminalOf } from './terminal.js';

/** Adds the options of the factor study of a network; a file may describe another. */
export function withFactorOptions(
  command: Command,
  compare: (file: string, flags: StudyFlags) => Promise<void>,
): Command {
  return command
    .option(
      '--factors',
      'the factor study of a network: 90 combinations of what is pruned, how much, and quantization',
    )
    .option('--model <file>', 'with --factors: the .onnx file, or stand-in', 'stand-in')
    .option('--data <spec>', 'with --factors: labelled data as for compress', 'stand-in')
    .option('--limit <n>', 'with --factors: use only the first n images', wholeNumber('--limit', 1))
    .option('--mean <r,g,b>', 'with --factors: mean per channel', numberList('--mean'))
    .option('--std <r,g,b>', 'with --factors: standard deviation per channel', numberList('--std'))
    .option('--seed <n>', 'with --factors: draws the random layers', wholeNumber('--seed', 0, 2 ** 32 - 1), 1)
    .option('--threads <n>', 'with --factors: threads of an inference', wholeNumber('--threads', 1))
    .action(async (file: string | undefined, flags: FactorFlags) => {
      if (flags.factors) {
        if (file !== undefined) throw new InputError(`--factors takes no file, got ${show(file)}`);
        return measure(networkFactors(flags), flags);
      }
      if (file === undefined) throw new InputError('study needs a file, or --factors, got neither');
      const { name, value } = await readDescription(file);
      if (typeof value === 'object' && value !== null && 'factors' in value)
        return measure(checkFactors(value, name, dirname(file)), flags);
      return compare(file, flags);
    });
}

async function measure(described: Described, flags: StudyFlags): Promise<void> {
  const { seed, factors, folder } = described;
  const opened = await openProblem(described.problem, folder, seed, handedOut(flags.workers));
  if (flags.workers !== undefined && !opened.evaluator)
    process.stderr.write(
      `fronteira: ${opened.problem.name} is no module of its own, and is evaluated in this process\n`,
    );
  const stop = interruptible();
  const versions = {
    fronteira: packageVersion(),
    node: process.versions.node,
    ...opened.versions,
    machine: machine(),
  };
  try {
    const vectors = factorial(opened.problem, factors);
    await writeAll(flags.out, {});
    const run = await evaluateAll(opened, vectors, described, flags.out, stop.signal);
    const content = scatterData(described, opened, run, versions);
    const record = runRecord(run, opened.facts, versions, opened.partsOf);
    await writeAll(flags.out, {
      'run.json': `${JSON.stringify(record, null, 1)}\n`,
      'factors.json': `${JSON.stringify(content, null, 1)}\n`,
      'factors.html': factorsPage(content),
      ...(flags.svg && (await factorsChart(content))),
    });
    process.stdout.write(
      flags.json ? `${JSON.stringify(content)}\n` : `${summaryOf(content)}\n\nwritten to ${flags.out}\n`,
    );
  } finally {
    stop.end();
    await opened.close();
  }
}

/** Evaluates exactly these vectors, by the loop that every run goes through: with its journal and its evaluators. */
async function evaluateAll(
  { problem, evaluator }: OpenProblem,
  vectors: readonly Float64Array[],
  { seed }: Described,
  out: string,
  signal: AbortSignal,
): Promise<Run> {
  const line = statusLine(process.stderr);
  try {
    return await optimize(eachForItself(problem), {
      surrogate: false,
      algorithm: 'random',
      budget: vectors.length,
      seeds: vectors,
      seed,
      evaluator,
      journal: { path: join(out, 'journal.jsonl') },
      signal,
      onNotice: (sentence) => process.stderr.write(`fronteira: ${sentence}\n`),
      onProgress: ({ evaluations: { length } }) =>
        line.show(() => `${length}/${vectors.length} combinations`, length === vectors.length),
    });
  } finally {
    line.end();
  }
}

function scatterData(
  { name, factors, seed }: Described,
  { problem, facts }: OpenProblem,
  { evaluations }: Run,
  versions: Readonly<Record<string, string>>,
): ScatterData {
  const points = evaluations.map(
    ({ x, metrics, error }): FactorPoint => ({
      x: [...x],
      metrics: Object.fromEntries(
        error === null ? problem.metricNames.map((metric, i) => [metric, metrics[i]]) : [],
      ),
      group: groupOf(problem, factors, x),
      ...(error !== null && { error }),
    }),
  );
  const measured = points.filter(({ error }) => error === undefined);
  // A metric that never changes goes with nothing.
  const shown = problem.metricNames.filter(
    (metric) => new Set(measured.map(({ metrics }) => metrics[metric])).size > 1,
  );
  const metrics = ['accuracy', 'nonZeroRate', 'size', 'time'].every((metric) => shown.includes(metric))
    ? ['accuracy', 'nonZeroRate', 'size', 'time']
    : shown;
  const marks = Object.keys(factors.marks);
  const order = ['none', ...marks, 'both'];
  const groups = [...new Set(measured.map(({ group }) => group))];
  return {
    name,
    metrics,
    groups: groups.sort((a, b) => order.indexOf(a) - order.indexOf(b)),
    points: measured.map((point) => ({
      group: point.group,
      values: metrics.map((metric) => point.metrics[metric]),
      words: problem.space.names.map((variable, i) => `${variable} ${figure(point.x[i])}`).join(', '),
    })),
    correlations: rankCorrelations(points, metrics).map((row) =>
      row.map((rho) => (Number.isNaN(rho) ? null : rho)),
    ),
    facts: [
      ['combinations', String(points.length)],
      ...factors.factors.map(({ variables, levels }): [string, string] => [
        variables.join(' = '),
        levels.join(', '),
      ]),
      ...Object.entries(factors.fixed).map(([key, value]): [string, string] => [key, String(value)]),
      ...(['model', 'data', 'images'] as const).flatMap((key): [string, string][] =>
        facts[key] === undefined ? [] : [[key, String(facts[key])]],
      ),
      ['seed', String(seed)],
      ...Object.entries(versions),
    ],
    failures: points.length - measured.length,
  };
}

function summaryOf({ points, groups, metrics, correlations, failures }: ScatterData): string {
  const terminal = terminalOf(process.stdout);
  const { lines } = fittingTable(
    [
      ['rank correlation', ...metrics],
      ...metrics.map((metric, i) => [
        metric,
        ...correlations[i].map((rho) => (rho === null ? '–' : rho.toFixed(2))),
      ]),
    ],
    terminal.columns,
  );
  const counts = groups.map((group) => `${points.filter((point) => point.group === group).length} ${group}`);
  return [
    `${points.length} combinations: ${counts.join(', ')}`,
    ...(failures > 0 ? [`${failures} failed (see run.json)`] : []),
    '',
    bold(terminal, lines[0]),
    ...lines.slice(1),
  ].join('\n');
}
