import type { PackReport, PackRequest } from '../../../src/index.js';
import { loadCalibrated } from '../data/calibration.js';
import { loadModel } from '../onnx/load.js';
import { modelPath } from '../open.js';
import { sampleShapeOf } from '../problem.js';
import { packModel } from './pack.js';

/** Opens model and data by their names and packs the model: what `fronteira pack` does. */
export async function packFile(request: PackRequest): Promise<PackReport> {
  const model = modelPath(request.model);
  const { dataset, calibration } = await loadCalibrated(model, sampleShapeOf(loadModel(model)), request);
  const packed = await packModel({ ...request, model, dataset, calibration });
  return { ...packed, data: dataset.name, calibration: calibration.name };
}
