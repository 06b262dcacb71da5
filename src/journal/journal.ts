import { constants, readFileSync } from 'node:fs';
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, messageOf, show } from '../errors.js';
import { appender } from './append.js';
import { contentOf, type Entry } from './entry.js';
import { differences, FORMAT, type Header } from './header.js';
import { sealed } from './line.js';
import { acquireLock, type Lock } from './lock.js';
import { type JournalContent, readHeader, readJournal } from './read.js';

/** The durable log of one run: what was paid for is on disk before the search learns of it. */
export interface Journal {
  /** What an earlier process kept of the evaluation with this index. */
  entry(index: number): Entry | undefined;
  /** Resolves when the entry is on disk. Rejects with a RunError where it cannot be written. */
  append(entry: Entry): Promise<void>;
  /** Lets others have the journal. */
  close(): Promise<void>;
}

export interface JournalSetting {
  /** Goes on without the lines that are damaged: their evaluations are paid for again. */
  readonly salvage: boolean;
  /** Begins anew whatever the journal holds; of another's file nothing is lost. */
  readonly fresh: boolean;
  /** Told, in a sentence each, of what was found odd and mended. */
  readonly notice: (sentence: string) => void;
}

/**
 * Opens the journal of a run, or begins one where there is none. Holds the lock file `PATH.lock` until it is closed.
 *
 * What an interruption left of a last line is dropped with a notice. Throws an InputError where the path cannot be written, the
 * file is no journal, another process holds it, it belongs to another problem, other options or other inputs (the
 * differences are named), or a line in its middle is damaged (by its number) and `salvage` is false. Salvaging keeps the
 * file as it was as `PATH.damaged`.
 */
export async function openJournal(path: string, header: Header, setting: JournalSetting): Promise<Journal> {
  const lock = await writable(path, async () => acquireLock(`${path}.lock`));
  try {
    return await openLocked(path, header, setting, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The header of a journal. Throws an InputError where there is none. */
export function journalHeader(path: string): Header {
  const bytes = bytesOf(path);
  if (bytes === null) throw new InputError(`a run is resumed from its journal, got none at ${show(path)}`);
  const header = readHeader(bytes);
  if (header === null) throw noJournal(path, bytes);
  return header;
}

async function openLocked(
  path: string,
  header: Header,
  setting: JournalSetting,
  lock: Lock,
): Promise<Journal> {
  let bytes = bytesOf(path) ?? new Uint8Array(0);
  let content = readJournal(bytes, header.problem);
  if (setting.fresh) {
    checkOurs(path, bytes, content);
    bytes = new Uint8Array(0);
    content = readJournal(bytes, header.problem);
  } else check(path, bytes, content, header, setting);
  const file = await writable(path, () => begin(path, bytes, content, header, setting));
  const { append } = appender(file.handle, file.length, show(path));
  return {
    entry: (index) => content.entries.get(index),
    append: (entry) => append(sealed(contentOf(entry))),
    async close() {
      await file.handle.close();
      lock.release();
    },
  };
}

function check(
  path: string,
  bytes: Uint8Array,
  content: JournalContent,
  header: Header,
  { salvage, notice }: JournalSetting,
): void {
  const { header: found, damaged } = content;
  checkOurs(path, bytes, content);
  if (found !== null && found.format !== FORMAT)
    throw new InputError(
      `the journal must be of format ${FORMAT}, got format ${found.format}, written by fronteira ${found.versions['fronteira']}`,
    );
  if (found !== null) checkIdentity(found, header);
  if (damaged.length > 0 && !salvage)
    throw new InputError(
      `every line of a journal must fit its checksum, got ${show(path)} with line ${damaged.join(', ')} damaged (salvage goes on without and pays for those evaluations again)`,
    );
  for (const change of differences(found?.versions ?? header.versions, header.versions, 'the version of'))
    notice(`${change.replace('of.', 'of ')} (the journal ${show(path)} was begun by another version)`);
}

function checkOurs(path: string, bytes: Uint8Array, { header, entries }: JournalContent): void {
  if (header === null && entries.size === 0 && !isTornHeader(bytes)) throw noJournal(path, bytes);
}

function checkIdentity(was: Header, is: Header): void {
  const identity = ({ problem, options, inputs }: Header) => ({ problem, options, inputs });
  const apart = differences(identity(was), identity(is));
  if (apart.length > 0)
    throw new InputError(
      `a journal must be resumed with its own problem and options, got ${apart.join('; ')}`,
    );
}

/** The file with its whole lines and a header, ready for more. */
async function begin(
  path: string,
  bytes: Uint8Array,
  content: JournalContent,
  header: Header,
  { notice }: JournalSetting,
): Promise<{ readonly handle: FileHandle; readonly length: number }> {
  const { header: found, whole, damaged, length, open: unended, torn } = content;
  if (damaged.length > 0) {
    notice(
      `line ${damaged.join(', ')} of ${show(path)} is damaged and left out (${show(`${path}.damaged`)} keeps it)`,
    );
    const lines = whole.map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString());
    await replace(path, `${found === null ? sealed(header) : ''}${lines.join('\n')}\n`);
  } else if (torn > 0)
    notice(`the last line of ${show(path)} was cut short by an interruption and is left out`);
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
  try {
    if (damaged.length > 0) return { handle, length: (await handle.stat()).size };
    const more = found === null ? sealed(header) : unended ? '\n' : '';
    await handle.truncate(length);
    if (more !== '') await handle.write(more, length);
    await handle.sync();
    await syncFolder(dirname(path));
    return { handle, length: length + Buffer.byteLength(more) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Puts a new file in the place of a damaged one, which is kept beside it. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.salvaged`, text, { flush: true });
  await rename(path, `${path}.damaged`);
  await rename(`${path}.salvaged`, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable, where the system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

function bytesOf(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unwritable(path, error);
  }
}

async function writable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InputError ? error : unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): InputError {
  return new InputError(
    `the journal must be a file that can be written, got ${show(path)} (${messageOf(error)})`,
  );
}

const FIRST_BYTES = '{"journal":"fronteira"';

/** Nothing, or what an interruption left of a first line: no text of another's is taken for a journal. */
function isTornHeader(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, FIRST_BYTES.length)).toString();
  return FIRST_BYTES.startsWith(text);
}

function noJournal(path: string, bytes: Uint8Array): InputError {
  const text = Buffer.from(bytes.subarray(0, 40)).toString();
  return new InputError(
    `a journal must begin with the line that names its run, got ${show(path)} beginning with ${show(text)}`,
  );
}
