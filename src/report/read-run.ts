import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError, messageOf, show } from '../errors.js';
import type { RunRecord } from './run-record.js';

/** A run with the name it goes by in a report. */
export interface NamedRun {
  /** For people: the name of its folder. */
  readonly name: string;
  readonly record: RunRecord;
  /** What can be taken of a solution, a path from the report, by its position in `evaluations`. */
  readonly files: Readonly<Record<number, string>>;
}

/**
 * The run in a folder that a search wrote: its `run.json`, and the files in `front/` and `closest/` that are named by an
 * evaluation (`027.onnx`). `base` is put before their paths: where the folder lies as seen from the report.
 *
 * Throws an InputError that names the file when the folder holds no `run.json`, or one that is no run record.
 */
export function readRun(folder: string, base = ''): NamedRun {
  const path = join(folder, 'run.json');
  return { name: basename(resolve(folder)), record: readRecord(folder, path), files: filesOf(folder, base) };
}

function readRecord(folder: string, path: string): RunRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new InputError(`a run record must be readable, got ${show(path)} (${messageOf(error)})`);
    throw new InputError(
      `the folder of a run must hold a run.json, got ${show(folder)} (${contentOf(folder)})`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new InputError(`a run.json must be JSON, got ${show(path)} (${messageOf(error)})`);
  }
  const fault = faultOf(content);
  if (fault)
    throw new InputError(`a run.json must be a run record of fronteira, got ${show(path)} (${fault})`);
  return content as RunRecord;
}

function contentOf(folder: string): string {
  try {
    return readdirSync(folder).length === 0 ? 'an empty folder' : 'other files only';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such folder' : 'not a folder';
  }
}

function filesOf(folder: string, base: string): Record<number, string> {
  const files = ['front', 'closest'].flatMap((place) =>
    namesIn(join(folder, place)).flatMap((name): [number, string][] => {
      const position = /^(\d+)\.(?!json$)\w+$/.exec(name);
      return position ? [[Number(position[1]), `${base}${place}/${name}`]] : [];
    }),
  );
  return Object.fromEntries(files);
}

/** None where there is no such folder: a run may make no files. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why a value is no run record, in words, or null. */
function faultOf(content: unknown): string | null {
  if (!isObject(content)) return 'it is no object';
  const { problem, options, evaluations, front, hypervolume, models } = content;
  if (!isObject(problem) || typeof problem['name'] !== 'string') return 'it names no problem';
  if (!isObject(problem['variables'])) return 'its problem has no variables';
  if (!isObject(problem['metrics'])) return 'its problem has no metrics';
  if (!isObject(options)) return 'it has no options';
  if (!Array.isArray(evaluations)) return 'it has no evaluations';
  if (!isObject(hypervolume) || !Array.isArray(hypervolume['history'])) return 'it has no hypervolume';
  if (!Array.isArray(models)) return 'it has no models';
  const width = Object.keys(problem['variables']).length;
  const bad = evaluations.findIndex(
    (evaluation) =>
      !isObject(evaluation) ||
      !Array.isArray(evaluation['x']) ||
      evaluation['x'].length !== width ||
      !isObject(evaluation['metrics']),
  );
  if (bad >= 0) return `its evaluation ${bad} has no ${width} variables and metrics`;
  const inside = (i: unknown) =>
    Number.isInteger(i) && (i as number) >= 0 && (i as number) < evaluations.length;
  if (!Array.isArray(front) || !front.every(inside))
    return 'its front points at evaluations that are not there';
  return null;
}
