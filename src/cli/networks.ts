import type { Run } from '../optimize.js';
import type { Compression, ReportFigures } from './compression.js';
import type { OutputFolder } from './output-folder.js';

/** What the solutions did on the images for the report, by the position of their evaluation. */
export type Reported = Readonly<Record<number, ReportFigures>>;

/** What writing the networks of a run tells of them. */
export interface WrittenNetworks {
  /** What is left of every layer, by decision vector. */
  readonly rates: ReadonlyMap<Float64Array, Readonly<Record<string, number>>>;
  readonly reported: Reported;
}

/**
 * Writes one .onnx a solution, or where nothing is feasible one for each of the closest, named by its position in `evaluations`, with its
 * vector, plan and metrics beside it; and measures each on the images for the report, where there are such.
 */
export async function writeNetworks(
  compression: Compression,
  run: Run,
  folder: OutputFolder,
): Promise<WrittenNetworks> {
  const rates = new Map<Float64Array, Readonly<Record<string, number>>>();
  const reported: Record<number, ReportFigures> = {};
  const { measuredOn, report } = compression;
  for (const { evaluation, x, metrics, feasible } of solutionsOf(run)) {
    const { bytes, plan, notes, layerRates } = await compression.candidate(x);
    rates.set(x, layerRates);
    if (report) reported[evaluation] = await report.measure(bytes);
    const beside = {
      evaluation,
      feasible,
      x: [...x],
      metrics,
      measuredOn,
      ...(report && {
        report: { ...reported[evaluation], measuredOn: { data: report.data, images: report.images } },
      }),
      plan,
      notes,
    };
    const path = `${placeOf(run)}/${networkName(evaluation)}`;
    await folder.write(`${path}.onnx`, bytes);
    await folder.write(`${path}.json`, `${JSON.stringify(beside, null, 1)}\n`);
  }
  return { rates, reported };
}

/** The file of an evaluation without its ending: `027`. */
export const networkName = (evaluation: number): string => String(evaluation).padStart(3, '0');

/** Where the networks lie beside the report, by the position of their evaluation. */
export const networkFiles = (run: Run): Record<number, string> =>
  Object.fromEntries(
    solutionsOf(run).map(({ evaluation }) => [evaluation, `${placeOf(run)}/${networkName(evaluation)}.onnx`]),
  );

const solutionsOf = ({ front, closest }: Run) => (front.length > 0 ? front : closest);
const placeOf = ({ front, closest }: Run) => (front.length > 0 || closest.length === 0 ? 'front' : 'closest');
