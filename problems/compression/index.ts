export { packFile } from './coding/open-pack.js';
export { type Packed, type PackOptions, packModel } from './coding/pack.js';
export { type PackedSizeSettings, packedSizeOf } from './coding/packed-size.js';
export { type ContainerFacts, containerFacts, unpack } from './coding/unpack.js';
export { type CalibratedData, loadCalibrated } from './data/calibration.js';
export { readCifar10 } from './data/cifar10.js';
export type { DataOptions, Dataset } from './data/dataset.js';
export { readImageFolder } from './data/image-folder.js';
export { loadDataset } from './data/load.js';
export { readSidecar, type Sidecar } from './data/sidecar.js';
export { compressionVariables, decodeVector } from './design-vector.js';
export type { ExtraFigure } from './extra-metrics.js';
export { applyFile } from './full/apply-file.js';
export { type AppliedPlan, type ApplyOptions, applyFullPlan } from './full/apply-full-plan.js';
export { checkFullPlan, type FullPlan } from './full/full-plan.js';
export {
  type EvaluateOptions,
  type Inference,
  type InferenceOptions,
  type InferenceResult,
  openInference,
} from './inference/evaluator.js';
export type { PairedDifference } from './inference/paired-difference.js';
export type { RuntimeReport } from './inference/runtime.js';
export type { Timing } from './inference/timing.js';
export type {
  CommonMetric,
  CompressionMetric,
  CompressionMetrics,
  ExtraMetric,
  MeasuredMetrics,
} from './metrics.js';
export { type Layer, type LayerKind, type Layers, type LayerTensor, layersOf } from './onnx/layers.js';
export { loadModel } from './onnx/load.js';
export type { Model } from './onnx/model.js';
export { openCompression, STAND_IN_MODEL } from './open.js';
export {
  type Applied,
  applyPlan,
  type Plan,
  type Prepared,
  type PreparedTensor,
  prepare,
  type TensorCount,
} from './plan.js';
export {
  type CompressionProblem,
  type CompressionProblemOptions,
  compressionProblem,
  type DataSource,
  type Measured,
  type SpaceName,
} from './problem.js';
export type { Quantization, StaticInt8 } from './quantization/quantization.js';
export { type DatabaseOptions, type LayerDatabase, openLayerDatabase } from './recovery/database.js';
export type { Report } from './report-data.js';
export { simplified } from './simplify/simplified.js';
export { type StandInOptions, standInDataset } from './stand-in/images.js';
export { openRateDistortion, quantizerCells } from './statistics/rate-distortion.js';
export { weightStatistics, weightsFile } from './statistics/weight-statistics.js';
