import type { ApplyReport, ApplyRequest } from '../../../src/index.js';
import { loadCalibrated } from '../data/calibration.js';
import { type InferenceResult, openInference } from '../inference/evaluator.js';
import { loadModel } from '../onnx/load.js';
import { writeModel } from '../onnx/write.js';
import { modelPath } from '../open.js';
import { prepare } from '../plan.js';
import { sampleShapeOf } from '../problem.js';
import { applyFullPlan } from './apply-full-plan.js';
import { checkFullPlan } from './full-plan.js';

/** Applies a plan to a model and measures both: what `fronteira apply` does. */
export async function applyFile(request: ApplyRequest): Promise<ApplyReport> {
  const plan = checkFullPlan(request.plan);
  const path = modelPath(request.model);
  const model = loadModel(path);
  const { dataset, calibration } = await loadCalibrated(path, sampleShapeOf(model), request);
  const baseline = prepare(model).bytes;
  const inference = await openInference({ baseline, dataset, threads: request.threads });
  try {
    const before = await inference.evaluate(baseline);
    const threads = inference.runtime.threads;
    const applied = await applyFullPlan(model, plan, { calibration, threads });
    const bytes = writeModel(applied.model);
    const after = await inference.evaluate(bytes, { time: true });
    return {
      bytes,
      accuracy: after.accuracy,
      time: after.time!,
      baseline: { size: baseline.length, accuracy: before.accuracy },
      agreement: agreementOf(before, after),
      images: dataset.count,
      data: dataset.name,
      calibration: calibration.name,
      notes: applied.notes,
    };
  } finally {
    await inference.close();
  }
}

/** The share of samples that both give the same class. */
function agreementOf(a: InferenceResult, b: InferenceResult): number {
  return a.predictions.filter((label, i) => label === b.predictions[i]).length / a.count;
}
