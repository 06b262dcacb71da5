import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError, show } from '../errors.js';
import { journalHeader } from '../journal/journal.js';
import { JOURNAL } from './output-folder.js';

/** What the first line of a journal keeps of a command line. */
export interface CommandNotes {
  readonly command: string;
  /** The options as they were parsed. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Where paths were meant from. */
  readonly folder: string;
}

/** Options that say how this process goes about it, and nothing of the run. */
const OWN = new Set(['json', 'force', 'resume', 'salvage', 'out', 'workers', 'timeout', 'retries']);

/** To be kept in the journal of a run. */
export function commandNotes(command: string, flags: object): CommandNotes {
  const kept = Object.entries(flags).filter(([name]) => !OWN.has(name));
  return { command, flags: Object.fromEntries(kept), folder: process.cwd() };
}

/**
 * The parser of `--resume DIR`: fills in every option that the journal in the folder knows and the command line does not give,
 * and goes to the folder from which the run's paths were meant. Returns the folder's absolute path.
 */
export const resumeFrom =
  (command: Command) =>
  (folder: string): string => {
    const path = resolve(folder);
    if (folder.trim() === '' || !existsSync(join(path, JOURNAL)))
      throw new InputError(`a folder to resume must hold a ${JOURNAL}, got none in ${show(folder)}`);
    const { notes } = journalHeader(join(path, JOURNAL));
    const { command: name, flags, folder: from } = notes as Partial<CommandNotes>;
    if (name !== command.name() || typeof flags !== 'object')
      throw new InputError(
        `a run is resumed by the command that began it, got ${show(folder)}, begun by ${show(name)}`,
      );
    for (const [option, value] of Object.entries({ ...flags, out: path }))
      if (command.getOptionValueSource(option) !== 'cli')
        command.setOptionValueWithSource(option, value, 'journal');
    if (typeof from === 'string' && existsSync(from)) process.chdir(from);
    return path;
  };
