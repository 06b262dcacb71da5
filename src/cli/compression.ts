import type { Problem } from '../problem.js';
import type { NetworkOnData } from './network-on-data.js';
import type { StatisticsModule } from './statistics-contract.js';

/**
 * What the command line asks of the compression plug-in. The plug-in is loaded at run time, when a command needs it, so that
 * the rest of the command line works where ONNX Runtime is absent.
 */
export interface CompressionModule extends StatisticsModule {
  openCompression(options: CompressionOptions): Promise<Compression>;
  /** Packs a network into a container. Throws an InputError on unusable input. */
  packFile(request: PackRequest): Promise<PackReport>;
  /** The .onnx file in a container. Throws an InputError on bytes that are none, or damaged. */
  unpack(bytes: Uint8Array): Uint8Array;
  /** Applies a plan to a network and measures what comes out. Throws an InputError on unusable input. */
  applyFile(request: ApplyRequest): Promise<ApplyReport>;
}

/** What to do to a network. */
export interface ApplyRequest extends NetworkOnData {
  /** A `FullPlan` as it was read from a file; it is checked. */
  readonly plan: unknown;
  /** Images to recover and calibrate with, others than those; a part of `data` is set apart where it is not given. */
  readonly calibration?: string;
}

/** What a plan made of a network, measured by real inference. */
export interface ApplyReport {
  /** The .onnx file. */
  readonly bytes: Uint8Array;
  /** A fraction. */
  readonly accuracy: number;
  /** A ratio to the uncompressed network. */
  readonly time: number;
  readonly baseline: { readonly size: number; readonly accuracy: number };
  /** Of the accuracies, with its 95 % confidence interval: fractions. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
  /** The share of images that both networks put in the same class. */
  readonly agreement: number;
  readonly images: number;
  readonly data: string;
  readonly calibration: string;
  readonly notes: readonly string[];
}

/** What to pack, and how much it may lose. */
export interface PackRequest extends NetworkOnData {
  /** Images to calibrate with, others than those; a part of `data` is set apart where it is not given. */
  readonly calibration?: string;
  /** Points of accuracy. */
  readonly maxLoss: number;
  /** `mixing`: the smallest file; `table`: one that unpacks faster. */
  readonly method: 'mixing' | 'table';
  readonly signal?: AbortSignal;
  /** Told what is being done, in words. */
  readonly onProgress?: (message: string) => void;
}

/** A packed network. */
export interface PackReport {
  readonly bytes: Uint8Array;
  /** Bytes of the .onnx file that comes out of it. */
  readonly modelSize: number;
  /** Fractions on the labelled images. */
  readonly accuracy: number;
  readonly baselineAccuracy: number;
  readonly images: number;
  /** Numbers coded; bits of the whole file for each of them. */
  readonly weights: number;
  readonly bitsPerWeight: number;
  readonly data: string;
  readonly calibration: string;
  readonly tensors: readonly {
    readonly name: string;
    readonly step: number;
    /** Whether the levels follow a trellis: every other multiple of half the step, which ones by the levels before. */
    readonly dependent: boolean;
    readonly nonZero: number;
  }[];
  readonly notes: readonly string[];
}

/** How a network and its data are opened. */
export interface CompressionOptions extends NetworkOnData {
  /** How far plans go. Default `classic`, the seven variables. */
  readonly space?: 'classic' | 'full';
  /** For the space `full`: images to recover and calibrate with; a part of `data` is set apart where it is not given. */
  readonly calibration?: string;
  /** Labelled images that solutions are measured on once more, as `data`. */
  readonly reportData?: string;
  /** Smallest accuracy that a candidate may have, a fraction; none for a plain evaluation. */
  readonly minAccuracy?: number;
  /** Names of the metrics to optimise; the space has defaults of its own. */
  readonly objectives?: readonly string[];
  /** Leave out the metrics that a clock measures. */
  readonly untimed?: boolean;
  readonly seed: number;
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
  /** Decision vectors to begin a search with. */
  readonly seeds: readonly Float64Array[];
  /** Measures networks on the images for the report, or null where there are none. */
  readonly report: ReportImages | null;
  /** The compressed network of a decision vector. */
  candidate(x: ArrayLike<number>): Promise<Candidate>;
  /**
   * What is left of every layer under a decision vector: the share of elements that are not zero, by layer. Undefined where only
   * the network itself tells: see {@link Candidate}.
   */
  layerRates(x: ArrayLike<number>): Readonly<Record<string, number>> | undefined;
  /** Measures one decision vector. Throws an InputError when it lies outside the domain. */
  measure(x: ArrayLike<number>, signal?: AbortSignal): Promise<Measurement>;
  /** Hashes of what the figures depend on, the model and the data, by name. */
  fingerprint(): Promise<Readonly<Record<string, string>>>;
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** A compressed network as a file. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly plan: unknown;
  /** What is left of every layer. */
  readonly layerRates: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/** Labelled images that no search has seen. */
export interface ReportImages {
  readonly data: string;
  readonly images: number;
  /** Runs a network, the bytes of an .onnx file, on all of them. */
  measure(bytes: Uint8Array): Promise<ReportFigures>;
}

/** Fractions of the images for the report. */
export interface ReportFigures {
  readonly accuracy: number;
  /** The accuracy of the uncompressed network. */
  readonly baseline: number;
  /** The share that both networks put in the same class. */
  readonly agreement: number;
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

/** The module of the plug-in that workers load. */
export const WORKER_MODULE: string = new URL('../../problems/compression/in-worker.js', import.meta.url).href;

/** Loads the plug-in that ships with the package, by name as a user's own would be. */
export async function loadCompression(): Promise<CompressionModule> {
  return import(new URL('../../problems/compression/index.js', import.meta.url).href);
}
