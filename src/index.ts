export type { Algorithm, AlgorithmOptions, Batch } from './algorithm.js';
export { type AlgorithmName, algorithms } from './algorithms/catalogue.js';
export { ctaea } from './algorithms/ctaea.js';
export { type BatchFunction, evolve } from './algorithms/evolve.js';
export { nsga2 } from './algorithms/nsga2.js';
export { nsga3, nsga3With } from './algorithms/nsga3.js';
export { randomSearch } from './algorithms/random-search.js';
export type { Evaluation, Origin } from './archive.js';
export type { Candidate, Compression, CompressionOptions, Measurement } from './cli/compression.js';
export { kneePoint } from './decision/knee-point.js';
export { pseudoWeightPick, pseudoWeights } from './decision/pseudo-weights.js';
export { weightedPick } from './decision/weighted-pick.js';
export { InputError, RunError, show } from './errors.js';
export type { HypervolumeRecord } from './hypervolume-record.js';
export { additiveEpsilon, multiplicativeEpsilon } from './indicators/epsilon.js';
export { generationalDistance, generationalDistancePlus } from './indicators/generational-distance.js';
export { hypervolume } from './indicators/hypervolume.js';
export { hypervolumeContributions } from './indicators/hypervolume-contributions.js';
export {
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
} from './indicators/inverted-generational-distance.js';
export { spacing } from './indicators/spacing.js';
export { type Random, randomOf, seedOf } from './math/random.js';
export { optimize, type Run, type Solution } from './optimize.js';
export type { OptimizeOptions, Progress, ResolvedOptions, SurrogateOption } from './options.js';
export { createPopulation, type Population, type Shape } from './population.js';
export {
  atLeast,
  atMost,
  type Bound,
  type Constraint,
  defineProblem,
  type EvaluationContext,
  type Metric,
  type Metrics,
  type MetricValues,
  maximize,
  minimize,
  type NamedDeclaration,
  type NamedEvaluation,
  type NumericDeclaration,
  type NumericEvaluation,
  numericFunction,
  type Objective,
  type Problem,
  record,
} from './problem.js';
export { type CrowdingScratch, crowdingDistance } from './ranking/crowding-distance.js';
export { nondominatedSort, type SortScratch } from './ranking/nondominated-sort.js';
export { dasDennis, type ReferenceDirections, twoLayers } from './ranking/reference-directions.js';
export { rieszEnergy } from './ranking/riesz-energy.js';
export { type EvaluationRecord, type RunRecord, runRecord } from './report/run-record.js';
export {
  type ChoiceVariable,
  checkVector,
  choice,
  decode,
  encode,
  type IntegerVariable,
  integer,
  type RealVariable,
  real,
  type Space,
  type ValuesOf,
  type Variable,
  type Variables,
} from './space.js';
export { regressors } from './surrogates/catalogue.js';
export { FitError, type OutOfBagFit, type Predictor, type Regressor } from './surrogates/regressor.js';
export type { SelectionMetric } from './surrogates/select.js';
export type { ModelRecord } from './surrogates/surrogate-assisted.js';
