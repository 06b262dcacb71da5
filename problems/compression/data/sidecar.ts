import { readFile } from 'node:fs/promises';
import { format, parse } from 'node:path';
import { InputError, show } from '../../../src/index.js';

/** What a model's author says of it in the file beside it. */
export interface Sidecar {
  /** Per-channel normalisation of the pixels, `(byte / 255 - mean) / std`. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Names of the classes in the order of the network's outputs. */
  readonly labels?: readonly string[];
}

/**
 * Reads `NAME.json` beside `NAME.onnx`: `{ "mean": [...], "std": [...], "labels": [...] }`, each of them optional,
 * other keys passed over. Empty where there is no such file. Throws an InputError when the file is unreadable or
 * malformed, when mean or std is no list of finite numbers (std above 0), when their lengths differ, and when labels
 * are no list of strings.
 */
export async function readSidecar(modelPath: string): Promise<Sidecar> {
  const { dir, name, root } = parse(modelPath);
  const path = format({ dir, name, root, ext: '.json' });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new InputError(`the file beside the model must be readable, got ${show(path)} (${code})`);
  }
  const value = parsed(text, path);
  const mean = numbers(value['mean'], 'mean', path);
  const std = numbers(value['std'], 'std', path);
  const labels = strings(value['labels'], path);
  const unusable = std?.find((entry) => entry <= 0);
  if (unusable !== undefined)
    throw new InputError(`every std in ${show(path)} must be above 0, got ${unusable}`);
  if (mean && std && mean.length !== std.length)
    throw new InputError(
      `mean and std in ${show(path)} must be equally long, got ${mean.length} and ${std.length}`,
    );
  return { ...(mean && { mean }), ...(std && { std }), ...(labels && { labels }) };
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    // Some editors begin UTF-8 with a byte order mark, which is no JSON.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new InputError(`${show(path)} must be JSON, got ${show(text.trim().slice(0, 40))}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${show(path)} must hold one JSON object, got ${show(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

function numbers(value: unknown, key: string, path: string): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0 || !value.every((entry) => Number.isFinite(entry)))
    throw new InputError(`${key} in ${show(path)} must be a list of finite numbers, got ${show(value)}`);
  return value;
}

function strings(value: unknown, path: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string'))
    throw new InputError(`labels in ${show(path)} must be a list of strings, got ${show(value)}`);
  return value;
}
