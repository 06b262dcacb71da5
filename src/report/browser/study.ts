import type { ProblemResult } from '../../study/study-result.js';
import { verdict } from '../../study/verdict.js';
import { boxesChart, boxesHeight, coursesChart } from '../charts/boxes.js';
import { type ScatterData, scatterHeight, scatterMatrix } from '../charts/scatter-matrix.js';
import { figure } from '../format.js';
import type { StudyData } from '../study-page.js';
import type { Chart } from './chart.js';
import { byId, element, figures } from './dom.js';
import { chartOf, factsSection, head, named, scrolling } from './sections.js';
import { theme } from './theme.js';

/** The page of a study. */
export function showStudy(data: StudyData): unknown {
  const charts: Chart[] = [];
  head(data.name, charts);
  byId('main').replaceChildren(
    ...data.problems.map((result, k) => problemSection(result, k, charts)),
    factsSection(data.facts),
  );
  return { data, charts: named(charts) };
}

/** The page of a factor study. */
export function showFactors(data: ScatterData): unknown {
  const charts: Chart[] = [];
  head(data.name, charts);
  const failed = data.failures > 0 ? ` ${data.failures} combinations failed and are left out.` : '';
  byId('main').replaceChildren(
    element(
      'section',
      {},
      element('h2', {}, 'Every two metrics'),
      element(
        'p',
        { class: 'hint' },
        `${data.points.length} combinations. Below the diagonal the points, by what was done; above it Spearman’s rank correlation ρ.${failed}`,
      ),
      chartOf('chart-factors', 'Every two metrics against each other', charts, (width) => ({
        option: () => scatterMatrix(data, width, theme()),
        height: scatterHeight(data, width),
      })),
    ),
    element(
      'section',
      {},
      element('h2', {}, 'Rank correlations'),
      scrolling(
        figures(
          ['metric', ...data.metrics],
          data.metrics.map((name, i) => [
            name,
            ...data.correlations[i].map((rho) => (rho === null ? '–' : rho.toFixed(3))),
          ]),
        ),
      ),
    ),
    factsSection(data.facts),
  );
  return { data, charts: named(charts) };
}

function problemSection(result: ProblemResult, k: number, charts: Chart[]): HTMLElement {
  const { problem, configurations, comparisons, referencePoint } = result;
  const point = Object.entries(referencePoint).map(([name, value]) => `${name} ${figure(value)}`);
  const best = Math.max(...configurations.map(({ quartiles }) => quartiles[2]));
  const sure = comparisons.filter(({ p }) => p < 0.05);
  const table = figures(
    ['configuration', 'mean', 'deviation', 'lower quartile', 'median', 'upper quartile', 'wins'],
    configurations.map(({ configuration, mean, deviation, quartiles, wins, values }) => [
      configuration,
      ...[mean, deviation, quartiles[1], quartiles[2], quartiles[3]].map((value) => figure(value, 5)),
      `${wins} of ${values.length}`,
    ]),
    configurations.map(({ quartiles }) => quartiles[2] === best),
  );
  const list = sure.map(({ better, worse, difference, p }) => [
    better,
    worse,
    figure(difference, 3),
    figure(p, 2),
  ]);
  return element(
    'section',
    {},
    element('h2', {}, problem),
    element(
      'p',
      { class: 'hint' },
      `Hypervolume of the final front, up to the reference point ${point.join(', ')}; a point is a run. In bold the largest median.`,
    ),
    chartOf(`chart-boxes-${k}`, `Hypervolume by configuration on ${problem}`, charts, (width) => ({
      option: () => boxesChart(result, width, theme()),
      height: boxesHeight(result),
    })),
    scrolling(table),
    element('h3', {}, 'By evaluation'),
    chartOf(`chart-courses-${k}`, `Mean hypervolume by evaluation on ${problem}`, charts, () => ({
      option: () => coursesChart(result, theme()),
      height: 380,
    })),
    element('h3', {}, 'Pairs'),
    element('p', { class: 'hint' }, verdict(result)),
    ...(sure.length === 0
      ? []
      : [scrolling(figures(['better', 'worse', 'difference of medians', 'p'], list))]),
  );
}
