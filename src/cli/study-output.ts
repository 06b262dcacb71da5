import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf, show } from '../errors.js';

/** What every form of `fronteira study` is told. */
export interface StudyFlags {
  readonly out: string;
  readonly svg?: boolean;
  readonly json?: boolean;
  readonly workers?: number;
}

/** Throws an InputError where charts are to be written and there is no folder for them. */
export function checkSvgFolder({ svg, out }: { readonly svg?: boolean; readonly out?: string }): void {
  if (svg && out === undefined)
    throw new InputError('--svg must be given with the folder to write to, --out, got none');
}

/** Makes a folder and writes files into it. Throws an InputError that names the one that cannot be written. */
export async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  let path = folder;
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      path = join(folder, name);
      await writeFile(path, text);
    }
  } catch (error) {
    throw new InputError(
      `the output must be written to a folder that can be, got ${show(path)} (${messageOf(error)})`,
    );
  }
}
