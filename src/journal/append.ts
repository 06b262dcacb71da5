import { messageOf, RunError } from '../errors.js';

/** The part of a file handle that appending needs. */
export interface WritableFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
}

/** Appends lines, each on disk before the promise of it is kept. */
export interface Appender {
  append(line: string): Promise<void>;
}

/**
 * Appends to a file of so many bytes. Lines are written one after the other however many are asked for at once. Where a line cannot
 * be written whole (no space is left, say), the file is cut back to the last whole line, and this and every further append
 * rejects with a RunError.
 */
export function appender(file: WritableFile, start: number, name: string): Appender {
  let length = start;
  let last: Promise<void> = Promise.resolve();
  let broken: RunError | undefined;

  const write = async (bytes: Uint8Array) => {
    if (broken) throw broken;
    try {
      for (let written = 0; written < bytes.length; ) {
        const part = await file.write(bytes, written, bytes.length - written, length + written);
        written += part.bytesWritten;
      }
      await file.datasync();
      length += bytes.length;
    } catch (error) {
      broken = new RunError(
        `the journal could not be written: ${messageOf(error)} (${name} holds every evaluation before, and the run can be resumed from it)`,
        { cause: error },
      );
      await file.truncate(length).catch(() => {}); // a torn last line does no harm either
      throw broken;
    }
  };

  return {
    append(line) {
      const bytes = new TextEncoder().encode(line);
      last = last.catch(() => {}).then(() => write(bytes));
      return last;
    },
  };
}
