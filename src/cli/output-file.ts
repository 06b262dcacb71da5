import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { InputError, messageOf, RunError, show } from '../errors.js';

/** Throws an InputError when the path is empty, or names something that is there already, unless `force`. */
export function checkOutputFile(path: string, force: boolean): void {
  if (path.trim() === '') throw new InputError(`the output file must have a name, got ${show(path)}`);
  if (!force && existsSync(path))
    throw new InputError(
      `the output file must be a new one (or give --force), got ${show(path)}, which exists`,
    );
}

/** Writes a file whole or not at all: beside its place first, then into it. Throws a RunError where that fails. */
export function writeWhole(path: string, content: Uint8Array): void {
  const beside = `${path}.unfinished-${process.pid}`;
  try {
    writeFileSync(beside, content);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new RunError(`could not write ${show(path)}: ${messageOf(error)}`);
  }
}
