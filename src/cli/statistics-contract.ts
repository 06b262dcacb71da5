import type { QuantizerCell, Scope } from '../report/rate-distortion-data.js';
import type { WeightsData } from '../report/weights-data.js';
import type { RateDistortion } from '../study/rate-distortion.js';

/** Whose weights to look at, and how finely. */
export interface WeightsRequest {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** Levels to take the entropy at. */
  readonly levels: number;
  /** Bins of the histograms. */
  readonly bins: number;
}

/** What to measure a network's quantized forms on. */
export interface RateDistortionRequest {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** Labelled images; as `CompressionOptions.data`. */
  readonly data: string;
  readonly limit?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly threads?: number;
}

/** The part of the compression plug-in that looks at weights. */
export interface StatisticsModule {
  /** Statistics of the weights of a network. Throws an InputError on unusable input. */
  weightsFile(request: WeightsRequest): WeightsData;
  /** Opens a network for a rate-distortion study. Throws an InputError on unusable input. */
  openRateDistortion(request: RateDistortionRequest): Promise<RateDistortion>;
  /**
   * Quantizers x numbers of levels x scopes, the coarsest first; all that there are where they are not given. Throws an
   * InputError on names and numbers that there are not.
   */
  quantizerCells(
    levels?: readonly number[],
    names?: readonly string[],
    scopes?: readonly Scope[],
  ): QuantizerCell[];
}
