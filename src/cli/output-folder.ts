import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, messageOf, RunError, show } from '../errors.js';
import { counted } from './words.js';

/**
 * Where a run is written. Its journal stands there from the start; the results gather in a hidden folder inside and take their
 * places together when they are whole, so that nobody meets half a result, and an earlier result stays until it is replaced.
 */
export interface OutputFolder {
  readonly path: string;
  /** Path of the journal, by which the run can be resumed. */
  readonly journal: string;
  /** Writes one file, by its path inside the folder: `run.json`, `front/...` or `closest/...`. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Puts the files in place of those of an earlier run; anything else in the folder is left. */
  publish(): Promise<void>;
  /** Removes what was not published, and the folder where this run made it and it is empty. Synchronous: a signal may call it. */
  discard(): void;
}

export const JOURNAL = 'journal.jsonl';

/** What a run writes beside its journal; the `closest` networks where none is feasible. */
const RESULTS = ['front', 'closest', 'run.json', 'report.html'];

/** What the caller may do with a folder that is not empty: nothing, replace the run in it, or go on with that run. */
export type Purpose = 'new' | 'replace' | 'resume';

/**
 * Throws an InputError when the path names no folder; for a new run, one that is not empty; for one to be resumed, one
 * without a journal.
 */
export async function checkOutputFolder(path: string, purpose: Purpose): Promise<void> {
  if (path.trim() === '') throw new InputError(`the output folder must have a name, got ${show(path)}`);
  const present = await entriesOf(path);
  if (purpose === 'resume' && !present.includes(JOURNAL))
    throw new InputError(`a folder to resume must hold a ${JOURNAL}, got none in ${show(path)}`);
  if (purpose === 'new' && present.length > 0)
    throw new InputError(
      `the output folder must be empty (or give --force${present.includes(JOURNAL) ? ', or --resume for the run in it' : ''}), got ${show(path)} with ${counted(present.length, 'entry', 'entries')}`,
    );
}

/** Makes the folder, before anything is spent on a run that could not be kept. Throws as {@link checkOutputFolder}. */
export async function openOutputFolder(path: string, purpose: Purpose): Promise<OutputFolder> {
  await checkOutputFolder(path, purpose);
  const staging = join(path, '.unfinished');
  let made: string | undefined;
  let staged = false;
  try {
    made = await mkdir(path, { recursive: true });
  } catch (error) {
    throw new InputError(`the output folder must be writable, got ${show(path)} (${messageOf(error)})`);
  }
  /** Makes the hidden folder; one that a killed process left goes. */
  const stage = async () => {
    if (staged) return;
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    staged = true;
  };
  return {
    path,
    journal: join(path, JOURNAL),
    write: (name, content) =>
      orRunError(`could not write ${join(path, name)}`, async () => {
        await stage();
        await mkdir(dirname(join(staging, name)), { recursive: true });
        await writeFile(join(staging, name), content);
      }),
    publish: () =>
      orRunError(`could not put the results in ${path}`, async () => {
        for (const name of RESULTS) {
          await rm(join(path, name), { recursive: true, force: true });
          if (existsSync(join(staging, name))) await rename(join(staging, name), join(path, name));
        }
        await rmdir(staging);
        staged = false;
      }),
    discard() {
      if (staged) rmSync(staging, { recursive: true, force: true });
      // The folder is removed only where this run made it, and not when something stands in it by now.
      if (made !== undefined && existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
    },
  };
}

async function orRunError(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new RunError(`${what}: ${messageOf(error)}`);
  }
}

async function entriesOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR')
      throw new InputError(`the output folder must be a folder, got the file ${show(path)}`);
    throw new InputError(`the output folder must be readable, got ${show(path)} (${messageOf(error)})`);
  }
}
