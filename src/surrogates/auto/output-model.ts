import { type Covariance, gaussian, matern } from '../process/covariance.js';
import {
  densityOf,
  type HyperParameters,
  type NoisePrior,
  noiseOf,
  pairwiseSquares,
} from '../process/density.js';
import { mostProbable } from '../process/most-probable.js';
import { conditioned, type Process } from '../process/process.js';
import { defaultStarts, EXACT, familyOf, ROUGH } from './hyper-parameters.js';
import type { Outlook } from './outlook.js';
import { arcsinhWarping, logWarping, noWarping, type Warping } from './output-warping.js';

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
  /** The negative logarithm of the posterior density, but for constants, and with {@link DECISIVE} where it applies; null for a constant. */
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
  readonly score: number | null;
}

export type Role = 'objective' | 'constraint';

/**
 * By how much the logarithm of the density has to be larger for an output without noise to be taken for rough: decisive evidence by
 * Kass and Raftery (Journal of the American Statistical Association 90, 1995).
 */
const DECISIVE = 5;

/** How many more samples until the kinds are compared again. */
const COMPARE_EVERY = 10;

/**
 * Learns `y` (n entries) at `x` (n x d, entries in [0, 1]): of each combination of warping and covariance the most probable
 * hyper-parameters, and of these the most probable combination (the density is that of `y` itself, so that units compare).
 * An output without noise may be rough all the same, such as an accuracy that jumps where layers are drawn at random: where the evidence
 * is decisive it is smoothed, rather than that short length scales explain every jump, and the doubt of a point takes in its jump.
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
  const kinds = kindsOf(y, n, role, noise);
  const compare = !memory || n >= memory.compared + COMPARE_EVERY;
  const tried = compare ? kinds : kinds.filter(({ name }) => name === memory.kind);
  const squares = pairwiseSquares(
    x,
    n,
    Int32Array.from({ length: d }, (_, j) => j),
  );
  const candidates: ModelCandidate[] = [];
  let best: { model: () => OutputModel; value: number } | undefined;
  for (const { name, warping, covariance, prior } of tried.length > 0 ? tried : kinds) {
    const { z, mean, scale, logSlopes } = standardisedOutputs(y, n, warping);
    if (!(scale > 0)) continue;
    const known = memory?.kind === name ? memory.theta : undefined;
    const starts = compare || !known ? [...(known ? [known] : []), ...defaultStarts(d, prior)] : [known];
    const { theta, value } = mostProbable(densityOf(squares, z, n, d, familyOf(covariance, prior)), starts, {
      followed: 1,
      iterations: compare ? 30 : 12,
      tolerance: 1e-3,
    });
    const total = value - logSlopes + n * Math.log(scale) + (prior === noise ? 0 : DECISIVE);
    const candidate = { warping, covariance: covariance.name, rough: prior === ROUGH };
    candidates.push({ ...candidate, score: Number.isFinite(total) ? total : null });
    if (!(total < (best?.value ?? Number.POSITIVE_INFINITY))) continue;
    best = {
      value: total,
      model: () => {
        const noiseVariance = noiseOf(theta, d, prior);
        const process = conditioned(x, z, n, d, covariance, theta, noiseVariance, extra);
        const kept = { kind: name, theta, compared: compare ? n : memory.compared };
        return {
          ...candidate,
          score: total,
          candidates,
          memory: kept,
          ...rescaled(process, mean, scale, prior === ROUGH ? noiseVariance : 0),
        };
      },
    };
  }
  return best ? best.model() : constantModel(low);
}

interface Kind {
  readonly name: string;
  readonly warping: Warping;
  readonly covariance: Covariance;
  readonly prior: NoisePrior;
}

function kindsOf(y: Float64Array, n: number, role: Role, noise: NoisePrior): Kind[] {
  const warpings = [noWarping];
  const sorted = y.slice(0, n).sort();
  if (role === 'objective') {
    const unit = sorted[n >> 1] - sorted[0] || sorted[n - 1] - sorted[0];
    warpings.push(logWarping(sorted[0], unit));
  } else {
    const sizes = y.slice(0, n).map(Math.abs).sort();
    warpings.push(arcsinhWarping(sizes[n >> 1] || sizes[n - 1]));
  }
  const priors = noise === EXACT ? [EXACT, ROUGH] : [noise];
  return warpings.flatMap((warping) =>
    [matern, gaussian].flatMap((covariance) =>
      priors.map((prior) => ({
        name: `${covariance.name} ${warping.name}${prior === ROUGH ? ' rough' : ''}`,
        warping,
        covariance,
        prior,
      })),
    ),
  );
}

function standardisedOutputs(y: Float64Array, n: number, warping: Warping) {
  const z = new Float64Array(n);
  let mean = 0;
  let logSlopes = 0;
  for (let i = 0; i < n; i++) {
    z[i] = warping.warp(y[i]);
    mean += z[i] / n;
    logSlopes += warping.logSlope(y[i]);
  }
  let square = 0;
  for (let i = 0; i < n; i++) square += (z[i] - mean) ** 2 / n;
  const scale = Math.sqrt(square);
  for (let i = 0; i < n; i++) z[i] = (z[i] - mean) / scale;
  return { z, mean, scale, logSlopes };
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
