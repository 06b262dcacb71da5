import { type Evaluation, frontOf } from '../../archive.js';
import { randomOf } from '../../math/random.js';
import type { Population } from '../../population.js';
import type { Problem } from '../../problem.js';
import { canonicalRow } from '../../space.js';
import { type Encoding, encodingOf } from '../encoding.js';
import { isAmong, shareOfRound } from '../exploration.js';
import { boundedObjectives, withinBound } from './bounded-objectives.js';
import { decomposeWithin } from './box-decomposition.js';
import { climbAround } from './climb.js';
import {
  createImprovementScratch,
  logExpectedHypervolumeImprovement,
} from './expected-hypervolume-improvement.js';
import { type ImprovementRegion, improvementRegion, nondominatedOf } from './improvement-region.js';
import { type Maximum, maximise, type SearchEffort } from './maximise.js';
import { feasibleObjectives, measuredObjectives, reliableObjectives } from './objective-vectors.js';
import type { Outlook, Outlooks } from './outlook.js';
import { logProbabilityOfFeasibility } from './probability-of-feasibility.js';

export interface ImprovementOptions {
  /** Points to pick. */
  readonly infill: number;
  readonly seed: number;
  readonly effort?: SearchEffort;
}

const EFFORT: SearchEffort = { samples: 500, starts: 8, steps: 100 };

/** The share of picks, the last of their rounds, that look where the constraints forbid it. */
const LAWLESS = 1 / 6;

/** The share of picks, the last of their rounds, that a constraint which only bounds an objective does not make less likely once more. */
const BOLDLY = 1 / 2;

/** The share of picks that look for the ends of the front, where the expected one may stop short of them; half way between the others. */
const WIDELY = 1 / 12;

/** Of how many latest evaluations at most {@link FEW} are feasible where what is believed of the constraints has proved too bold. */
const LATEST = 8;
const FEW = 1;

/** How many times the doubt of feasibility counts then. */
const CAUTION = 3;

/** Steps that the search for the ends of the front climbs from each of them. */
const CLIMB = 60;

/** Below this share of the region's volume nothing is expected of the front any more. */
const COLLAPSED = 1e-12;

/** Below this share the constraints are not ignored: what lies beyond them is known well enough. */
const LEAST_BEYOND = 1e-4;

/** How far the region of improvement goes beyond the front that is expected. */
const NARROW = 0.1;
const WIDE = 1;

/** From so many objectives on a front has vectors that nothing dominates and that count for nothing. */
const MANY = 3;

/** Boxes that an improvement may be the sum of: four objectives stay below. */
const MOST_BOXES = 4000;

type Score = (point: Float64Array) => number;

/**
 * Picks up to `infill` new vectors, one after the other, each of the largest expected hypervolume improvement times probability of
 * feasibility (over the expected cost), with the models believing their means at the vectors before it. `solved` is the
 * surrogate front: it places the reference point (see `improvementRegion`) and is where the searches start. One pick in six
 * ignores the constraints and improves on everything measured, within the region of all that: so a feasible region apart from the known one is not missed. One in
 * twelve counts improvement far beyond the ends of the expected front, and is also looked for by climbing from these ends: so the ends are found
 * where the models do not expect them, and where only a narrow ridge leads to them. Where no
 * improvement is expected, the vector is taken of which the models know least. Fewer only where no new vector is found.
 *
 * A constraint that only bounds an objective (see `boundedObjectives`) is part of the improvement: it is counted up to the bound, and
 * nothing is to be found by ignoring it. Multiplied with its own probability of feasibility the doubt of a bold vector would count twice:
 * half of the picks do, to be on the safe side, and half do not.
 *
 * Where next to nothing of the latest was feasible, though something was before, the models promise improvements that they cannot keep,
 * and a front expected where nothing is feasible hides what is to be gained beside the measured one. Then the picks that are not bold count the
 * doubt of feasibility three times, and improvement within the region of the measured front.
 *
 * With three and more objectives the picks that are not bold look within what may be relied on of the expected front, less what gains a speck in one
 * objective and loses far more in another (see `reliableObjectives`, `properlyEfficient`): such vectors, often errors of the models, move the reference
 * point away from all that counts. The bold picks keep them, for the ends of a front may be as steep.
 *
 * The expected improvement is that of Emmerich, Giannakoglou and Naujoks (IEEE Transactions on Evolutionary Computation 10(4),
 * 2006), by boxes; the product with the probability of feasibility is that of Schonlau, Welch and Jones (1998).
 */
