import { createHash } from 'node:crypto';
import { InputError } from '../../../src/index.js';
import type { Dataset } from './dataset.js';
import { throughSamples } from './through-samples.js';

/** Samples, and what they are for: `calibrate`. */
export interface Purpose {
  readonly data: Dataset;
  readonly purpose: string;
}

/** Samples of a set that are looked at, the first so many: sets that were named twice by mistake have their beginnings in common. */
const LOOKED_AT = 4096;
/** Share of a set that may be among another: collections of pictures do hold some twice. */
const BY_CHANCE = 0.05;

/**
 * Checks that no two of several sets of samples are largely the same, whatever they are named: samples are compared as the network sees them,
 * the first 4,096 of every set. Throws an InputError where more than a twentieth of the smaller of two sets is in the other; the notes
 * name smaller shares, and sets of which more than half repeat others of the same. One pass over the samples, 32 bytes each.
 */
export async function checkDisjoint(sets: readonly Purpose[]): Promise<string[]> {
  if (sets.length < 2) return [];
  const notes: string[] = [];
  const before: { readonly purpose: string; readonly known: ReadonlySet<string> }[] = [];
  for (const { data, purpose } of sets) {
    const hashes = await hashesOf(data);
    for (const other of before) {
      const shared = hashes.filter((hash) => other.known.has(hash)).length;
      const of = Math.min(hashes.length, other.known.size);
      if (shared > BY_CHANCE * of)
        throw new InputError(
          `the images that ${purpose} must be others than those that ${other.purpose}, got ${shared} among both`,
        );
      if (shared > 0)
        notes.push(`${shared} of the images that ${purpose} are among those that ${other.purpose}`);
    }
    const known = new Set(hashes);
    if (2 * known.size < hashes.length)
      notes.push(`of ${hashes.length} images that ${purpose} only ${known.size} differ`);
    before.push({ purpose, known });
  }
  return notes;
}

async function hashesOf(data: Dataset): Promise<string[]> {
  const hashes: string[] = [];
  const sample = data.sampleShape.reduce((product, side) => product * side, 1);
  for await (const values of throughSamples(data, LOOKED_AT))
    for (let at = 0; at < values.length; at += sample)
      hashes.push(
        createHash('sha256')
          .update(new Uint8Array(values.buffer, values.byteOffset + 4 * at, 4 * sample))
          .digest('base64'),
      );
  return hashes;
}
