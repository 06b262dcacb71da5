import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, messageOf, RunError, show } from '../errors.js';

/**
 * Throws an InputError, before anything is spent on what could not be kept, when the path is empty or its folder cannot be
 * written to, and when it names something that is there already: a file, unless `force`; anything else, such as a folder or a
 * device, in any case.
 */
export function checkOutputFile(path: string, force: boolean): void {
  if (path.trim() === '') throw new InputError(`the output file must have a name, got ${show(path)}`);
  try {
    if (!statSync(dirname(path)).isDirectory()) throw new Error('not a folder');
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new InputError(
      `the output file must lie in a folder that can be written to, got ${show(path)} (${messageOf(error)})`,
    );
  }
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !force)
    throw new InputError(
      `the output file must be a new one (or give --force), got ${show(path)}, which exists`,
    );
  if (there && !there.isFile())
    throw new InputError(`only a file can be replaced, got ${show(path)}, which is none`);
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
