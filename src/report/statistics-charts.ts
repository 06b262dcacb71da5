import { correlationsChart, heatMapHeight } from './charts/heat-map.js';
import { rateDistortionChart } from './charts/rate-distortion.js';
import { LIGHT } from './charts/theme.js';
import { smallHistograms, smallHistogramsHeight, weightHistogram } from './charts/weight-histogram.js';
import { type RateDistortionData, SCOPES } from './rate-distortion-data.js';
import { drawing, WIDTH } from './static-drawing.js';
import type { WeightsData } from './weights-data.js';

/** The charts of the statistics of weights as static SVG, by file name. */
export async function weightsCharts(data: WeightsData): Promise<Record<string, string>> {
  const draw = await drawing();
  return {
    'weights-overall.svg': draw(weightHistogram(data.overall, LIGHT), 460),
    'weights-layers.svg': draw(smallHistograms(data, WIDTH, LIGHT), smallHistogramsHeight(data, WIDTH)),
    'weights-correlations.svg': draw(correlationsChart(data, LIGHT), heatMapHeight(data, WIDTH)),
  };
}

/** The curves of a rate-distortion study as static SVG, by file name: each scope that was measured, top-1 and top-5. */
export async function rateDistortionCharts(data: RateDistortionData): Promise<Record<string, string>> {
  const draw = await drawing();
  const scopes = SCOPES.filter((scope) => data.points.some((point) => point.scope === scope));
  return Object.fromEntries(
    scopes.flatMap((scope) =>
      (['correct', 'withinFive'] as const).map((answers) => [
        `rate-distortion-${scope}-top${answers === 'correct' ? 1 : 5}.svg`,
        draw(rateDistortionChart(data, { scope, answers, near: true }, LIGHT), 560),
      ]),
    ),
  );
}
