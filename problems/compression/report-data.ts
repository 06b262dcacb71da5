import type { ReportFigures, ReportImages } from '../../src/index.js';
import type { Dataset } from './data/dataset.js';
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
      const answers = await inference.baselinePredictions();
      const share = (right: (label: number, i: number) => boolean) =>
        answers.reduce((sum, label, i) => sum + (right(label, i) ? 1 : 0), 0) / own.count;
      return {
        accuracy: own.accuracy,
        baseline: share((label, i) => label === dataset.labels[i]),
        agreement: share((label, i) => label === own.predictions[i]),
      };
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
