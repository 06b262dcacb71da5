import { availableParallelism } from 'node:os';
import { RunError } from '../../../src/index.js';

/** The part of ONNX Runtime that this folder uses, in types of our own: they compile where the package is absent. */
export interface Runtime {
  readonly version: string;
  create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<RuntimeSession>;
  tensor(type: ScoreType, data: ScoreArray, dims: readonly number[]): RuntimeTensor;
}

/** The element types that a network's samples and scores may have. */
export type ScoreType = 'float32' | 'float64' | 'float16';
/** Float16 travels as its bits. */
export type ScoreArray = Float32Array | Float64Array | Uint16Array;

export interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

export interface RuntimePort {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface RuntimeSession {
  readonly inputMetadata: readonly RuntimePort[];
  readonly outputMetadata: readonly RuntimePort[];
  run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
}

/** What the record of a run says of the runtime. */
export interface RuntimeReport {
  /** Version of onnxruntime-node. */
  readonly onnxruntime: string;
  readonly provider: 'cpu';
  readonly threads: number;
}

/**
 * ONNX Runtime, loaded at the first call. Its own messages on the error stream are silenced: what goes wrong comes
 * as an error. Throws a RunError that names the command to install it where it is absent.
 */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const { InferenceSession, Tensor, env } = await import('onnxruntime-node');
    // Counts only before the first session of the process.
    env.logLevel = 'fatal';
    return {
      version: env.versions.node ?? 'unknown',
      create: (bytes, options) =>
        InferenceSession.create(bytes, options) as unknown as Promise<RuntimeSession>,
      tensor: (type, data, dims) => new Tensor(type as 'float32', data as Float32Array, dims),
    };
  } catch (error) {
    throw new RunError(
      'running networks needs the package onnxruntime-node, which could not be loaded; add it with: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node',
      { cause: error },
    );
  }
}

/** The runtime as the record of a run describes it. Throws a RunError where it is absent. */
export async function describeRuntime(threads = defaultThreads()): Promise<RuntimeReport> {
  return { onnxruntime: (await loadRuntime()).version, provider: 'cpu', threads };
}

/** The same by name, for the versions of a record. */
export function versionsOf(report: RuntimeReport): Record<string, string> {
  return Object.fromEntries(Object.entries(report).map(([name, value]) => [name, String(value)]));
}

/** Threads that a session uses unless told: one a core, at most 8. Results don't depend on it (see session.ts). */
export function defaultThreads(): number {
  return Math.min(8, availableParallelism());
}
