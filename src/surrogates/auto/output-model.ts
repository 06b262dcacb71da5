import type { Covariance } from '../process/covariance.js';
import { type HyperParameters, type NoisePrior, noiseOf } from '../process/density.js';
import type { Process } from '../process/process.js';
import { bestOf, type FittedKind, fitKind, processOf, type Samples } from './fitted-kind.js';
import { defaultStarts, ROUGH } from './hyper-parameters.js';
import { type Kind, nameOf, type Role, straightKinds } from './kinds.js';
import type { Outlook } from './outlook.js';
import { noWarping, type Warping } from './output-warping.js';

/** What is kept of a model from round to round: it decides where the next search for hyper-parameters starts. */
export interface ModelMemory {
  readonly kind: string;
  readonly theta: HyperParameters;
  /** Samples when all kinds were last compared. */
  readonly compared: number;
}

/** A Gaussian process of one output, in the unit of its warping. */
export interface OutputModel extends Outlook, ModelCandidate {
  readonly warping: Warping;
  /** The negative logarithm of the posterior density, but for constants, see `FittedKind`; null for a constant. */
  readonly score: number | null;
  /** All that were compared for it, this one included. */
  readonly candidates: readonly ModelCandidate[];
  readonly memory: ModelMemory;
}

export interface ModelCandidate {
  readonly warping: Warping;
  readonly covariance: Covariance['name'];
  /** Whether noise is learnt: from an output without noise, what jumps from point to point. */
  readonly rough: boolean;
  /** Whether inputs are warped: where the output changes faster near a bound of a variable. */
  readonly bent: boolean;
  readonly score: number | null;
}

/** How many more samples until the kinds are compared again. */
const COMPARE_EVERY = 10;

/**
 * Learns `y` (n entries) at `x` (n x d, entries in [0, 1]): of each combination of warping and covariance the most probable
 * hyper-parameters, and of these the most probable combination (the density is that of `y` itself, so that units compare).
 * An output without noise may be rough all the same, such as an accuracy that jumps where layers are drawn at random: where the evidence
 * is decisive it is smoothed, rather than that short length scales explain every jump, and the doubt of a point takes in its jump.
 * Of each warping the best that has no noise but what is declared is also learnt with warped inputs, and preferred where the evidence is decisive: so a
 * quotient is learnt that is steep near one bound and flat near the other.
 * Between comparisons the combination of `memory` is kept and only its hyper-parameters are carried on. Constant
 * outputs, or one sample, give a constant with little doubt.
 */
export function fitOutput(
  x: Float64Array,
  y: Float64Array,
  n: number,
  d: number,
  role: Role,
  noise: NoisePrior,
  memory: ModelMemory | undefined,
  extra: number,
): OutputModel {
  const low = y.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = y.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!(high > low)) return constantModel(low);
  const samples: Samples = { x, y, n, d };
  const straight = straightKinds(y, n, role, noise);
  const kept = kindOf(memory, straight);
  const compare = !memory || !kept || n >= memory.compared + COMPARE_EVERY;
  const fits = compare
    ? compareKinds(samples, straight, memory)
    : [fitKind(samples, kept, [memory.theta], 12)].filter((fit) => fit !== null);
  const best = bestOf(fits);
  if (!best) return constantModel(low);
  const { kind, theta, score, mean, scale } = best;
  return {
    ...candidateOf(kind),
    score,
    candidates: fits.map((fit) => ({
      ...candidateOf(fit.kind),
      score: Number.isFinite(fit.score) ? fit.score : null,
    })),
    memory: { kind: nameOf(kind), theta, compared: compare ? n : memory.compared },
    ...rescaled(
      processOf(samples, best, extra),
      mean,
      scale,
      kind.prior === ROUGH ? noiseOf(theta, d, kind.prior) : 0,
    ),
  };
}

/** All straight kinds, and of each warping the best one bent. The hyper-parameters of `memory` are among the starts of its kind. */
function compareKinds(
  samples: Samples,
  straight: readonly Kind[],
  memory: ModelMemory | undefined,
): FittedKind[] {
  const { d } = samples;
  const learn = (kind: Kind, starts: readonly HyperParameters[]) => {
    const known = memory?.kind === nameOf(kind) ? [memory.theta] : [];
    return fitKind(samples, kind, [...known, ...starts], 30);
  };
  const fits = straight
    .map((kind) => learn(kind, defaultStarts(d, kind.prior)))
    .filter((fit) => fit !== null);
  const smooth = fits.filter(({ kind }) => kind.prior !== ROUGH);
  const bent = [...new Set(smooth.map(({ kind }) => kind.warping))].map((warping) => {
    const best = bestOf(smooth.filter(({ kind }) => kind.warping === warping));
    return best && learn({ ...best.kind, bent: true }, [straightened(best.theta, d)]);
  });
  return [...fits, ...bent.filter((fit) => fit !== null)];
}

/** The same process as one with warped inputs, whose bends are 0. */
function straightened(theta: HyperParameters, d: number): HyperParameters {
  return Float64Array.of(...theta, ...new Float64Array(d));
}

/** The kind that is remembered, if it still comes into question. */
function kindOf(memory: ModelMemory | undefined, straight: readonly Kind[]): Kind | undefined {
  return straight
    .flatMap((kind) => [kind, { ...kind, bent: true }])
    .find((kind) => nameOf(kind) === memory?.kind);
}

function candidateOf({ warping, covariance, prior, bent }: Kind) {
  return { warping, covariance: covariance.name, rough: prior === ROUGH, bent };
}

/** `jump`: the variance of what jumps from point to point, which no process of the smooth part knows. */
function rescaled(process: Process, mean: number, scale: number, jump: number): Omit<Outlook, 'warping'> {
  return {
    mean: (point) => mean + scale * process.mean(point),
    moments(point, deviation) {
      const z = process.moments(point, deviation);
      deviation[0] = scale * Math.sqrt(deviation[0] + jump);
      return mean + scale * z;
    },
    believe: process.believe,
  };
}

function constantModel(value: number): OutputModel {
  const deviation = 1e-6 * (Math.abs(value) || 1);
  return {
    warping: noWarping,
    covariance: 'matern',
    rough: false,
    bent: false,
    score: null,
    candidates: [],
    memory: { kind: 'constant', theta: new Float64Array(0), compared: 0 },
    mean: () => value,
    moments(_, out) {
      out[0] = deviation;
      return value;
    },
    believe: () => {},
  };
}
