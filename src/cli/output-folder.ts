import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, RunError, show } from '../errors.js';

/** Where a run is written: `run.json` and `front/`. */
export interface OutputFolder {
  readonly path: string;
  /** Writes one file, by its path inside the folder. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/**
 * Makes the folder, before anything is spent on a run that could not be kept. Throws an InputError when the path is no folder
 * or the folder is not empty, unless `force`: then the results of an earlier run (`run.json`, `front/`) are removed and
 * anything else is left.
 */
export async function openOutputFolder(path: string, force: boolean): Promise<OutputFolder> {
  await checkOutputFolder(path, force);
  try {
    await rm(join(path, 'front'), { recursive: true, force: true });
    await rm(join(path, 'run.json'), { force: true });
    await mkdir(join(path, 'front'), { recursive: true });
  } catch (error) {
    throw new InputError(
      `the output folder must be writable, got ${show(path)} (${(error as Error).message})`,
    );
  }
  return {
    path,
    async write(name, content) {
      try {
        await writeFile(join(path, name), content);
      } catch (error) {
        throw new RunError(`could not write ${join(path, name)}: ${(error as Error).message}`);
      }
    },
  };
}

/** Checks what {@link openOutputFolder} would refuse, without making anything. */
export async function checkOutputFolder(path: string, force: boolean): Promise<void> {
  const present = await entriesOf(path);
  if (present.length > 0 && !force)
    throw new InputError(
      `the output folder must be empty (or give --force), got ${show(path)} with ${present.length} entries`,
    );
}

async function entriesOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR')
      throw new InputError(`the output folder must be a folder, got the file ${show(path)}`);
    throw new InputError(
      `the output folder must be readable, got ${show(path)} (${(error as Error).message})`,
    );
  }
}
