import { fitWidth, type Scale } from '../../ranking/association.js';

/**
 * What NSGA-III remembers of the objective space. `ideal` is the smallest value of every objective so far, `nadir` the
 * intercepts with the axes (both m entries, with the widths between them); `extreme` (m x m) holds in row j the extreme point of axis j.
 */
export interface Normalisation extends Scale {
  readonly extreme: Float64Array;
  /** Whether `extreme` holds points yet. */
  known: boolean;
  readonly choices: NormalisationChoices;
  /** Largest values so far, of the candidates and of their first front. */
  readonly worstEver: Float64Array;
  readonly worst: Float64Array;
  readonly worstOfFront: Float64Array;
  /** Working memory: m x (m + 1), and m. */
  readonly system: Float64Array;
  readonly intercepts: Float64Array;
}

/** What the paper leaves open and its users settle differently. */
export interface NormalisationChoices {
  /** The share of the range of the candidates below which a distance from the ideal point counts as none for an extreme point. */
  readonly negligible: number;
  /** What the nadir point may not go beyond: the worst of the candidates ever, or of those at hand. */
  readonly within: 'worst ever' | 'worst';
}

/**
 * Those of NSGA-III, the settings of Blank, Deb and Roy (see below) but that a distance is measured in the range of the candidates. Where
 * every distance counts, a solution far out whose other objectives are all but ideal remains the extreme point for long.
 */
const OF_NSGA3: NormalisationChoices = { negligible: 1e-3, within: 'worst ever' };

export function createNormalisation(m: number, choices = OF_NSGA3): Normalisation {
  return {
    ideal: new Float64Array(m).fill(Number.POSITIVE_INFINITY),
    nadir: new Float64Array(m).fill(Number.NEGATIVE_INFINITY),
    width: new Float64Array(m).fill(1),
    extreme: new Float64Array(m * m),
    known: false,
    choices,
    worstEver: new Float64Array(m).fill(Number.NEGATIVE_INFINITY),
    worst: new Float64Array(m),
    worstOfFront: new Float64Array(m),
    system: new Float64Array(m * (m + 1)),
    intercepts: new Float64Array(m),
  };
}

/** Weight of the axes other than its own in the scalarising function that finds an extreme point. */
const SMALL_WEIGHT = 1e-6;
/** An intercept below this share of the range of the candidates is none. */
const SMALLEST_INTERCEPT = 1e-6;

/**
 * Adaptive normalisation (Deb and Jain 2014, Algorithm 2) by the candidates `rows[0 .. count)` of `f` (rows x m), whose
 * first `frontCount` are their first front; `count` and `frontCount` from 1.
 *
 * Ideal point: the smallest values so far. Extreme point of axis j: the smallest achievement scalarising function
 * `max_k f'_k / w_k`, w = 1 on the axis and 1e-6 elsewhere. Intercepts: of the plane through the extreme points.
 *
 * The paper leaves open what happens when there is no such plane. Here, after Blank, Deb and Roy ("Investigating the
 * normalization procedure of NSGA-III", EMO 2019): an extreme point is kept until a better one is found, and sought in
 * the first front; when the points span no plane, or an intercept is negative or nearly zero, the nadir point is the
 * worst of the first front; it is never beyond the worst of the candidates; and an axis without width takes the worst at hand. All
 * of it is measured in the range of the candidates, so that the units of the objectives do not matter.
 */
export function updateNormalisation(
  state: Normalisation,
  f: Float64Array,
  rows: ArrayLike<number>,
  count: number,
  frontCount: number,
): void {
  const { ideal, nadir, worstEver, worst, worstOfFront, intercepts, choices } = state;
  const m = ideal.length;
  for (let j = 0; j < m; j++) {
    worst[j] = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const value = f[rows[i] * m + j];
      if (value < ideal[j]) ideal[j] = value;
      if (value > worst[j]) worst[j] = value;
      if (i === frontCount - 1) worstOfFront[j] = worst[j];
    }
    worstEver[j] = Math.max(worstEver[j], worst[j]);
  }
  updateExtremePoints(state, f, rows, frontCount);
  const plane = solveIntercepts(state);
  const bound = choices.within === 'worst' ? worst : worstEver;
  for (let j = 0; j < m; j++) {
    const range = rangeOf(state, j);
    nadir[j] = plane ? Math.min(ideal[j] + intercepts[j] * range, bound[j]) : worstOfFront[j];
    if (!(nadir[j] - ideal[j] > SMALLEST_INTERCEPT * range)) nadir[j] = worst[j];
  }
  fitWidth(state);
}

/** The range of the candidates along axis j; 1 where they are all equal. */
function rangeOf({ ideal, worst }: Normalisation, j: number): number {
  const range = worst[j] - ideal[j];
  return range > 0 ? range : 1;
}

function updateExtremePoints(
  state: Normalisation,
  f: Float64Array,
  rows: ArrayLike<number>,
  frontCount: number,
): void {
  const { extreme } = state;
  const m = state.ideal.length;
  for (let axis = 0; axis < m; axis++) {
    let smallest = state.known ? achievement(state, extreme, axis, axis) : Number.POSITIVE_INFINITY;
    let best = -1;
    for (let i = 0; i < frontCount; i++) {
      const value = achievement(state, f, rows[i], axis);
      if (value < smallest || (best < 0 && !state.known)) {
        smallest = value;
        best = rows[i];
      }
    }
    if (best >= 0) for (let j = 0; j < m; j++) extreme[axis * m + j] = f[best * m + j];
  }
  state.known = true;
}

function achievement(state: Normalisation, f: Float64Array, row: number, axis: number): number {
  const m = state.ideal.length;
  let largest = 0;
  for (let j = 0; j < m; j++) {
    const distance = (f[row * m + j] - state.ideal[j]) / rangeOf(state, j);
    if (distance < state.choices.negligible) continue;
    const value = j === axis ? distance : distance / SMALL_WEIGHT;
    if (value > largest) largest = value;
  }
  return largest;
}

/**
 * Solves `E b = 1` for the translated extreme points E by Gaussian elimination with partial pivoting; the intercepts are
 * `1 / b`, in ranges. False when E is singular or an intercept is not positive.
 */
function solveIntercepts(state: Normalisation): boolean {
  const { extreme, ideal, system, intercepts } = state;
  const m = ideal.length;
  const width = m + 1;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) system[i * width + j] = (extreme[i * m + j] - ideal[j]) / rangeOf(state, j);
    system[i * width + m] = 1;
  }
  for (let column = 0; column < m; column++) {
    let pivot = column;
    for (let i = column + 1; i < m; i++)
      if (Math.abs(system[i * width + column]) > Math.abs(system[pivot * width + column])) pivot = i;
    if (!(Math.abs(system[pivot * width + column]) > 1e-12)) return false;
    for (let j = column; j < width; j++) {
      const held = system[column * width + j];
      system[column * width + j] = system[pivot * width + j];
      system[pivot * width + j] = held;
    }
    for (let i = column + 1; i < m; i++) {
      const factor = system[i * width + column] / system[column * width + column];
      for (let j = column; j < width; j++) system[i * width + j] -= factor * system[column * width + j];
    }
  }
  for (let i = m - 1; i >= 0; i--) {
    let value = system[i * width + m];
    for (let j = i + 1; j < m; j++) value -= system[i * width + j] * intercepts[j];
    intercepts[i] = value / system[i * width + i];
  }
  for (let j = 0; j < m; j++) {
    intercepts[j] = 1 / intercepts[j];
    if (!(intercepts[j] > SMALLEST_INTERCEPT && intercepts[j] < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}
