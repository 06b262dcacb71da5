/** What a range of a quantizer is taken over: all weights, those of a tensor, or those of an output channel. */
export const SCOPES = ['model', 'tensor', 'channel'] as const;

/** One of {@link SCOPES}. */
export type Scope = (typeof SCOPES)[number];

/** One way to quantize the weights of a network. */
export interface QuantizerCell {
  /** The name of its family in the catalogue of quantizers. */
  readonly quantizer: string;
  /** Levels on the range. */
  readonly levels: number;
  readonly scope: Scope;
}

/** What one way costs and keeps. */
export interface RateDistortionPoint extends QuantizerCell {
  /** Order-0 entropy of the levels in bits a weight: of each tensor by itself, weighted by its numbers. */
  readonly entropy: number;
  /** The entropy, and 32 bits for every range that must be kept. */
  readonly bits: number;
  /** Right answers among the images: the class itself, and the class among the five best. */
  readonly correct: number;
  readonly withinFive: number;
}

/** A rate-distortion study: the content of its page. */
export interface RateDistortionData {
  readonly model: string;
  readonly images: number;
  readonly weights: number;
  readonly baseline: { readonly correct: number; readonly withinFive: number };
  /** Points of top-1 accuracy that may be lost. */
  readonly maxLoss: number;
  /** In the order of the catalogue. */
  readonly quantizers: readonly string[];
  readonly points: readonly RateDistortionPoint[];
  readonly facts: readonly (readonly [string, string])[];
}

/** What a point loses of the top-1 accuracy, in points; below 0 where it gains. */
export function lossOf(
  { baseline, images }: Pick<RateDistortionData, 'baseline' | 'images'>,
  { correct }: Pick<RateDistortionPoint, 'correct'>,
): number {
  return (100 * (baseline.correct - correct)) / images;
}

/** The columns of a table of points. */
export const POINT_COLUMNS = [
  'quantizer',
  'range of',
  'levels',
  'bits',
  'top-1',
  'lost',
  'ratio',
  'saved',
  'top-5',
] as const;

/** A row of it: the ratio is that of the weights alone. */
export function pointWords(
  data: Pick<RateDistortionData, 'baseline' | 'images'>,
  point: RateDistortionPoint,
): string[] {
  return [
    point.quantizer,
    point.scope,
    String(point.levels),
    point.bits.toFixed(3),
    shareWords(data, point.correct),
    lossOf(data, point).toFixed(2),
    (32 / point.bits).toFixed(2),
    `${(100 * (1 - point.bits / 32)).toFixed(1)} %`,
    shareWords(data, point.withinFive),
  ];
}

/** A number of images as a share of all. */
export function shareWords({ images }: Pick<RateDistortionData, 'images'>, count: number): string {
  return `${((100 * count) / images).toFixed(2)} %`;
}

/**
 * The fewest bits of every quantizer and scope within the loss, the fewest first (the first in the list among equals, the one
 * with less loss before); none for one that always loses more.
 */
export function bestWithin(data: RateDistortionData): RateDistortionPoint[] {
  const best = new Map<string, RateDistortionPoint>();
  const order = (a: RateDistortionPoint, b: RateDistortionPoint) => a.bits - b.bits || b.correct - a.correct;
  for (const point of data.points) {
    if (lossOf(data, point) > data.maxLoss) continue;
    const key = `${point.quantizer} ${point.scope}`;
    const known = best.get(key);
    if (!known || order(point, known) < 0) best.set(key, point);
  }
  return [...best.values()].sort(order);
}
