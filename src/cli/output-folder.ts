import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, RunError, show } from '../errors.js';
import { counted } from './words.js';

/**
 * Where a run is written. Files gather in a hidden folder inside and take their places together when the run is whole, so that
 * nobody meets half a result, and an earlier result stays until it is replaced.
 */
export interface OutputFolder {
  readonly path: string;
  /** Writes one file, by its path inside the folder: `run.json` or `front/...`. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Puts the files in place of those of an earlier run; anything else in the folder is left. */
  publish(): Promise<void>;
  /** Removes what was not published, and the folder where this run made it and it is empty. Synchronous: a signal may call it. */
  discard(): void;
}

/** What a run writes. */
const RESULTS = ['front', 'run.json'];

/** Throws an InputError when the path names no folder, or one that is not empty, unless `force`. */
export async function checkOutputFolder(path: string, force: boolean): Promise<void> {
  if (path.trim() === '') throw new InputError(`the output folder must have a name, got ${show(path)}`);
  const present = await entriesOf(path);
  if (present.length > 0 && !force)
    throw new InputError(
      `the output folder must be empty (or give --force), got ${show(path)} with ${counted(present.length, 'entry', 'entries')}`,
    );
}

/** Makes the folder, before anything is spent on a run that could not be kept. Throws as {@link checkOutputFolder}. */
export async function openOutputFolder(path: string, force: boolean): Promise<OutputFolder> {
  await checkOutputFolder(path, force);
  let made: string | undefined;
  let staging: string;
  try {
    made = await mkdir(path, { recursive: true });
    staging = await mkdtemp(join(path, '.unfinished-'));
    await mkdir(join(staging, 'front'));
  } catch (error) {
    throw new InputError(`the output folder must be writable, got ${show(path)} (${messageOf(error)})`);
  }
  return {
    path,
    write: (name, content) =>
      orRunError(`could not write ${join(path, name)}`, () => writeFile(join(staging, name), content)),
    publish: () =>
      orRunError(`could not put the results in ${path}`, async () => {
        for (const name of RESULTS) {
          await rm(join(path, name), { recursive: true, force: true });
          await rename(join(staging, name), join(path, name));
        }
        await rmdir(staging);
      }),
    discard() {
      if (!existsSync(staging)) return;
      rmSync(staging, { recursive: true, force: true });
      // The folder is removed only where this run made it, and not when something stands in it by now.
      if (made !== undefined && readdirSync(path).length === 0) rmdirSync(path);
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
