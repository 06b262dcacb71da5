import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, messageOf, show } from '../errors.js';

/**
 * What a file describes: JSON, or the default export of a module (of TypeScript where Node strips types, from 22.18 on).
 * Throws an InputError that names the file.
 */
export async function readDescription(
  path: string,
): Promise<{ readonly name: string; readonly value: unknown }> {
  const extension = extname(path);
  const name = basename(path, extension);
  if (['.js', '.mjs', '.ts', '.mts'].includes(extension)) return { name, value: await defaultOf(path) };
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`the file of a study must be readable, got ${show(path)} (${messageOf(error)})`);
  }
  try {
    return { name, value: JSON.parse(text) };
  } catch (error) {
    throw new InputError(
      `the file of a study must be JSON or a module, got ${show(path)} (${messageOf(error)})`,
    );
  }
}

async function defaultOf(path: string): Promise<unknown> {
  try {
    const { default: exported } = await import(pathToFileURL(resolve(path)).href);
    if (exported !== undefined) return exported;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? 'this Node does not run TypeScript: use Node 22.18 or later, JavaScript or JSON'
        : messageOf(error).split('\n')[0];
    throw new InputError(`the module of a study must be loadable, got ${show(path)} (${why})`);
  }
  throw new InputError(`the module of a study must export it by default, got none from ${show(path)}`);
}
