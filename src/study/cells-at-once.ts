import { availableParallelism } from 'node:os';
import { InputError, show } from '../errors.js';
import { hasTimedMetrics } from '../evaluation/measure.js';
import { resolveOptions } from '../options.js';
import type { RunRecord } from '../report/run-record.js';
import { type CellProcess, cellProcess } from './cell-process.js';
import { finishedRecord, folderOf } from './finish-cell.js';
import { type Cell, cellsOf, nameOf, type Study } from './study.js';
import type { CellWorkers, OpenProblem, StudySetting } from './study-setting.js';

const MOST_WORKERS = 256;

/**
 * Runs the unfinished cells of a study in child processes, `count` at once, and returns the records of all that are finished by
 * their folders. Cells rather than evaluations are handed out, because most of a short run is its search, which is one process's
 * work, and a process that goes from cell to cell is started and opens its problem once. Nothing in a cell depends on the
 * others: the results are those of a study without workers, bit for bit.
 *
 * Cells that a clock decides are left: those whose problem has metrics declared `timed`, and those with a budget of time. Others
 * at work beside them would be in their figures.
 *
 * After an abort every process ends with the evaluation that is running. Where a cell fails so do the others end, and its
 * error is thrown: a RunError where its process was lost.
 */
export async function cellsAtOnce(
  study: Study,
  setting: StudySetting,
  { module, options, count = availableParallelism() }: CellWorkers,
): Promise<Map<string, RunRecord>> {
  if (!Number.isInteger(count) || count < 1 || count > MOST_WORKERS)
    throw new InputError(
      `the number of workers must be a whole number from 1 to ${MOST_WORKERS}, got ${show(count)}`,
    );
  const { kept, waiting } = await sorted(study, setting);
  const all = study.problems.length * study.seeds.length * Object.keys(study.configurations).length;
  const failures: unknown[] = [];
  const processes: CellProcess[] = [];
  const stop = () => {
    for (const running of processes) running.stop();
  };
  const work = async () => {
    const child = cellProcess({ module, options, versions: setting.versions });
    processes.push(child);
    try {
      while (waiting.length > 0 && failures.length === 0 && !setting.signal?.aborted) {
        const cell = waiting.shift()!;
        const folder = folderOf(setting.folder, cell);
        setting.onCell?.(cell, kept.size, all);
        const record = await child.run(cell, folder, setting);
        if (record) kept.set(folder, record);
      }
    } catch (error) {
      failures.push(error);
      stop();
    } finally {
      await child.end();
    }
  };
  setting.signal?.addEventListener('abort', stop);
  try {
    await Promise.all(Array.from({ length: Math.min(count, waiting.length) }, work));
  } finally {
    setting.signal?.removeEventListener('abort', stop);
  }
  if (failures.length > 0) throw failures[0];
  return kept;
}

/** The cells that are finished, and those that can run beside each other, in the order of the study. */
async function sorted(
  study: Study,
  setting: StudySetting,
): Promise<{ readonly kept: Map<string, RunRecord>; readonly waiting: Cell[] }> {
  const kept = new Map<string, RunRecord>();
  const waiting: Cell[] = [];
  for (const described of study.problems)
    for (const seed of study.seeds) {
      if (setting.signal?.aborted) return { kept, waiting };
      const opened = await setting.open(described, seed);
      try {
        if (hasTimedMetrics(opened.problem)) break; // and so it is for every seed
        await sortCells(
          cellsOf(study, nameOf(described)).filter((cell) => cell.seed === seed),
          opened,
        );
      } finally {
        await opened.close();
      }
    }
  return { kept, waiting };

  async function sortCells(cells: readonly Cell[], { problem }: OpenProblem): Promise<void> {
    for (const cell of cells) {
      const folder = folderOf(setting.folder, cell);
      const record = await finishedRecord(cell, folder, problem);
      if (record) kept.set(folder, record);
      else if (typeof resolveOptions(problem, cell.options).budget === 'number') waiting.push(cell);
    }
  }
}