export function pickByImprovement(
  problem: Problem,
  evaluations: readonly Evaluation[],
  outlooks: Outlooks,
  solved: Population,
  { infill, seed, effort = EFFORT }: ImprovementOptions,
  round: number,
): Float64Array[] {
  const { space } = problem;
  const { objectives, constraints, failure, cost } = outlooks;
  const m = objectives.length;
  const encoding = encodingOf(space);
  const measured = measuredObjectives(problem, evaluations, objectives);
  const front = nondominatedOf(m, measured.feasible);
  const predicted = feasibleObjectives(solved);
  const [region, wide] = [NARROW, WIDE].map((margin) =>
    improvementRegion(m, predicted, front, measured.all, margin),
  );
  const barren = isBarren(evaluations);
  const provenRegion = (): ImprovementRegion => {
    if (barren) return improvementRegion(m, [], front, measured.all, NARROW);
    if (m < MANY) return region;
    const reliable = reliableObjectives(problem, solved, objectives);
    return improvementRegion(m, reliable, front, measured.all, NARROW, true);
  };
  const proven = provenRegion();
  // Within the region of the expected feasible front a feasible region apart from it may have no improvement to offer.
  const beyond = improvementRegion(m, [], measured.all, measured.all, NARROW);

  const random = randomOf(seed, 'infill', round);
  const known = evaluations.map(({ x }) => x);
  const seeds = [...rowsOf(solved), ...frontOf(evaluations).map((i) => known[i])];
  const point = new Float64Array(encoding.width);
  const picked: Float64Array[] = [];
  const isNew = (vector: Float64Array) => {
    const x = canonicalRow(space, vector);
    return !isAmong(x, known) && !isAmong(x, picked);
  };
  const placed = (score: Score) => (vector: Float64Array) => {
    encoding.encode(canonicalRow(space, vector), 1, point);
    return score(point);
  };
  const search = (score: Score) =>
    maximise(
      space,
      (vector) => (isNew(vector) ? placed(score)(vector) : Number.NEGATIVE_INFINITY),
      seeds,
      random,
      effort,
    );
  /** The best of a search, which also climbs from `ends`, unless it promises less than the share `least` of the region. */
  const promising = (
    improvement: Score,
    weight: Score,
    least: number,
    ends: readonly Float64Array[] = [],
  ): Maximum | null => {
    const score: Score = (at) => improvement(at) + weight(at);
    let best = search(score);
    for (const end of ends) {
      const top = climbAround(space, placed(score), end, CLIMB);
      if (top.value > (best?.value ?? Number.NEGATIVE_INFINITY) && isNew(top.x)) best = top;
    }
    if (!best) return null;
    encoding.encode(best.x, 1, point);
    return improvement(point) < Math.log(least) ? null : best;
  };
  const { bounds, implied } = boundedObjectives(evaluations, m, problem.constraints.length);
  const further = constraints.filter((_, k) => !implied[k]);
  const feasibility: Score = (at) => (barren ? CAUTION : 1) * logProbabilityOfFeasibility(constraints, at);
  const furtherFeasibility: Score = (at) => logProbabilityOfFeasibility(further, at);
  const success: Score = (at) => logProbabilityOfFeasibility(failure ? [failure] : [], at);
  const price: Score = (at) => -(cost?.mean(at) ?? 0);
  const lawless = further.length > Number(failure !== null) ? shareOfRound(LAWLESS, infill, round) : 0;
  const widely = shareOfRound(WIDELY, infill, round, 0.5);
  const boldly = shareOfRound(BOLDLY, infill, round);
  while (picked.length < infill) {
    const after = infill - picked.length; // this one counted in
    const bold = after <= boldly;
    const within = after > lawless && after <= lawless + widely ? wide : bold ? region : proven;
    const lawful = bold ? furtherFeasibility : feasibility;
    const best =
      (after <= lawless
        ? promising(
            logImprovement(objectives, measured.all, beyond),
            (at) => success(at) + price(at),
            LEAST_BEYOND,
          )
        : null) ??
      promising(
        logImprovement(objectives, front, within, bounds),
        (at) => lawful(at) + price(at),
        COLLAPSED,
        within === wide ? endsOf(seeds, objectives, encoding) : [],
      ) ??
      search((at) => logDoubt(objectives, at) + feasibility(at));
    if (!best) break;
    picked.push(canonicalRow(space, best.x));
    encoding.encode(best.x, 1, point);
    const expected = Float64Array.from(objectives, (outlook) => outlook.warping.unwarp(outlook.mean(point)));
    measured.all.push(expected);
    if (constraints.every((outlook) => outlook.mean(point) <= 0)) front.push(expected);
    for (const outlook of [...objectives, ...constraints]) outlook.believe(point);
  }
  return picked;
}

