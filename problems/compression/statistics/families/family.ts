/** A family of distributions whose parameters are found by maximum likelihood. */
export interface Family {
  readonly name: string;
  /**
   * `signed`: a distribution of the numbers. `magnitude`: one of their magnitudes, which start at 0; for the numbers themselves
   * it is taken as the same on both sides.
   */
  readonly of: 'signed' | 'magnitude';
  /** Null where the likelihood has no maximum: numbers that are all the same, or mostly. */
  fit(sample: Sample): Fitted | null;
}

/** Numbers to fit: at least one, finite, none of them 0. */
export interface Sample {
  /** In rising order; magnitudes where the family is one of magnitudes. */
  readonly sorted: Float64Array;
  readonly mean: number;
  /** Root of the mean square distance from the mean. */
  readonly deviation: number;
}

/** A distribution. */
export interface Fitted {
  readonly parameters: Readonly<Record<string, number>>;
  /** The probability of a number from low to high. */
  mass(low: number, high: number): number;
}

/**
 * A distribution that is the same on both sides of its location, from the probability of less than x, which is asked for at or
 * below the location alone where it can be: so that no digits are lost in the tails.
 */
export function symmetric(
  parameters: Readonly<Record<string, number>>,
  location: number,
  probability: (x: number) => number,
): Fitted {
  return {
    parameters,
    mass: (low, high) =>
      low > location
        ? probability(2 * location - low) - probability(2 * location - high)
        : probability(high) - probability(low),
  };
}

export function sampleOf(sorted: Float64Array): Sample {
  const n = sorted.length;
  let sum = 0;
  for (const x of sorted) sum += x;
  const mean = sum / n;
  let squares = 0;
  for (const x of sorted) squares += (x - mean) ** 2;
  return { sorted, mean, deviation: Math.sqrt(squares / n) };
}

/** Whether all numbers are the same. */
export const isConstant = ({ sorted }: Sample) => sorted[0] === sorted[sorted.length - 1];
