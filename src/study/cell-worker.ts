import { InputError, messageOf, show } from '../errors.js';
import { finishCell } from './finish-cell.js';
import { cellsOf, nameOf } from './study.js';
import type { CellProgress, OpenProblem, StudyInWorker } from './study-setting.js';

/** The side of a child process that runs cells of a study: it loads the study once, and keeps a problem open while it is asked for. */

export interface RunRequest {
  readonly kind: 'run';
  readonly module: string;
  readonly options: unknown;
  readonly versions: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly problem: string;
  readonly configuration: string;
  readonly seed: number;
}

export type Request = RunRequest | { readonly kind: 'stop' };
export type Reply =
  | { readonly kind: 'progress'; readonly progress: CellProgress }
  | { readonly kind: 'notice'; readonly sentence: string }
  | { readonly kind: 'finished' | 'stopped' }
  /** `input`: what was given is at fault. */
  | { readonly kind: 'failed'; readonly input: boolean; readonly message: string };

const stop = new AbortController();
let loaded: StudyInWorker | undefined;
let open: { readonly problem: string; readonly seed: number; readonly opened: OpenProblem } | undefined;

async function run(request: RunRequest): Promise<Reply> {
  loaded ??= await load(request.module, request.options);
  const { problem, configuration, seed, folder, versions } = request;
  const described = loaded.study.problems.find((one) => nameOf(one) === problem);
  const cell = cellsOf(loaded.study, problem).find(
    (one) => one.configuration === configuration && one.seed === seed,
  );
  if (!described || !cell)
    throw new InputError(
      `a worker must run the study of its command, got one without ${show(`${problem}, ${configuration}, seed ${seed}`)}`,
    );
  if (open?.problem !== problem || open.seed !== seed) {
    await open?.opened.close();
    open = undefined;
    open = { problem, seed, opened: await loaded.open(described, seed) };
  }
  const record = await finishCell(cell, folder, open.opened, {
    versions,
    signal: stop.signal,
    onProgress: (_, progress) => reply({ kind: 'progress', progress }),
    onNotice: (sentence) => reply({ kind: 'notice', sentence }),
  });
  return { kind: record ? 'finished' : 'stopped' };
}

async function load(module: string, options: unknown): Promise<StudyInWorker> {
  let exported: unknown;
  try {
    exported = (await import(module)).default;
    if (typeof exported === 'function') exported = await exported(options);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `the module of a study's workers must be loadable, got ${show(module)} (${messageOf(error).split('\n')[0]})`,
    );
  }
  const parts = exported as Partial<StudyInWorker> | null | undefined;
  if (typeof parts?.study === 'object' && typeof parts.open === 'function') return parts as StudyInWorker;
  throw new InputError(
    `the module of a study's workers must give { study, open } by default, got ${show(exported)} from ${show(module)}`,
  );
}

function reply(message: Reply): void {
  if (process.connected) process.send!(message);
}

process.on('message', async (request: Request) => {
  if (request.kind === 'stop') return stop.abort();
  try {
    reply(await run(request));
  } catch (error) {
    reply({ kind: 'failed', input: error instanceof InputError, message: messageOf(error) });
  }
});
// Ctrl-C goes to every process of a terminal: the study decides, and lets what is running end.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
// Nobody is left to answer: the study is over, or its process has ended.
process.on('disconnect', () => process.exit());
