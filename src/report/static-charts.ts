import type { ProblemResult } from '../study/study-result.js';
import { boxesChart, boxesHeight, coursesChart } from './charts/boxes.js';
import { frontChart, type View } from './charts/front.js';
import { hypervolumeChart } from './charts/hypervolume.js';
import { modelsChart, modelsHeight } from './charts/models.js';
import { parallelChart } from './charts/parallel.js';
import { type ScatterData, scatterHeight, scatterMatrix } from './charts/scatter-matrix.js';
import { LIGHT } from './charts/theme.js';
import { variablesChart, variablesLayout } from './charts/variables.js';
import { axesOf } from './first-view.js';
import type { ReportData } from './report-data.js';
import { drawing, WIDTH } from './static-drawing.js';

/** The charts of a report as static SVG, by name. */
export async function staticCharts(data: ReportData): Promise<Readonly<Record<string, string>>> {
  const draw = await drawing();
  const runs = data.runs.map((_, r) => r);
  const view: View = {
    runs,
    ...axesOf(data),
    statuses: ['infeasible', 'feasible', 'closest', 'front'],
    near: true,
    brushes: [],
    selected: null,
  };
  const [metric] = data.objectives;
  return {
    front: draw(frontChart(data, view, LIGHT), 560),
    hypervolume: draw(hypervolumeChart(data, runs, LIGHT), 420),
    parallel: draw(parallelChart(data, view, LIGHT), 480),
    variables: draw(variablesChart(data, view, metric, WIDTH, LIGHT), variablesLayout(data, WIDTH).height),
    ...Object.fromEntries(
      runs
        .filter((r) => data.runs[r].models.length > 0)
        .map((r) => [
          runs.length > 1 ? `models-${r + 1}` : 'models',
          draw(modelsChart(data, r, WIDTH, LIGHT), modelsHeight(data.runs[r], WIDTH)),
        ]),
    ),
  };
}

/** The charts of a study as static SVG, by file name. */
export async function studyCharts(problems: readonly ProblemResult[]): Promise<Record<string, string>> {
  const draw = await drawing();
  return Object.fromEntries(
    problems.flatMap((result, k) => {
      const ending = problems.length > 1 ? `-${k + 1}` : '';
      return [
        [`study-boxes${ending}.svg`, draw(boxesChart(result, WIDTH, LIGHT), boxesHeight(result))],
        [`study-courses${ending}.svg`, draw(coursesChart(result, LIGHT), 420)],
      ];
    }),
  );
}

/** The chart of a factor study as static SVG, by file name. */
export async function factorsChart(data: ScatterData): Promise<Record<string, string>> {
  const draw = await drawing();
  return { 'factors.svg': draw(scatterMatrix(data, WIDTH, LIGHT), scatterHeight(data, WIDTH)) };
}
