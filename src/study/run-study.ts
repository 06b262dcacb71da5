import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, RunError, show } from '../errors.js';
import { optimize } from '../optimize.js';
import { type Progress, resolveOptions } from '../options.js';
import type { Problem } from '../problem.js';
import { readRun } from '../report/read-run.js';
import { type RunRecord, runRecord } from '../report/run-record.js';
import { type Cell, cellsOf, nameOf, type Study, type StudyProblem } from './study.js';

/** A problem ready to be run for one seed, with what its record says of it. */
export interface OpenProblem {
  readonly problem: Problem;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Shares by part of a decision vector, where the problem knows them. */
  readonly partsOf?: (x: Float64Array) => Readonly<Record<string, number>> | undefined;
  /** Releases what it holds. */
  close(): Promise<void>;
}

/** Where a study is kept and who is told of it. */
export interface StudySetting {
  /** Where the runs are kept: `PROBLEM/CONFIGURATION/seed-N/`, each with its journal and its `run.json`. */
  readonly folder: string;
  /** Makes a problem of the study ready for a seed. */
  open(problem: StudyProblem, seed: number): Promise<OpenProblem>;
  readonly versions: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Called after every cell. */
  onCell?(cell: Cell, done: number, all: number): void;
  /** Called after every evaluation. */
  onProgress?(cell: Cell, progress: Progress): void;
  /** Told of what was odd and did not end the study. */
  onNotice?(sentence: string): void;
}

/** A finished run of a study. */
export interface FinishedCell extends Cell {
  readonly folder: string;
  readonly record: RunRecord;
}

/**
 * Runs every cell of a study that is not finished, and returns all. A finished cell is known by its `run.json` and not run
 * again; one that was interrupted goes on from its journal. After an abort the cells finished by then are returned.
 *
 * Throws an InputError where a cell in the folder was run with other options or of another declaration.
 */
export async function runStudy(study: Study, setting: StudySetting): Promise<FinishedCell[]> {
  const all = study.problems.length * study.seeds.length * Object.keys(study.configurations).length;
  const finished: FinishedCell[] = [];
  for (const described of study.problems)
    for (const seed of study.seeds) {
      const cells = cellsOf(study, nameOf(described)).filter((cell) => cell.seed === seed);
      const opened = await setting.open(described, seed);
      try {
        for (const cell of cells) {
          if (setting.signal?.aborted) return finished;
          const folder = join(
            setting.folder,
            pathOf(cell.problem),
            pathOf(cell.configuration),
            `seed-${seed}`,
          );
          setting.onCell?.(cell, finished.length, all);
          const record = await finish(cell, folder, opened, setting);
          if (record) finished.push({ ...cell, folder, record });
        }
      } finally {
        await opened.close();
      }
    }
  return finished;
}

/** A name as the name of a folder: everything else than letters, digits, dots, dashes and underscores by its code. */
export function pathOf(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()*~%]/g, (c) => (c === '%' ? '=' : `=${c.charCodeAt(0).toString(16)}`))
    .replace(/^\.+$/, (dots) => `=${dots}`);
}

async function finish(
  cell: Cell,
  folder: string,
  opened: OpenProblem,
  setting: StudySetting,
): Promise<RunRecord | null> {
  const { problem, facts, versions, partsOf } = opened;
  const path = join(folder, 'run.json');
  if (await isThere(path)) {
    const { record } = readRun(folder);
    checkSame(path, cell, problem, record);
    return record;
  }
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`the folder of a study must be writable, got ${show(folder)} (${messageOf(error)})`);
  }
  const run = await optimize(problem, {
    ...cell.options,
    journal: { path: join(folder, 'journal.jsonl') },
    signal: setting.signal,
    onNotice: setting.onNotice,
    onProgress: (progress) => setting.onProgress?.(cell, progress),
  });
  if (run.ended === 'aborted') return null;
  const record = runRecord(run, facts, { ...setting.versions, ...versions }, partsOf);
  try {
    // Whole or not at all: a run.json says that the cell is finished.
    await writeFile(`${path}.part`, `${JSON.stringify(record, null, 1)}\n`);
    await rename(`${path}.part`, path);
  } catch (error) {
    throw new RunError(`could not write ${path}: ${messageOf(error)}`);
  }
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
