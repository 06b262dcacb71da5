import type { Evaluator } from '../evaluation/evaluator.js';
import type { Budget } from '../options.js';
import type { Problem } from '../problem.js';
import type { RunRecord } from '../report/run-record.js';
import type { Cell, Study, StudyProblem } from './study.js';

/** A problem ready to be run for one seed, with what its record says of it. */
export interface OpenProblem {
  readonly problem: Problem;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Shares by part of a decision vector, where the problem knows them. */
  readonly partsOf?: (x: Float64Array) => Readonly<Record<string, number>> | undefined;
  /** Evaluates its runs where their options name no other. Default: in this process. */
  readonly evaluator?: Evaluator;
  /** Releases what it holds. */
  close(): Promise<void>;
}

/** Where a study is kept and who is told of it. */
export interface StudySetting {
  /** Where the runs are kept: `PROBLEM/CONFIGURATION/seed-N/`, each with its journal and its `run.json`. */
  readonly folder: string;
  /** Makes a problem of the study ready for a seed. */
  open(problem: StudyProblem, seed: number): Promise<OpenProblem>;
  readonly versions: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Runs several cells at once in child processes: see {@link CellWorkers}. Default: one after the other in this process. */
  readonly workers?: CellWorkers;
  /** Called when a cell is begun, with how many are over. */
  onCell?(cell: Cell, done: number, all: number): void;
  /** Called after every evaluation. */
  onProgress?(cell: Cell, progress: CellProgress): void;
  /** Told of what was odd and did not end the study. */
  onNotice?(sentence: string): void;
}

/** How far a cell is. */
export interface CellProgress {
  /** Evaluations made. */
  readonly evaluations: number;
  readonly budget: Budget;
}

/** A finished run of a study. */
export interface FinishedCell extends Cell {
  readonly folder: string;
  readonly record: RunRecord;
}

/** Child processes that run cells, and what each of them loads. Cells that a clock decides are left to the study's own process. */
export interface CellWorkers {
  /**
   * A path or a file URL. Its default export is what a study is run with, or a function of `options` that returns it, at once or
   * as a promise: the same study as here, and how its problems are opened.
   */
  readonly module: string | URL;
  /** Handed to that function: anything that can be cloned. */
  readonly options?: unknown;
  /** Cells at once. Default: one a core. */
  readonly count?: number;
}

/** What such a module gives. */
export interface StudyInWorker {
  readonly study: Study;
  /** Makes a problem of the study ready for a seed. */
  open: StudySetting['open'];
}
