import { dirname } from 'node:path';
import { Command } from 'commander';
import { InputError, show } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { shortened } from '../report/charts/axes.js';
import { figure } from '../report/format.js';
import { studyCharts } from '../report/static-charts.js';
import { studyPage } from '../report/study-page.js';
import { readDescription } from '../study/read-study.js';
import { runStudy } from '../study/run-study.js';
import { type Cell, checkStudy, type Study } from '../study/study.js';
import { type ProblemResult, studyResult } from '../study/study-result.js';
import type { FinishedCell } from '../study/study-setting.js';
import { verdict } from '../study/verdict.js';
import { wholeNumber } from './arguments.js';
import { interruptible } from './interruptible.js';
import { machine } from './machine.js';
import { statusLine } from './progress.js';
import { withFactorOptions } from './study-factors.js';
import { type StudyFlags, writeAll } from './study-output.js';
import { handedOut, openProblem } from './study-problems.js';
import { fittingTable } from './table.js';
import { bold, type Terminal, terminalOf } from './terminal.js';
import { counted } from './words.js';

/** What the processes of `--workers` load. */
const IN_WORKER = new URL('./study-in-worker.js', import.meta.url);

/** `fronteira study`: problems x configurations x seeds, or a full factorial of a problem's variables. */
export function studyCommand(): Command {
  const command = new Command('study')
    .description(
      'compare configurations on problems over seeds, or measure a full factorial; goes on where it was stopped',
    )
    .argument('[file]', 'the study: JSON, or a module that exports it by default')
    .requiredOption('--out <dir>', 'folder of the runs and of study.html; the same folder again goes on')
    .option('--svg', 'write the charts as static SVG files too')
    .option('--json', 'print the result as JSON instead of tables')
    .option(
      '--workers <n>',
      'runs at once, each in a process; where a problem measures times, evaluations at once and runs one after the other',
      wholeNumber('--workers', 1, 256),
    );
  return withFactorOptions(command, study);
}

async function study(file: string, flags: StudyFlags): Promise<void> {
  const { name, value } = await readDescription(file);
  const described = checkStudy(value, name);
  const stop = interruptible();
  const versions = { fronteira: packageVersion(), node: process.versions.node, machine: machine() };
  try {
    const cells = await run(described, file, flags, versions, stop.signal);
    if (cells.length === 0)
      throw new InputError(`the study ${show(described.name)} was stopped before a run was over`);
    const result = studyResult(cells);
    const content = { name: described.name, problems: result, facts: factsOf(described, cells, versions) };
    await writeAll(flags.out, {
      'study.json': `${JSON.stringify(content, null, 1)}\n`,
      'study.html': studyPage(content),
      ...(flags.svg && (await studyCharts(result))),
    });
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(content)}\n`
        : `${tables(result, terminalOf(process.stdout), stop.signal.aborted)}\nwritten to ${flags.out}\n`,
    );
  } finally {
    stop.end();
  }
}

async function run(
  described: Study,
  file: string,
  { out, workers: count }: StudyFlags,
  versions: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FinishedCell[]> {
  const line = statusLine(process.stderr);
  let over = '';
  try {
    return await runStudy(described, {
      folder: out,
      open: (problem, seed) => openProblem(problem, dirname(file), seed, handedOut(count)),
      ...(count !== undefined && { workers: { module: IN_WORKER, options: { file, count }, count } }),
      versions,
      signal,
      onCell(cell, done, all) {
        over = `${done} of ${all} runs done`;
        line.show(() => `${over} · ${nameOfCell(cell)}`);
      },
      onProgress: (cell, { evaluations, budget }) =>
        line.show(
          () =>
            `${over} · ${nameOfCell(cell)} · ${evaluations}${typeof budget === 'number' ? `/${budget}` : ''} evaluations`,
        ),
      onNotice: (sentence) => process.stderr.write(`fronteira: ${sentence}\n`),
    });
  } finally {
    line.end();
  }
}

const nameOfCell = ({ problem, configuration, seed }: Cell) => `${problem} · ${configuration} · seed ${seed}`;

function factsOf(
  { configurations, options, seeds }: Study,
  cells: readonly FinishedCell[],
  versions: Readonly<Record<string, string>>,
): [string, string][] {
  const words = (value: object) =>
    Object.entries(value)
      .map(([key, part]) => `${key} ${typeof part === 'object' ? JSON.stringify(part) : part}`)
      .join(', ') || 'the defaults';
  return [
    ['runs', String(cells.length)],
    ['seeds', seeds.join(', ')],
    ['options of all', words(options)],
    ...Object.entries(configurations).map(([name, own]): [string, string] => [name, words(own)]),
    ...Object.entries(versions),
  ];
}

/** Mean, deviation, quartiles and wins by configuration, and the differences that are significant. */
function tables(problems: readonly ProblemResult[], terminal: Terminal, stopped: boolean): string {
  const blocks = problems.map((result) => {
    const { problem, configurations, comparisons } = result;
    const [head, ...rows] = fittingTable(
      [
        ['configuration', 'mean', 'deviation', 'lower', 'median', 'upper', 'wins'],
        ...configurations.map(({ configuration, mean, deviation, quartiles, wins }) => [
          shortened(configuration, 26),
          ...[mean, deviation, ...quartiles.slice(1, 4)].map((value) => figure(value)),
          String(wins),
        ]),
      ],
      terminal.columns,
    ).lines;
    const sure = comparisons.filter(({ p }) => p < 0.05);
    return [
      bold(terminal, `${problem}: hypervolume of ${counted(configurations[0].values.length, 'run')} each`),
      head,
      ...rows,
      ...sure
        .slice(0, 10)
        .map(({ better, worse, p }) => `${better} is better than ${worse} (p ${figure(p, 2)})`),
      verdict(result),
      '',
    ].join('\n');
  });
  return [...(stopped ? ['stopped: the same command goes on\n'] : []), ...blocks].join('\n');
}
