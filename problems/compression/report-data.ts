import type { ReportFigures, ReportImages } from '../../src/index.js';
import type { Dataset } from './data/dataset.js';
import { comparedAnswers } from './inference/compared-answers.js';
import { type Inference, openInference } from './inference/evaluator.js';

/** Samples that no search has seen, for figures that no choice has flattered. */
export interface Report extends ReportImages {
  /** Releases the runtime's memory. */
  close(): Promise<void>;
}

/** The data are prepared when the first network is measured. */
export function openReport(baseline: Uint8Array, dataset: Dataset, threads: number | undefined): Report {
  let opened: Promise<Inference> | undefined;
  return {
    data: dataset.name,
    images: dataset.count,
    async measure(bytes: Uint8Array): Promise<ReportFigures> {
      opened ??= openInference({ baseline, dataset, threads });
      const inference = await opened;
      const own = await inference.evaluate(bytes);
      const before = await inference.baselinePredictions();
      const { accuracy, agreement } = comparedAnswers(inference.labels, before, own.predictions);
      return { accuracy: own.accuracy, baseline: accuracy, agreement };
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
