import { page } from './page.js';
import type { RateDistortionData } from './rate-distortion-data.js';
import { body } from './study-page.js';
import type { WeightsData } from './weights-data.js';

/** A self-contained page of the statistics of a network's weights. */
export function weightsPage(data: WeightsData): string {
  return page(`${data.model} · weights · fronteira`, 'weights', rounded(data), body('weights'));
}

/** A self-contained page of a rate-distortion study. */
export function rateDistortionPage(data: RateDistortionData): string {
  return page(
    `${data.model} · rate and distortion · fronteira`,
    'rate-distortion',
    data,
    body('rate and distortion'),
  );
}

/** Curves are drawn: four digits of their densities are enough. */
function rounded(data: WeightsData): unknown {
  return JSON.parse(
    JSON.stringify(data, (key, value) =>
      key === 'densities' ? value.map((density: number) => Number(density.toPrecision(4))) : value,
    ),
  );
}
