import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { InputError, messageOf, show } from '../errors.js';
import { appender } from '../journal/append.js';
import { sealed, unsealed } from '../journal/line.js';
import { acquireLock } from '../journal/lock.js';

/** A list of things to measure, each with the same outcome whenever it is measured. */
export interface Measurements<Result extends object> {
  /** The names of the things, each once. */
  readonly keys: readonly string[];
  measure(key: string, signal?: AbortSignal): Promise<Result>;
  /** What the outcomes depend on: plain data. */
  readonly identity: object;
  readonly signal?: AbortSignal;
  /** Called after every measurement, with how many results there are. */
  onResult?(done: number): void;
}

/**
 * Measures everything that the file at `path` does not hold yet, in order, and returns the results by their keys. The file holds
 * a line a result, each with a checksum and on disk before the next is begun: an interrupted list goes on from it, and a line cut
 * short by the interruption is measured again. Without a path nothing is kept. After an abort the results so far are returned.
 *
 * Throws an InputError where the file is of another identity, no such file, or in use by another process.
 */
export async function keptResults<Result extends object>(
  path: string | null,
  measurements: Measurements<Result>,
): Promise<Map<string, Result>> {
  if (path === null) return measureAll(measurements, new Map(), async () => {});
  const lock = acquireLock(`${path}.lock`);
  try {
    const header = sealed({ results: 'fronteira', ...measurements.identity });
    const { lines, known } = readKept<Result>(path, header);
    writeFileSync(`${path}.part`, [header, ...lines].join(''));
    renameSync(`${path}.part`, path);
    const file = await open(path, 'r+');
    try {
      const { append } = appender(file, (await file.stat()).size, show(path));
      return await measureAll(measurements, known, (key, result) => append(sealed({ key, result })));
    } finally {
      await file.close();
    }
  } finally {
    lock.release();
  }
}

async function measureAll<Result extends object>(
  { keys, measure, signal, onResult }: Measurements<Result>,
  known: ReadonlyMap<string, Result>,
  keep: (key: string, result: Result) => Promise<void>,
): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  for (const key of keys) {
    let result = known.get(key);
    if (result === undefined) {
      if (signal?.aborted) continue;
      try {
        result = await measure(key, signal);
      } catch (error) {
        if (signal?.aborted) continue;
        throw error;
      }
      await keep(key, result);
    }
    results.set(key, result);
    onResult?.(results.size);
  }
  return results;
}

/** The whole lines of results in a file, none where there is no file. */
function readKept<Result>(
  path: string,
  header: string,
): { readonly lines: readonly string[]; readonly known: ReadonlyMap<string, Result> } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { lines: [], known: new Map() };
    throw new InputError(`kept results must be readable, got ${show(path)} (${messageOf(error)})`);
  }
  const [first, ...rest] = text.split('\n');
  if (text !== '' && `${first}\n` !== header) throw notTheSame(path, first, header);
  const lines: string[] = [];
  const known = new Map<string, Result>();
  for (const line of rest) {
    const content = unsealed(line);
    if (typeof content?.['key'] !== 'string') continue;
    lines.push(`${line}\n`);
    known.set(content['key'], content['result'] as Result);
  }
  return { lines, known };
}

function notTheSame(path: string, first: string, header: string): InputError {
  const was = unsealed(first);
  const is = unsealed(header.trimEnd());
  if (was?.['results'] !== 'fronteira' || is === null)
    return new InputError(
      `a file of kept results must be one that an earlier run wrote, got ${show(path)}, which is none`,
    );
  const odd = Object.keys(is).find((key) => JSON.stringify(is[key]) !== JSON.stringify(was[key]));
  return new InputError(
    `kept results must be of the same model and data, got ${show(path)} with ${odd} ${show(was[odd!])}, now ${show(is[odd!])} (give another folder)`,
  );
}
