import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError, show } from '../../../src/index.js';
import { embedExternalData, readDataFrom } from './external.js';
import { checkFinite } from './finite.js';
import { inlined } from './inlined.js';
import type { Model } from './model.js';
import { readModel } from './read.js';
import { LARGEST_FILE } from './write.js';

/**
 * The model in a file, complete: data files beside it are read into it, and its functions stand where they are called (see `inlined`). Throws an InputError when the file is missing, no
 * file, empty, past 2 GB, or no ONNX model, when a data file is missing, too short or outside the model's folder, and when a
 * weight is NaN or infinite (see `checkFinite`).
 */
export function loadModel(path: string): Model {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new InputError(`the model must be an existing file, got ${show(path)}`);
  if (!stat.isFile()) throw new InputError(`the model must be a file, got ${show(path)}, which is none`);
  if (stat.size > LARGEST_FILE)
    throw new InputError(
      `an ONNX file must hold at most ${LARGEST_FILE} bytes, got ${stat.size} in ${show(path)}`,
    );
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(
      `the model must be readable, got ${show(path)} (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  const model = embedExternalData(readModel(bytes, path), path, readDataFrom(dirname(path)));
  checkFinite(model);
  return inlined(model);
}
