import { pathToFileURL } from 'node:url';
import { InputError, messageOf, show } from '../errors.js';
import { declarationOf, differences } from '../journal/header.js';
import { plainText } from '../journal/line.js';
import { packageVersion } from '../package-version.js';
import type { Problem } from '../problem.js';

/** What a module's factory is handed beside its options. */
export interface WorkerContext {
  /** Threads that one evaluation may use, so that all workers together have one a core. */
  readonly threads: number;
  /** Paths of the files that the run sent, by name; empty for workers on its own machine. */
  readonly files: Readonly<Record<string, string>>;
}

/** A problem's declaration and the version that compiled it: what two processes of one run must agree on. */
export interface Agreement {
  readonly declaration: string;
  readonly version: string;
}

export function agreementOf(problem: Problem): Agreement {
  return { declaration: plainText(declarationOf(problem)), version: packageVersion() };
}

/** Why a worker may not evaluate for a run, in a sentence, or null. */
export function disagreement(run: Agreement, worker: Agreement): string | null {
  if (run.version !== worker.version)
    return `a worker must be of the version of its run, got fronteira ${worker.version} in the worker and ${run.version} in the run`;
  const apart = differences(JSON.parse(run.declaration), JSON.parse(worker.declaration));
  return apart.length === 0
    ? null
    : `a worker must evaluate the problem of its run, got another (run, then worker): ${apart.join('; ')}`;
}

/** A module as the address that `import` takes: a path is meant from the working folder. */
export function moduleAddress(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return /^(file|data):/.test(module) ? module : pathToFileURL(module).href;
}

/**
 * The problem that a module exports as its default: a problem itself, an object with a `problem`, or a function of
 * `(options, context)` that returns either, at once or as a promise. Throws an InputError where the module cannot be
 * loaded or exports none.
 */
export async function loadProblem(
  address: string,
  options: unknown,
  context: WorkerContext,
): Promise<Problem> {
  let exported: unknown;
  try {
    exported = (await import(address)).default;
    if (typeof exported === 'function') exported = await exported(options, context);
  } catch (error) {
    throw new InputError(
      `a module of workers must give a problem, got from ${show(address)}: ${messageOf(error).split('\n')[0]}`,
    );
  }
  const holder = exported as { readonly problem?: unknown } | null | undefined;
  const problem = isProblem(exported) ? exported : holder?.problem;
  if (isProblem(problem)) return problem;
  throw new InputError(
    `a module of workers must export a problem by default, or a function that makes one, got ${show(exported)} from ${show(address)}`,
  );
}

function isProblem(value: unknown): value is Problem {
  const parts = value as Partial<Problem> | null | undefined;
  return typeof parts?.space === 'object' && typeof parts.evaluation === 'object';
}
