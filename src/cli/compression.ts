import type { Problem } from '../problem.js';

/**
 * What the command line asks of the compression plug-in. The plug-in is loaded at run time, when a command needs it, so that
 * the rest of the command line works where ONNX Runtime is absent.
 */
export interface CompressionModule {
  openCompression(options: CompressionOptions): Promise<Compression>;
}

/** How a network and its data are opened. */
export interface CompressionOptions {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** `cifar10:FILE[,FILE]`, `images:DIR`, `module:PATH` or `stand-in`. */
  readonly data: string;
  readonly limit?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Smallest accuracy that a candidate may have, a fraction; none for a plain evaluation. */
  readonly minAccuracy?: number;
  /** Names of the metrics to optimise. */
  readonly objectives?: readonly string[];
  readonly seed: number;
  readonly threads?: number;
}

/** A network under compression. */
export interface Compression {
  readonly problem: Problem;
  /** Model, data and the figures of the uncompressed network, for the run record. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  /** The metrics of the uncompressed network. */
  readonly baseline: Readonly<Record<string, number>>;
  /**
   * What the metrics were measured on. A dynamically quantized network takes the range of its activations from the
   * batch, so its answers may differ at another batch size.
   */
  readonly measuredOn: { readonly data: string; readonly images: number; readonly batchSize: number };
  /** What was left as it is in the graph, in words. */
  readonly notes: readonly string[];
  /** The compressed network of a decision vector. */
  candidate(x: ArrayLike<number>): Candidate;
  /** Measures one decision vector. Throws an InputError when it lies outside the domain. */
  measure(x: ArrayLike<number>, signal?: AbortSignal): Promise<Measurement>;
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** A compressed network as a file. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly plan: unknown;
  readonly notes: readonly string[];
}

/** One compressed network, measured by real inference. */
export interface Measurement {
  readonly metrics: Readonly<Record<string, number>>;
  readonly correct: number;
  /** Images. */
  readonly of: number;
  /** Weights and biases of the prunable layers. */
  readonly nonZero: number;
  readonly total: number;
  readonly nonZeroByTensor: Readonly<Record<string, number>>;
  readonly totalByTensor: Readonly<Record<string, number>>;
  readonly plan: unknown;
  readonly notes: readonly string[];
}

/** Loads the plug-in that ships with the package, by name as a user's own would be. */
export async function loadCompression(): Promise<CompressionModule> {
  return import(new URL('../../problems/compression/index.js', import.meta.url).href);
}
