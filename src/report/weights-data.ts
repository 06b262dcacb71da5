import { figure } from './format.js';

/** A distribution fitted to weights, and how far it is from their histogram. */
export interface WeightFit {
  readonly family: string;
  /** Whether it is one of the numbers, or of their magnitudes (and taken as the same on both sides of 0). */
  readonly of: 'signed' | 'magnitude';
  readonly parameters: Readonly<Record<string, number>>;
  /** Sum over the bins of the squared difference of the densities. */
  readonly squaredError: number;
  /** Kullback-Leibler divergence of the fit from the histogram in nats; null where the fit has no probability in a bin that is not empty. */
  readonly divergence: number | null;
  /** Its mean density in each bin. */
  readonly densities: readonly number[];
}

/** Weights that are not 0, by equal bins from the least to the largest. */
export interface WeightHistogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** What is known of the weights of one layer, or of all. */
export interface WeightSummary {
  readonly name: string;
  readonly count: number;
  readonly zeros: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  /** Root of the mean square distance from the mean. */
  readonly deviation: number;
  /** Order-0 entropy of the float bit patterns, in bits a weight. */
  readonly entropy: number;
  /** The same of the levels of a midtread quantizer, its range that of the tensor. */
  readonly levelEntropy: number;
  /** Null where every weight is 0, or all are the same. */
  readonly histogram: WeightHistogram | null;
  /** By squared error, the least first. */
  readonly fits: readonly WeightFit[];
  /** The strongest at a lag in storage order; null for too few weights, weights that are all the same, and all layers together. */
  readonly autocorrelation: { readonly lag: number; readonly value: number } | null;
}

/** The statistics of a network's weights: the content of their page. */
export interface WeightsData {
  readonly model: string;
  /** Levels that `levelEntropy` is taken at. */
  readonly levels: number;
  readonly overall: WeightSummary;
  readonly layers: readonly WeightSummary[];
  /** Pearson's correlation of every two layers; null where it does not exist. */
  readonly correlations: readonly (readonly (number | null)[])[];
  readonly facts: readonly (readonly [string, string])[];
}

/** From this magnitude on a correlation is strong, below it weak. */
export const STRONG = 0.5;

/** The pairs of layers that are strongly correlated, the strongest first. */
export function strongPairs({
  layers,
  correlations,
}: Pick<WeightsData, 'layers' | 'correlations'>): [a: string, b: string, r: number][] {
  const pairs = layers.flatMap(({ name }, i) =>
    layers.slice(0, i).flatMap((other, j): [string, string, number][] => {
      const r = correlations[i][j];
      return r !== null && Math.abs(r) >= STRONG ? [[other.name, name, r]] : [];
    }),
  );
  return pairs.sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]));
}

/** Fits by their divergence, the least first, those without one last. */
export function byDivergence(fits: readonly WeightFit[]): WeightFit[] {
  const key = ({ divergence }: WeightFit) => divergence ?? Number.POSITIVE_INFINITY;
  return [...fits].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)));
}

/**
 * What the weights of a layer are like, in words: bits of the floats, bits of the levels, the nearest family by squared error and by
 * divergence, and the strongest autocorrelation with its lag. A dash for none.
 */
export function shapeWords({ entropy, levelEntropy, fits, autocorrelation }: WeightSummary): string[] {
  return [
    entropy.toFixed(2),
    levelEntropy.toFixed(2),
    fits[0]?.family ?? '–',
    byDivergence(fits)[0]?.family ?? '–',
    autocorrelation === null ? '–' : `${autocorrelation.value.toFixed(2)} (${autocorrelation.lag})`,
  ];
}

/** The parameters of a fit in words. */
export function parameterWords({ parameters }: WeightFit): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${figure(value, 3)}`)
    .join(', ');
}
