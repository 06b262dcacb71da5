import type { EChartsOption, SeriesOption } from 'echarts';
import { quantileSorted } from 'simple-statistics';
import { escapeHtml, figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { frame, numberAxis, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** The most runs that are named beside the chart. */
const NAMED = 10;

/** The hypervolume after each evaluation: a line a run, and for several runs the median and the quartiles around it. */
export function hypervolumeChart(data: ReportData, runs: readonly number[], theme: Theme): EChartsOption {
  const several = runs.length > 1;
  const lines = runs.map((r, position): SeriesOption => {
    const color = several ? theme.series[position % theme.series.length] : theme.status.feasible;
    return {
      type: 'line',
      name: data.runs[r].name,
      data: data.runs[r].history.map((value, i) => [i + 1, value]),
      step: 'end',
      symbol: 'none',
      lineStyle: { color, width: several ? 1.2 : 2.5, opacity: several ? 0.7 : 1 },
      itemStyle: { color },
      ...(!several && { areaStyle: { color, opacity: 0.1, origin: 'start' } }),
    };
  });
  return {
    ...frame(theme),
    grid: { left: 78, right: 28, top: several ? 44 : 22, bottom: 52 },
    legend: {
      show: several,
      type: 'scroll',
      top: 0,
      textStyle: { color: theme.ink },
      data: ['median', 'quartiles', ...runs.slice(0, NAMED).map((r) => data.runs[r].name)],
    },
    tooltip: {
      ...tooltip(theme, 'axis'),
      formatter: (given: unknown) => {
        const items = (given as { seriesName: string; data: [number, number] }[]).filter(
          ({ seriesName, data: point }) => !seriesName.startsWith('quartile') && point?.[1] !== undefined,
        );
        const shown = items.slice(0, NAMED + 1);
        const rows = shown.map(
          ({ seriesName, data: point }) =>
            `<tr><td>${escapeHtml(seriesName)}</td><td><b>${figure(point[1], 5)}</b></td></tr>`,
        );
        return `<div class="tip">after ${items[0]?.data[0] ?? ''} evaluations<table>${rows.join('')}</table></div>`;
      },
    },
    xAxis: { ...numberAxis(theme, 'evaluations', 'x'), min: 1, scale: false, minInterval: 1 },
    yAxis: { ...numberAxis(theme, 'hypervolume ↑', 'y'), scale: false },
    series: several ? [...spread(data, runs, theme), ...lines] : lines,
  };
}

/** As far as all runs go. */
function spread(data: ReportData, runs: readonly number[], theme: Theme): SeriesOption[] {
  const length = Math.min(...runs.map((r) => data.runs[r].history.length));
  const at = Array.from({ length }, (_, i) => runs.map((r) => data.runs[r].history[i]).sort((a, b) => a - b));
  const band = (name: string, values: number[], visible: boolean): SeriesOption => ({
    type: 'line',
    name,
    stack: 'quartiles',
    data: values.map((value, i) => [i + 1, value]),
    step: 'end',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
    itemStyle: { color: theme.muted },
    ...(visible && { areaStyle: { color: theme.muted, opacity: 0.22 } }),
  });
  const lower = at.map((values) => quantileSorted(values, 0.25));
  return [
    band('quartile, lower', lower, false),
    band(
      'quartiles',
      at.map((values, i) => quantileSorted(values, 0.75) - lower[i]),
      true,
    ),
    {
      type: 'line',
      name: 'median',
      data: at.map((values, i) => [i + 1, quantileSorted(values, 0.5)]),
      step: 'end',
      symbol: 'none',
      lineStyle: { color: theme.ink, width: 3 },
      itemStyle: { color: theme.ink },
      z: 5,
    },
  ];
}