/** Of each objective the vector for which its model expects least; the first of several. */
function endsOf(
  vectors: readonly Float64Array[],
  objectives: readonly Outlook[],
  encoding: Encoding,
): Float64Array[] {
  const point = new Float64Array(encoding.width);
  return objectives.map((outlook) => {
    let [end, least] = [vectors[0], Number.POSITIVE_INFINITY];
    for (const x of vectors) {
      encoding.encode(x, 1, point);
      const mean = outlook.mean(point);
      if (mean < least) [end, least] = [x, mean];
    }
    return end;
  });
}

/**
 * The logarithm of the expected improvement on `vectors`, as a share of the region's unit of volume, at an encoded point. Outcomes beyond
 * the `bounds` of their objectives improve nothing.
 */
function logImprovement(
  objectives: readonly Outlook[],
  vectors: readonly Float64Array[],
  { reference, width }: ImprovementRegion,
  bounds: Float64Array = new Float64Array(objectives.length).fill(Number.POSITIVE_INFINITY),
): Score {
  const m = objectives.length;
  const boxes = decomposeWithin(nondominatedOf(m, vectors), reference, MOST_BOXES);
  const warpings = objectives.map(({ warping }, j) => withinBound(warping, bounds[j]));
  const scratch = createImprovementScratch(boxes);
  const mean = new Float64Array(m);
  const deviation = new Float64Array(m);
  const one = new Float64Array(1);
  return (point) => {
    for (let j = 0; j < m; j++) {
      mean[j] = objectives[j].moments(point, one);
      deviation[j] = one[0];
    }
    return logExpectedHypervolumeImprovement(boxes, warpings, mean, deviation, width, scratch);
  };
}

/** How little the models know of a point: the sum of the logarithms of the standard deviations. */
function logDoubt(objectives: readonly Outlook[], point: Float64Array): number {
  const deviation = new Float64Array(1);
  let log = 0;
  for (const model of objectives) {
    model.moments(point, deviation);
    log += Math.log(deviation[0]);
  }
  return log;
}

/** Whether next to nothing of the latest evaluations was feasible, though something was before. */
function isBarren(evaluations: readonly Evaluation[]): boolean {
  const feasible = evaluations.filter(({ error }) => error === null).map((evaluation) => evaluation.feasible);
  return feasible.includes(true) && feasible.slice(-LATEST).filter(Boolean).length <= FEW;
}

function rowsOf({ x, size, variables: n }: Population): Float64Array[] {
  return Array.from({ length: size }, (_, i) => x.slice(i * n, (i + 1) * n));
}
