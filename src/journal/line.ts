import { createHash } from 'node:crypto';

/**
 * One line of a journal: a JSON object whose last member, `sum`, is the checksum of the text before it, the first 16 hexadecimal
 * digits of its SHA-256. Numbers that JSON cannot hold (NaN, the infinities, -0) are strings, so every double comes back
 * bit for bit. Ends in a newline.
 */
export function sealed(content: object): string {
  const text = plainText(content).slice(0, -1);
  return `${text},"sum":"${sumOf(text)}"}\n`;
}

/** The content of a line (without its newline), or null where the checksum does not fit. */
export function unsealed(line: string): Record<string, unknown> | null {
  const at = line.lastIndexOf(',"sum":"');
  if (at < 0) return null;
  const text = line.slice(0, at);
  return line.slice(at) === `,"sum":"${sumOf(text)}"}` ? JSON.parse(`${text}}`) : null;
}

/**
 * Anything as JSON text: typed arrays as arrays, functions by their name, doubles that JSON lacks as strings. Throws a
 * TypeError for an object that contains itself.
 */
export function plainText(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === 'number') return textOfNumber(part);
    if (typeof part === 'function') return `function ${part.name}`;
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part === 'symbol') return String(part);
    return ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>) : part;
  });
}

/** Doubles as {@link sealed} wrote them, or null where the value is no list of them. */
export function doublesOf(value: unknown): Float64Array | null {
  if (!Array.isArray(value)) return null;
  const doubles = new Float64Array(value.length);
  for (const [i, part] of value.entries()) {
    if (typeof part !== 'number' && !ODD.has(part)) return null;
    doubles[i] = Number(part);
  }
  return doubles;
}

const ODD: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0']);

function textOfNumber(value: number): number | string {
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
