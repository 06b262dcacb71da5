export { readCifar10 } from './data/cifar10.js';
export type { DataOptions, Dataset } from './data/dataset.js';
export { readImageFolder } from './data/image-folder.js';
export { loadDataset } from './data/load.js';
export { readSidecar } from './data/sidecar.js';
export { compressionVariables, decodeVector } from './design-vector.js';
export { type Inference, openInference } from './inference/evaluator.js';
export { type Layer, layersOf } from './onnx/layers.js';
export { loadModel } from './onnx/load.js';
export { openCompression, STAND_IN_MODEL } from './open.js';
export { type Applied, applyPlan, type Plan, type Prepared, prepare, type TensorCount } from './plan.js';
export {
  type CompressionMetric,
  type CompressionMetrics,
  type CompressionProblem,
  type CompressionProblemOptions,
  compressionProblem,
  type Measured,
} from './problem.js';
export { standInDataset } from './stand-in/images.js';
