import type { Evaluation } from './archive.js';
import { hypervolume } from './indicators/hypervolume.js';
import { metricsOf, objectiveVector, type Problem, rangeBox } from './problem.js';

/** How the hypervolume of a run grew. */
export interface HypervolumeRecord {
  /** Of the front, in the units of the objectives; 0 when nothing is feasible. */
  readonly value: number;
  /** By objective, in declared units. */
  readonly referencePoint: Readonly<Record<string, number>>;
  /** The value after each evaluation. */
  readonly history: readonly number[];
}

/**
 * The hypervolume of the feasible front after each evaluation. The reference point is, in this order: the one given; one
 * tenth of the range beyond the worst end, where every objective has a `range`; one tenth beyond the worst of the
 * feasible evaluations (of all, while none is feasible), which makes it known only when the run is over.
 */
export function hypervolumeRecord(
  problem: Problem,
  evaluations: readonly Evaluation[],
  given: Readonly<Record<string, number>> | null,
): HypervolumeRecord {
  const reference = referenceOf(problem, evaluations, given);
  const history: number[] = [];
  let front: Float64Array[] = [];
  let value = 0;
  for (const { f, feasible } of evaluations) {
    if (feasible && !front.some((point) => covers(point, f))) {
      front = [...front.filter((point) => !covers(f, point)), f];
      value = hypervolume(Float64Array.from(front.flatMap((point) => [...point])), front.length, reference);
    }
    history.push(value);
  }
  return { value, referencePoint: metricsOf(problem, reference), history };
}

function referenceOf(
  problem: Problem,
  evaluations: readonly Evaluation[],
  given: Readonly<Record<string, number>> | null,
): Float64Array {
  if (given) return objectiveVector(problem, given);
  const box = rangeBox(problem) ?? boxOf(problem.objectives.length, evaluations);
  return box.worst.map((worst, j) => worst + 0.1 * (worst - box.best[j] || Math.abs(worst) || 1));
}

/** The best and the worst value of each objective among the feasible evaluations, or among all measured ones. */
function boxOf(m: number, evaluations: readonly Evaluation[]): { best: Float64Array; worst: Float64Array } {
  const measured = evaluations.filter(({ error }) => error === null);
  const feasible = measured.filter((evaluation) => evaluation.feasible);
  const best = new Float64Array(m);
  const worst = new Float64Array(m);
  for (const [i, { f }] of (feasible.length > 0 ? feasible : measured).entries())
    for (let j = 0; j < m; j++) {
      best[j] = i === 0 ? f[j] : Math.min(best[j], f[j]);
      worst[j] = i === 0 ? f[j] : Math.max(worst[j], f[j]);
    }
  return { best, worst };
}

function covers(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, j) => value <= b[j]);
}
