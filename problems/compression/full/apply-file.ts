import type { ApplyReport, ApplyRequest } from '../../../src/index.js';
import { loadCalibrated } from '../data/calibration.js';
import { checkDisjoint } from '../data/disjoint.js';
import { comparedAnswers } from '../inference/compared-answers.js';
import { openInference } from '../inference/evaluator.js';
import { layersOf } from '../onnx/layers.js';
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
  const shared = request.calibration
    ? await checkDisjoint([
        { data: dataset, purpose: 'measure' },
        { data: calibration, purpose: 'calibrate' },
      ])
    : [];
  const { bytes: baseline } = prepare(model);
  const inference = await openInference({ baseline, dataset, threads: request.threads });
  try {
    const threads = inference.runtime.threads;
    const applied = await applyFullPlan(model, plan, { calibration, threads });
    const { notes } = layersOf(applied.pruned);
    const bytes = writeModel(applied.model);
    const after = await inference.evaluate(bytes, { time: true });
    const before = await inference.baselinePredictions();
    const beside = comparedAnswers(dataset.labels, before, after.predictions);
    return {
      bytes,
      accuracy: after.accuracy,
      time: after.time!,
      baseline: { size: baseline.length, accuracy: beside.accuracy },
      difference: beside.difference,
      agreement: beside.agreement,
      images: dataset.count,
      data: dataset.name,
      calibration: calibration.name,
      notes: [...notes, ...shared, ...applied.notes],
    };
  } finally {
    await inference.close();
  }
}
