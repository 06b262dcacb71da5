import type { EChartsOption } from 'echarts';
import { quantileSorted } from 'simple-statistics';
import { escapeHtml, figure } from '../format.js';
import type { ReportData, RunView } from '../report-data.js';
import { pretty } from '../words.js';
import { axisLook, frame, shortened, tooltip } from './axes.js';
import type { Theme } from './theme.js';

type Model = RunView['models'][number];

/** What a model is called: its regressor, and how the outputs were bent for it. */
export function modelName({ regressor, transform }: Pick<Model, 'regressor' | 'transform'>): string {
  return transform === undefined || transform === 'none' ? regressor : `${regressor}, ${transform}`;
}

/** The models of a run by their names, the most often chosen first. */
export function modelNames({ models }: RunView): string[] {
  const counts = new Map<string, number>();
  for (const model of models) counts.set(modelName(model), (counts.get(modelName(model)) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
}

const [LEFT, RIGHT, ROW, LEGEND_ROW] = [150, 24, 40, 24];

/** The lines that the legend takes in a width of pixels, reckoned from the lengths of the names. */
function legendLines(run: RunView, width: number): number {
  const total = modelNames(run).reduce((sum, name) => sum + 44 + 7.2 * name.length, 0);
  return Math.ceil((1.15 * total) / width);
}

/** The height of the chart of a run in pixels. */
export function modelsHeight(run: RunView, width: number): number {
  const outputs = new Set(run.models.map(({ name }) => name)).size;
  return 76 + ROW * outputs + LEGEND_ROW * legendLines(run, width);
}

/** The model chosen for every output (rows) in every round (columns); its scores in the tooltip. */
export function modelsChart({ runs }: ReportData, r: number, width: number, theme: Theme): EChartsOption {
  const { models } = runs[r];
  const outputs = [...new Set(models.map(({ name }) => name))].reverse();
  const rounds = [...new Set(models.map(({ round }) => round))];
  const look = axisLook(theme);
  const cell = Math.max(2, (width - LEFT - RIGHT) / rounds.length - 2);
  return {
    ...frame(theme),
    grid: { left: LEFT, right: RIGHT, top: 12, bottom: 64 + LEGEND_ROW * legendLines(runs[r], width) },
    legend: { bottom: 0, itemWidth: 14, itemHeight: 14, icon: 'roundRect', textStyle: { color: theme.ink } },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => modelTooltip(models[(given as { data: number[] }).data[2]]),
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
      data: outputs.map(pretty),
      axisLabel: { ...look.axisLabel, color: theme.ink, formatter: (name: string) => shortened(name, 20) },
      splitLine: { show: false },
    },
    series: modelNames(runs[r]).map((name, k) => ({
      type: 'scatter' as const,
      name,
      symbol: 'rect',
      symbolSize: [cell, ROW - 4],
      itemStyle: { color: theme.series[k % theme.series.length], opacity: 1 },
      data: models.flatMap((model, i) =>
        modelName(model) === name ? [[rounds.indexOf(model.round), outputs.indexOf(model.name), i]] : [],
      ),
    })),
  };
}

/** Candidates in a tooltip, the best of them. */
const SHOWN = 10;

function modelTooltip(model: Model): string {
  const { round, name, metric, score, candidates, warning } = model;
  const rows = (candidates ?? [])
    .filter((candidate) => candidate.score !== null)
    .sort((a, b) => a.score! - b.score!)
    .slice(0, SHOWN)
    .map(({ name: regressor, transform = 'none', score: value }) => {
      const words = escapeHtml(modelName({ regressor, transform }));
      return `<tr><td>${words}</td><td>${figure(value)}</td></tr>`;
    });
  const scored = score === null || score === undefined ? '' : `, ${escapeHtml(metric)} ${figure(score)}`;
  const doubt = warning === undefined ? '' : `<br>${escapeHtml(warning)}`;
  return `<div class="tip">round ${round} · ${escapeHtml(name)}<br><b>${escapeHtml(modelName(model))}</b>${scored}${doubt}<table>${rows.join('')}</table></div>`;
}

/** How often each model was chosen for each output, with the median of its scores: rows of words, the most often first. */
export function modelRows({ models }: RunView): string[][] {
  const groups = new Map<string, Model[]>();
  for (const model of models) {
    const key = JSON.stringify([model.name, modelName(model)]);
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  const outputs = [...new Set(models.map(({ name }) => name))];
  return [...groups.values()]
    .sort((a, b) => outputs.indexOf(a[0].name) - outputs.indexOf(b[0].name) || b.length - a.length)
    .map((same) => {
      const scores = same.flatMap(({ score }) => (score === null || score === undefined ? [] : [score]));
      scores.sort((a, b) => a - b);
      const middle = scores.length > 0 ? quantileSorted(scores, 0.5) : null;
      return [same[0].name, modelName(same[0]), String(same.length), same[0].metric, figure(middle)];
    });
}

/** What is to be doubted of the models of a run, each once. */
export function modelWarnings({ models }: RunView): string[] {
  return [
    ...new Set(models.flatMap(({ name, warning }) => (warning === undefined ? [] : [`${name}: ${warning}`]))),
  ];
}
