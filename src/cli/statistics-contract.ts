import type { QuantizerCell, Scope } from '../report/rate-distortion-data.js';
import type { WeightsData } from '../report/weights-data.js';
import type { RateDistortion } from '../study/rate-distortion.js';
import type { NetworkOnData } from './network-on-data.js';

/** Whose weights to look at, and how finely. */
export interface WeightsRequest {
  /** Path of the .onnx file, or `stand-in`. */
  readonly model: string;
  /** Levels to take the entropy at. */
  readonly levels: number;
  /** Bins of the histograms. */
  readonly bins: number;
}

/** The part of the compression plug-in that looks at weights. */
export interface StatisticsModule {
  /** Statistics of the weights of a network. Throws an InputError on unusable input. */
  weightsFile(request: WeightsRequest): WeightsData;
  /** Opens a network for a rate-distortion study. Throws an InputError on unusable input. */
  openRateDistortion(request: NetworkOnData): Promise<RateDistortion>;
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
