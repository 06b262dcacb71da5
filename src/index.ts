export type { Algorithm, AlgorithmOptions, Batch } from './algorithm.js';
export { type AlgorithmName, algorithms } from './algorithms/catalogue.js';
export { type Configuration, configured } from './algorithms/configured.js';
export { ctaea } from './algorithms/ctaea.js';
export {
  type BatchFunction,
  type Course,
  type EvolveOptions,
  evolve,
  proceed,
} from './algorithms/evolve.js';
export {
  type MuPlusLambdaParts,
  muPlusLambda,
  type ParentSelection,
  type Ranking,
  type Survival,
  type Variation,
} from './algorithms/mu-plus-lambda.js';
export { nsga2 } from './algorithms/nsga2.js';
export { nsga3 } from './algorithms/nsga3.js';
export { randomSearch } from './algorithms/random-search.js';
export type { Evaluation, Fault, Origin } from './archive.js';
export type {
  ApplyReport,
  ApplyRequest,
  Candidate,
  Compression,
  CompressionOptions,
  Measurement,
  PackReport,
  PackRequest,
  ReportFigures,
  ReportImages,
} from './cli/compression.js';
export type { NetworkOnData } from './cli/network-on-data.js';
export type { WeightsRequest } from './cli/statistics-contract.js';
export { kneePoint } from './decision/knee-point.js';
export { pseudoWeightPick, pseudoWeights } from './decision/pseudo-weights.js';
export { weightedPick } from './decision/weighted-pick.js';
export { InputError, RunError, show } from './errors.js';
export type {
  EvaluationSetting,
  Evaluator,
  FailedOutcome,
  MeasuredOutcome,
  OpenEvaluator,
  Outcome,
  Settle,
  Task,
} from './evaluation/evaluator.js';
export type { ExecutionOptions, JournalOptions } from './evaluation/execution.js';
export { inProcess } from './evaluation/in-process.js';
export type { WorkerContext } from './evaluation/load-problem.js';
export { type WorkersOptions, workers } from './evaluation/workers.js';
export type { HypervolumeRecord } from './hypervolume-record.js';
export { additiveEpsilon, multiplicativeEpsilon } from './indicators/epsilon.js';
export { generationalDistance, generationalDistancePlus } from './indicators/generational-distance.js';
export { type HypervolumeWorkspace, hypervolume, hypervolumeWorkspace } from './indicators/hypervolume.js';
export { hypervolumeContributions } from './indicators/hypervolume-contributions.js';
export {
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
} from './indicators/inverted-generational-distance.js';
export type { FrontIndicator } from './indicators/point-sets.js';
export { spacing } from './indicators/spacing.js';
export { type Random, randomOf, seedOf } from './math/random.js';
export { numericFunction } from './numeric-function.js';
export { halton, haltonPoints } from './operators/halton.js';
export { latinHypercube, type Sampling, uniformSample } from './operators/sampling.js';
export { sobol, sobolPoints } from './operators/sobol.js';
export { type VariationOptions, vary } from './operators/variation.js';
export { optimize, type Run, type Solution } from './optimize.js';
export type { Budget, OptimizeOptions, Progress, ResolvedOptions } from './options.js';
export { createPopulation, type Population, type Shape } from './population.js';
export {
  atLeast,
  atMost,
  type Bound,
  type Constraint,
  defineProblem,
  type EvaluationContext,
  type Metric,
  type MetricOptions,
  type Metrics,
  type MetricValues,
  maximize,
  minimize,
  type NamedDeclaration,
  type NamedEvaluation,
  type NumericDeclaration,
  type NumericEvaluation,
  type Objective,
  type Problem,
  record,
} from './problem.js';
export { associate, type Scale, scaleBetween, toUnitLength } from './ranking/association.js';
export { constrainedSort } from './ranking/constrained-sort.js';
export { type CrowdingScratch, crowdingDistance } from './ranking/crowding-distance.js';
export { cutByCrowding, type ThinningScratch, thinByCrowding } from './ranking/crowding-thinning.js';
export { constrainedDominates, dominates } from './ranking/dominance.js';
export { nondominatedSort, type SortScratch } from './ranking/nondominated-sort.js';
export { dasDennis, type ReferenceDirections, twoLayers } from './ranking/reference-directions.js';
export { rieszEnergy } from './ranking/riesz-energy.js';
export { reportPage } from './report/page.js';
export {
  bestWithin,
  lossOf,
  type QuantizerCell,
  type RateDistortionData,
  type RateDistortionPoint,
  SCOPES,
  type Scope,
} from './report/rate-distortion-data.js';
export { type NamedRun, readRun } from './report/read-run.js';
export { type EvaluationRecord, type RunRecord, runRecord } from './report/run-record.js';
export type { WeightFit, WeightHistogram, WeightSummary, WeightsData } from './report/weights-data.js';
export type { StartOptions } from './search/start.js';
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
  spaceOf,
  type ValuesOf,
  type Variable,
  type Variables,
} from './space.js';
export {
  COMPRESSION_FACTORS,
  eachForItself,
  type Factor,
  type FactorPoint,
  type FactorStudy,
  factorial,
  groupOf,
  rankCorrelations,
} from './study/factors.js';
export { holm, rankSumTest } from './study/rank-sum.js';
export type { RateDistortion } from './study/rate-distortion.js';
export { runStudy } from './study/run-study.js';
export { type Cell, checkStudy, type Study, type StudyProblem } from './study/study.js';
export {
  type Comparison,
  type ConfigurationResult,
  type ProblemResult,
  studyResult,
} from './study/study-result.js';
export type {
  CellProgress,
  CellWorkers,
  FinishedCell,
  OpenProblem,
  StudyInWorker,
  StudySetting,
} from './study/study-setting.js';
export type {
  MetricChoice,
  SurrogateOption,
  SurrogateRecord,
  SurrogateSettings,
} from './surrogate-choice.js';
export { regressors } from './surrogates/catalogue.js';
export type { Validation, ValidationOptions } from './surrogates/cross-validation.js';
export { type InfillRule, infillRules, type OwnInfillRule, type Points } from './surrogates/infill.js';
export type { OwnMetric, Score } from './surrogates/metrics.js';
export type { ModelRecord } from './surrogates/model-record.js';
export type { TransformName } from './surrogates/output-transform.js';
export {
  type Fit,
  FitError,
  type HeldOutFit,
  type Predictor,
  type Regressor,
} from './surrogates/regressor.js';
export {
  type ScoredRegressor,
  type Selection,
  type SelectionMetric,
  selectRegressor,
} from './surrogates/select.js';
export {
  allOf,
  anyOf,
  type Generation,
  hypervolumeStagnation,
  maximumEvaluations,
  maximumGenerations,
  maximumSeconds,
  type StagnationOptions,
  type Termination,
} from './termination.js';
