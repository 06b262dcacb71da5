import { type Entry, entryOf } from './entry.js';
import type { Declaration, Header } from './header.js';
import { unsealed } from './line.js';

/** What stands in a journal's bytes. */
export interface JournalContent {
  /** Null where the first line is damaged or missing. */
  readonly header: Header | null;
  /** By index. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** The whole lines without their newlines, as bytes from `start` to before `end`. */
  readonly whole: readonly Span[];
  /** Numbers, from 1, of the lines that are not whole; the last line of all, if it is one of them, is torn instead. */
  readonly damaged: readonly number[];
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
  /** Whether the last whole line lacks its newline. */
  readonly open: boolean;
  /** Bytes after the last whole line: what an interruption left of a line. */
  readonly torn: number;
}

/**
 * Reads a journal. A line is whole when its checksum fits (the newline may be missing) and it is an entry of the problem that no
 * line before it holds. An interruption can only leave the last line torn; any other that is not whole is damaged. No error is
 * thrown, whatever the bytes.
 *
 * The problem is that of the first line, or the one given where that line is damaged.
 */
export function readJournal(bytes: Uint8Array, problem: Declaration): JournalContent {
  const lines = linesOf(bytes);
  const entries = new Map<number, Entry>();
  let header: Header | null = null;
  const whole: Span[] = [];
  const damaged: number[] = [];
  lines.forEach((line, l) => {
    const { start, end } = line;
    const content = unsealed(text(bytes.subarray(start, end)));
    if (l === 0 && content?.['journal'] === 'fronteira') header = content as unknown as Header;
    else {
      const { variables, metrics } = (header as Header | null)?.problem ?? problem;
      const entry = content && entryOf(content, Object.keys(variables).length, Object.keys(metrics).length);
      if (!entry || entries.has(entry.index)) {
        if (l < lines.length - 1) damaged.push(l + 1);
        return;
      }
      entries.set(entry.index, entry);
    }
    whole.push(line);
  });
  const end = whole.at(-1)?.end ?? 0;
  const open = whole.length > 0 && end === bytes.length;
  const length = whole.length === 0 || open ? end : end + 1;
  return { header, entries, whole, damaged, length, open, torn: bytes.length - length };
}

/** The header alone, or null where the first line is none. */
export function readHeader(bytes: Uint8Array): Header | null {
  const { start, end } = linesOf(bytes)[0];
  const content = unsealed(text(bytes.subarray(start, end)));
  return content?.['journal'] === 'fronteira' ? (content as unknown as Header) : null;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The lines without their newlines; what follows the last newline is a line unless it is empty. */
function linesOf(bytes: Uint8Array): Span[] {
  const lines: Span[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push({ start, end });
    start = end + 1;
  }
  if (start < bytes.length || lines.length === 0) lines.push({ start, end: bytes.length });
  return lines;
}

const decoder = new TextDecoder();
const text = (bytes: Uint8Array) => decoder.decode(bytes);
