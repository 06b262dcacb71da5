import type {
  QuantizerCell,
  RateDistortionData,
  RateDistortionPoint,
} from '../report/rate-distortion-data.js';
import { keptResults } from './kept-results.js';

/** A network and data, ready for the quantizers. */
export interface RateDistortion {
  readonly data: string;
  readonly images: number;
  /** Numbers that are quantized. */
  readonly weights: number;
  /** Right answers of the network as it is: the class itself, and the class among the five best. */
  readonly baseline: { readonly correct: number; readonly withinFive: number };
  /** Hashes of what the figures depend on, by name. */
  readonly fingerprint: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  /** What was left as it is in the graph, in words. */
  readonly notes: readonly string[];
  /** Quantizes the weights in one way and runs the network on every image. */
  measure(cell: QuantizerCell, signal?: AbortSignal): Promise<RateDistortionPoint>;
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** What a study is told beside the network and the cells. */
export interface RateDistortionSetting {
  readonly model: string;
  /** Points of top-1 accuracy that may be lost. */
  readonly maxLoss: number;
  /** A file that keeps what is measured, so that an interrupted study goes on; null for none. */
  readonly path: string | null;
  /** What it is run with, for the page. */
  readonly versions: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  onPoint?(done: number, all: number): void;
}

/** Measures the cells that the file does not hold yet. After an abort the points so far, in the order of the cells. */
export async function rateDistortionStudy(
  network: RateDistortion,
  cells: readonly QuantizerCell[],
  { model, maxLoss, path, signal, onPoint, versions: own }: RateDistortionSetting,
): Promise<RateDistortionData> {
  const { data, images, weights, baseline, fingerprint, versions, notes } = network;
  const byKey = new Map(cells.map((cell) => [`${cell.quantizer}, ${cell.levels}, ${cell.scope}`, cell]));
  const results = await keptResults<RateDistortionPoint>(path, {
    identity: { ...fingerprint, images, weights },
    keys: [...byKey.keys()],
    measure: (key, stopped) => network.measure(byKey.get(key)!, stopped),
    signal,
    onResult: (done) => onPoint?.(done, byKey.size),
  });
  return {
    model,
    images,
    weights,
    baseline,
    maxLoss,
    quantizers: [...new Set(cells.map(({ quantizer }) => quantizer))],
    points: [...results.values()],
    facts: [
      ['model', model],
      ['weights', String(weights)],
      ['data', data],
      ['images', String(images)],
      ...notes.map((note): [string, string] => ['note', note]),
      ...Object.entries({ ...own, ...versions }),
    ],
  };
}
