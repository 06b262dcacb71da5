import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { InputError, messageOf, show } from '../../errors.js';
import { PREFIX } from './connect.js';

/** Files that evaluations need, by name: of each the SHA-256 of its content, hexadecimal. */
export type FileHashes = Readonly<Record<string, string>>;

/** A Redis string holds no more. */
const LARGEST_FILE = 512 * 2 ** 20;
/** Seconds that a file stays on the server after the last run that needs it began. */
const KEPT = 7 * 24 * 3600;

const keyOf = (hash: string) => `${PREFIX}file:${hash}`;

/**
 * Puts files on the server by the hash of their content, each once however many runs and jobs need it. Throws an InputError for a
 * file that cannot be read or is past 512 MiB.
 */
export async function sendFiles(redis: Redis, files: Readonly<Record<string, string>>): Promise<FileHashes> {
  const hashes: Record<string, string> = {};
  for (const [name, path] of Object.entries(files)) {
    const bytes = read(name, path);
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
    const key = keyOf(hashes[name]);
    if ((await redis.exists(key)) === 1) await redis.expire(key, KEPT);
    else await redis.set(key, bytes, 'EX', KEPT);
  }
  return hashes;
}

/** Paths of the files on this machine, fetched into the folder where it lacks them; null when the server has lost one. */
export async function fetchFiles(
  redis: Redis,
  hashes: FileHashes,
  folder: string,
): Promise<Record<string, string> | null> {
  const paths: Record<string, string> = {};
  for (const [name, hash] of Object.entries(hashes)) {
    const path = join(folder, hash);
    paths[name] = path;
    if (existsSync(path)) continue;
    const bytes = await redis.getBuffer(keyOf(hash));
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== hash) return null;
    await mkdir(folder, { recursive: true });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, bytes);
    await rename(draft, path);
  }
  return paths;
}

function read(name: string, path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(`the file ${name} must be readable, got ${show(path)} (${messageOf(error)})`);
  }
  if (bytes.length > LARGEST_FILE)
    throw new InputError(
      `the file ${name} must hold at most 512 MiB, got ${bytes.length} bytes in ${show(path)}`,
    );
  return bytes;
}
