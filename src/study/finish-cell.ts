import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, RunError, show } from '../errors.js';
import { optimize } from '../optimize.js';
import { resolveOptions } from '../options.js';
import type { Problem } from '../problem.js';
import { readRun } from '../report/read-run.js';
import { type RunRecord, runRecord } from '../report/run-record.js';
import type { Cell } from './study.js';
import type { OpenProblem, StudySetting } from './study-setting.js';

/** What a single cell is told of its study. */
export type CellSetting = Pick<StudySetting, 'versions' | 'signal' | 'onProgress' | 'onNotice'>;

/** Where a cell is kept in the folder of its study. */
export function folderOf(study: string, { problem, configuration, seed }: Cell): string {
  return join(study, pathOf(problem), pathOf(configuration), `seed-${seed}`);
}

/** A name as the name of a folder: everything else than letters, digits, dots, dashes and underscores by its code. */
export function pathOf(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()*~%]/g, (c) => (c === '%' ? '=' : `=${c.charCodeAt(0).toString(16)}`))
    .replace(/^\.+$/, (dots) => `=${dots}`);
}

/** Runs a cell, from its journal where it was interrupted, and keeps its record. Null when it was aborted. */
export async function finishCell(
  cell: Cell,
  folder: string,
  opened: OpenProblem,
  setting: CellSetting,
): Promise<RunRecord | null> {
  const { problem, facts, versions, partsOf, evaluator } = opened;
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`the folder of a study must be writable, got ${show(folder)} (${messageOf(error)})`);
  }
  const run = await optimize(problem, {
    ...(evaluator && { evaluator }),
    ...cell.options,
    journal: { path: join(folder, 'journal.jsonl') },
    signal: setting.signal,
    onNotice: setting.onNotice,
    onProgress: ({ evaluations, budget }) =>
      setting.onProgress?.(cell, { evaluations: evaluations.length, budget }),
  });
  if (run.ended === 'aborted') return null;
  const record = runRecord(run, facts, { ...setting.versions, ...versions }, partsOf);
  const path = join(folder, 'run.json');
  try {
    // Whole or not at all: a run.json says that the cell is finished.
    await writeFile(`${path}.part`, `${JSON.stringify(record, null, 1)}\n`);
    await rename(`${path}.part`, path);
  } catch (error) {
    throw new RunError(`could not write ${path}: ${messageOf(error)}`);
  }
  return record;
}

/** The record of a cell that is finished, else null. Throws an InputError where it is of another study. */
export async function finishedRecord(
  cell: Cell,
  folder: string,
  problem: Problem,
): Promise<RunRecord | null> {
  const path = join(folder, 'run.json');
  if (!(await isThere(path))) return null;
  const { record } = readRun(folder);
  checkSame(path, cell, problem, record);
  return record;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new InputError(`a run record must be readable, got ${show(path)} (${messageOf(error)})`);
  }
}

function checkSame(path: string, cell: Cell, problem: Problem, record: RunRecord): void {
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  const [wanted, done] = [plain(resolveOptions(problem, cell.options)), plain(record.options)];
  const odd = Object.keys(wanted).find((key) => JSON.stringify(wanted[key]) !== JSON.stringify(done[key]));
  if (odd !== undefined)
    throw new InputError(
      `a folder of a study must hold runs of that study, got ${show(path)} with ${odd} ${show(done[odd])} where the study has ${show(wanted[odd])}`,
    );
  const { name, variables, metrics } = plain(problem);
  const said = plain(record.problem);
  for (const [part, value] of Object.entries({ name, variables, metrics }))
    if (JSON.stringify(value) !== JSON.stringify(said[part]))
      throw new InputError(
        `a folder of a study must hold runs of that study, got ${show(path)} with another ${part === 'name' ? 'problem' : `declaration (its ${part})`}`,
      );
}
