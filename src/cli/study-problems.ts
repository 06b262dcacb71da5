import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, messageOf, show } from '../errors.js';
import { threadsEach, type WorkersOptions, workers } from '../evaluation/workers.js';
import type { Problem } from '../problem.js';
import type { StudyProblem } from '../study/study.js';
import type { OpenProblem } from '../study/study-setting.js';
import { loadCatalogue } from './catalogue.js';
import { type CompressionOptions, loadCompression, WORKER_MODULE } from './compression.js';

/** The processes of `--workers`: how many there are, and whether this one hands its evaluations to them or is one of them. */
export interface Processes {
  readonly count: number;
  readonly evaluations: 'handed out' | 'here';
}

/** Evaluations handed out to the `--workers`, where there are such. */
export const handedOut = (count: number | undefined): Processes | undefined =>
  count === undefined ? undefined : { count, evaluations: 'handed out' };

/**
 * Opens a problem of a study for a seed. Paths are meant from `folder`, where the study's file stands. A network takes its share of the
 * cores among `processes`. What comes with the package, or is an object already, is evaluated here in any case. Throws an
 * InputError for an unknown name (the known ones are listed), and for a module that gives no problem.
 */
export async function openProblem(
  described: StudyProblem,
  folder: string,
  seed: number,
  processes?: Processes,
): Promise<OpenProblem> {
  if (typeof described === 'string') return plain(await builtIn(described));
  if (isProblem(described)) return plain(described);
  if ('compression' in described) return openNetwork(described.compression, folder, seed, processes);
  if ('module' in described) {
    const { options } = described;
    const module = resolve(folder, described.module);
    const opened = plain(await fromModule(module, options, described.module));
    return { ...opened, ...evaluatorIn(processes, { module, options }) };
  }
  throw new InputError(`a problem of a study must have a module or a compression, got ${show(described)}`);
}

const plain = (problem: Problem): OpenProblem => ({
  problem,
  facts: {},
  versions: {},
  close: async () => {},
});

async function builtIn(name: string): Promise<Problem> {
  const problems = await loadCatalogue();
  const found = problems.find((entry) => entry.name === name);
  if (!found)
    throw new InputError(
      `a problem must be one of ${problems.map((entry) => entry.name).join(', ')}, or a module, got ${show(name)}`,
    );
  return found.create();
}

async function fromModule(path: string, options: unknown, module: string): Promise<Problem> {
  let exported: unknown;
  try {
    exported = (await import(pathToFileURL(path).href)).default;
    if (typeof exported === 'function') exported = await exported(options);
  } catch (error) {
    throw new InputError(
      `the module of a problem must be loadable, got ${show(module)} (${messageOf(error).split('\n')[0]})`,
    );
  }
  if (isProblem(exported)) return exported;
  const { problem } = (exported ?? {}) as { readonly problem?: unknown };
  if (isProblem(problem)) return problem;
  throw new InputError(
    `the module of a problem must export one by default, or a function that makes one, got ${show(exported)} from ${show(module)}`,
  );
}

async function openNetwork(
  options: Readonly<Record<string, unknown>>,
  folder: string,
  seed: number,
  processes: Processes | undefined,
): Promise<OpenProblem> {
  const { openCompression } = await loadCompression();
  const within = (path: unknown) =>
    typeof path === 'string' && path !== 'stand-in' ? resolve(folder, path) : path;
  const specWithin = (spec: unknown) => {
    const data = /^(cifar10|images|module):(.*)$/s.exec(String(spec));
    return data ? `${data[1]}:${data[2].split(',').map(within).join(',')}` : spec;
  };
  const network = {
    // A time is a time on the threads of one process.
    ...(processes && { threads: threadsEach(processes.count) }),
    ...options,
    model: within(options['model']),
    data: specWithin(options['data']),
    ...('calibration' in options && { calibration: specWithin(options['calibration']) }),
    seed,
  } as CompressionOptions;
  const compression = await openCompression(network);
  return {
    problem: compression.problem,
    facts: compression.facts,
    versions: compression.versions,
    partsOf: (x) => compression.layerRates(x),
    ...evaluatorIn(processes, { module: WORKER_MODULE, options: network, threads: network.threads }),
    close: () => compression.close(),
  };
}

/** The evaluator of evaluations that are handed out. */
const evaluatorIn = (processes: Processes | undefined, module: Omit<WorkersOptions, 'count'>) =>
  processes?.evaluations === 'handed out' && {
    evaluator: workers({ ...module, count: processes.count }),
  };

function isProblem(value: unknown): value is Problem {
  const parts = value as Partial<Problem> | null | undefined;
  return typeof parts?.space === 'object' && typeof parts.evaluation === 'object';
}
