import type { EChartsOption } from 'echarts';
import { escapeHtml, figure } from '../format.js';
import type { ReportData, RunView } from '../report-data.js';
import { axisLook, frame, shortened, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** The regressors of a run by their names, the most often chosen first. */
export function regressorsOf({ models }: RunView): string[] {
  const counts = new Map<string, number>();
  for (const { regressor } of models) counts.set(regressor, (counts.get(regressor) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
}

/** The height of the chart of a run in pixels. */
export function modelsHeight({ models }: RunView): number {
  return 120 + 38 * new Set(models.map(({ name }) => name)).size;
}

/** The regressor chosen for every output (rows) in every round (columns); its scores in the tooltip. */
export function modelsChart({ runs }: ReportData, r: number, theme: Theme): EChartsOption {
  const { models } = runs[r];
  const outputs = [...new Set(models.map(({ name }) => name))].reverse();
  const rounds = [...new Set(models.map(({ round }) => round))];
  const regressors = regressorsOf(runs[r]);
  const look = axisLook(theme);
  return {
    ...frame(theme),
    grid: { left: 150, right: 24, top: 12, bottom: 92 },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => modelTooltip(models[(given as { data: number[] }).data[3]]),
    },
    xAxis: {
      ...look,
      type: 'category',
      data: rounds.map(String),
      name: 'round',
      nameLocation: 'middle',
      nameGap: 28,
      splitLine: { show: false },
    },
    yAxis: {
      ...look,
      type: 'category',
      data: outputs,
      axisLabel: { ...look.axisLabel, color: theme.ink, formatter: (name: string) => shortened(name, 20) },
      splitLine: { show: false },
    },
    visualMap: {
      type: 'piecewise',
      categories: regressors.map((_, k) => String(k)),
      dimension: 2,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemWidth: 14,
      textStyle: { color: theme.ink },
      formatter: (k: unknown) => regressors[Number(k)] ?? '',
      inRange: { color: regressors.map((_, k) => theme.series[k % theme.series.length]) },
    },
    series: [
      {
        type: 'heatmap',
        data: models.map(({ round, name, regressor }, i) => [
          rounds.indexOf(round),
          outputs.indexOf(name),
          regressors.indexOf(regressor),
          i,
        ]),
        itemStyle: { borderColor: theme.surface, borderWidth: 2 },
        progressive: 0,
      },
    ],
  };
}

function modelTooltip({
  round,
  name,
  regressor,
  metric,
  score,
  candidates,
}: RunView['models'][number]): string {
  const rows = (candidates ?? [])
    .filter((candidate) => candidate.score !== null)
    .sort((a, b) => a.score! - b.score!)
    .map(
      ({ name: other, score: value }) => `<tr><td>${escapeHtml(other)}</td><td>${figure(value)}</td></tr>`,
    );
  const scored = score === null || score === undefined ? '' : `, ${escapeHtml(metric)} ${figure(score)}`;
  return `<div class="tip">round ${round} · ${escapeHtml(name)}<br><b>${escapeHtml(regressor)}</b>${scored}<table>${rows.join('')}</table></div>`;
}
