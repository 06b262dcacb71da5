import { checkFunction } from '../checks.js';
import { InputError, show } from '../errors.js';
import type { Evaluator } from './evaluator.js';
import { inProcess } from './in-process.js';

/** How evaluations are run and kept: nothing here changes what the search asks for. */
export interface ExecutionOptions {
  /** Where evaluations run: `inProcess()`, the default, or `workers({ module, count })`. */
  readonly evaluator?: Evaluator;
  /** Milliseconds that one attempt at an evaluation may take. Default: no limit. */
  readonly timeout?: number;
  /** Further attempts where one failed. Default 0 in this process, 1 in workers, which may be lost for no fault of the candidate. */
  readonly retries?: number;
  /** `skip`: a failed evaluation is kept as such and the run goes on. `throw`: it ends the run with a RunError. Default `skip`. */
  readonly onFailure?: 'throw' | 'skip';
  /**
   * A file that keeps every evaluation before the search learns of it. Where it exists, the run is resumed from it: its
   * evaluations are not paid for again, and the result is that of a run that was never interrupted, bit for bit.
   */
  readonly journal?: string | JournalOptions;
  /** Ends the run within one evaluation; `optimize` then returns what was found. */
  readonly signal?: AbortSignal;
  /** Told, a sentence each, of what was odd and did not end the run: the same as `run.notices`, as it happens. */
  readonly onNotice?: (sentence: string) => void;
}

/** A journal and how it is opened. */
export interface JournalOptions {
  readonly path: string;
  /** Goes on without damaged lines in the middle of the journal; their evaluations are paid for again. Default false. */
  readonly salvage?: boolean;
  /** Begins anew where the journal exists, and loses what is in it. Default false. */
  readonly fresh?: boolean;
  /** What the problem depends on beside its declaration, such as hashes of its data: a resumed run must have the same. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Kept in the first line for whoever reads it; not compared. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

/** The options with their defaults. */
export interface Execution {
  readonly evaluator: Evaluator;
  readonly timeout: number | null;
  readonly retries: number | null;
  readonly onFailure: 'throw' | 'skip';
  readonly journal: Required<JournalOptions> | null;
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
}

export const EXECUTION_OPTIONS = [
  'evaluator',
  'timeout',
  'retries',
  'onFailure',
  'journal',
  'signal',
  'onNotice',
] as const satisfies (keyof ExecutionOptions)[];

/** The longest that a timer can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Fills in the defaults. Throws an InputError for an option outside its law. */
export function resolveExecution(options: ExecutionOptions): Execution {
  const {
    evaluator = inProcess(),
    timeout,
    retries,
    onFailure = 'skip',
    journal,
    signal,
    onNotice,
  } = options;
  if (typeof (evaluator as Partial<Evaluator> | null)?.open !== 'function')
    throw new InputError(`the evaluator must be inProcess() or workers(), got ${show(evaluator)}`);
  if (timeout !== undefined && !(timeout > 0 && timeout <= LONGEST_TIMEOUT))
    throw new InputError(
      `the timeout must be a number of milliseconds above 0 and at most ${LONGEST_TIMEOUT}, got ${show(timeout)}`,
    );
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0 && retries <= 100))
    throw new InputError(`the retries must be a whole number from 0 to 100, got ${show(retries)}`);
  if (onFailure !== 'skip' && onFailure !== 'throw')
    throw new InputError(`onFailure must be one of throw, skip, got ${show(onFailure)}`);
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function')
    throw new InputError(`the signal must be an AbortSignal, got ${show(signal)}`);
  checkFunction('onNotice', onNotice);
  return {
    evaluator,
    timeout: timeout ?? null,
    retries: retries ?? null,
    onFailure,
    journal: journal === undefined ? null : resolveJournal(journal),
    signal: signal ?? new AbortController().signal,
    onNotice: onNotice ?? (() => {}),
  };
}

function resolveJournal(journal: string | JournalOptions): Required<JournalOptions> {
  const {
    path,
    salvage = false,
    fresh = false,
    inputs = {},
    notes = {},
  } = typeof journal === 'string' ? { path: journal } : journal;
  if (typeof path !== 'string' || path === '')
    throw new InputError(`the journal must be the path of a file, got ${show(path)}`);
  return { path, salvage, fresh, inputs, notes };
}
