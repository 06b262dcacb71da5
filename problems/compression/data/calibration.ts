import { InputError } from '../../../src/index.js';
import type { Dataset } from './dataset.js';
import { loadBeside } from './load-beside.js';

/** Of data that calibrate and measure both, every so many-th part calibrates. */
const SHARE = 8;
/** Of data that measure too, this many calibrate at most. */
const MOST_APART = 512;
/** Samples read at most from data of their own; what calibrates takes the first that it can bear. */
export const MOST_CALIBRATION = 2048;

/** What to measure and what to calibrate with, as the command line names it. */
export interface CalibratedData {
  /** Labelled samples: see `loadDataset`. */
  readonly data: string;
  /** Others to calibrate with; a part of `data` is set apart where it is not given. */
  readonly calibration?: string;
  readonly limit?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

/**
 * Labelled samples and, disjoint from them, samples to calibrate with. Without data of their own for that, the last eighth
 * of the labelled ones calibrates (512 at most), and the others are left to measure. `model` is the path of the model,
 * beside which a sidecar may lie. Throws an InputError where there are too few.
 */
export async function loadCalibrated(
  model: string,
  sampleShape: readonly number[] | undefined,
  request: CalibratedData,
): Promise<{ readonly dataset: Dataset; readonly calibration: Dataset }> {
  const { mean, std } = request;
  const load = (spec: string, limit?: number) => loadBeside(model, spec, { limit, mean, std, sampleShape });
  const dataset = await load(request.data, request.limit);
  return request.calibration === undefined
    ? setApart(dataset)
    : { dataset, calibration: await load(request.calibration, MOST_CALIBRATION) };
}

/** The last eighth of labelled samples to calibrate with (512 at most), and the others. Throws an InputError on fewer than 8. */
export function setApart(data: Dataset): { readonly dataset: Dataset; readonly calibration: Dataset } {
  const apart = Math.min(MOST_APART, Math.floor(data.count / SHARE));
  if (apart < 1)
    throw new InputError(
      `there must be at least ${SHARE} images, or calibration images of their own, got ${data.count}`,
    );
  const first = data.count - apart;
  return {
    dataset: { ...data, count: first, labels: data.labels.subarray(0, first) },
    calibration: {
      ...data,
      name: `${data.name}, images ${first} and on`,
      count: apart,
      labels: data.labels.subarray(first),
      read: (from, count, out) => data.read(first + from, count, out),
    },
  };
}
