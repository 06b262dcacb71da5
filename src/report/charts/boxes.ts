import type { EChartsOption } from 'echarts';
import type { ProblemResult } from '../../study/study-result.js';
import { escapeHtml, figure } from '../format.js';
import { axisLook, frame, numberAxis, shortened, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** The height of the chart in pixels. */
export function boxesHeight({ configurations }: ProblemResult): number {
  return 80 + 34 * configurations.length;
}

/** A box plot a configuration, in a width of pixels: median, quartiles and extremes of the hypervolume, and every run as a point. */
export function boxesChart({ configurations }: ProblemResult, width: number, theme: Theme): EChartsOption {
  const look = axisLook(theme);
  const names = configurations.map(({ configuration }) => configuration);
  const most = Math.max(8, Math.min(30, Math.floor((0.42 * width) / 7.4)));
  const longest = Math.max(...names.map((name) => Math.min(name.length, most)));
  return {
    ...frame(theme),
    grid: { left: 24 + 7.4 * longest, right: 28, top: 10, bottom: 52 },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { dataIndex, seriesType, data } = given as {
          dataIndex: number;
          seriesType: string;
          data: number[];
        };
        if (seriesType === 'scatter')
          return `<div class="tip">${escapeHtml(names[data[1]])}, seed ${data[2]}: <b>${figure(data[0], 5)}</b></div>`;
        const { configuration, quartiles, mean, deviation } = configurations[dataIndex];
        const rows = ['least', 'lower quartile', 'median', 'upper quartile', 'largest'].map(
          (word, k) => `<tr><td>${word}</td><td><b>${figure(quartiles[k], 5)}</b></td></tr>`,
        );
        return `<div class="tip"><b>${escapeHtml(configuration)}</b><table>${rows.join('')}<tr><td>mean ± deviation</td><td><b>${figure(mean, 5)} ± ${figure(deviation, 3)}</b></td></tr></table></div>`;
      },
    },
    xAxis: numberAxis(theme, 'hypervolume ↑', 'x'),
    yAxis: {
      ...look,
      type: 'category',
      inverse: true,
      data: names,
      axisLabel: {
        ...look.axisLabel,
        interval: 0,
        color: theme.ink,
        formatter: (name: string) => shortened(name, most),
      },
      splitLine: { show: false },
    },
    series: [
      {
        type: 'boxplot',
        data: configurations.map(({ quartiles }) => [...quartiles]),
        boxWidth: [8, 20],
        itemStyle: {
          color: `${theme.status.feasible}33`,
          borderColor: theme.status.feasible,
          borderWidth: 1.6,
        },
      },
      {
        type: 'scatter',
        data: configurations.flatMap(({ values, seeds }, c) =>
          values.map((value, k) => [value, c, seeds[k]]),
        ),
        symbolSize: 7,
        itemStyle: { color: theme.status.front, opacity: 0.75 },
        z: 4,
      },
    ],
  };
}

/** The mean hypervolume of every configuration after each evaluation. */
export function coursesChart({ configurations }: ProblemResult, theme: Theme): EChartsOption {
  const dashes = ['solid', 'dashed', 'dotted'] as const;
  return {
    ...frame(theme),
    grid: { left: 78, right: 28, top: 56, bottom: 52 },
    legend: { type: 'scroll', top: 0, textStyle: { color: theme.ink }, pageTextStyle: { color: theme.ink } },
    tooltip: {
      ...tooltip(theme, 'axis'),
      formatter: (given: unknown) => {
        const items = (given as { seriesName: string; data: [number, number] }[]).slice();
        const rows = items
          .sort((a, b) => b.data[1] - a.data[1])
          .slice(0, 18)
          .map(
            ({ seriesName, data }) =>
              `<tr><td>${escapeHtml(seriesName)}</td><td><b>${figure(data[1], 4)}</b></td></tr>`,
          );
        return `<div class="tip">mean after ${items[0]?.data[0] ?? ''} evaluations<table>${rows.join('')}</table></div>`;
      },
    },
    xAxis: { ...numberAxis(theme, 'evaluations', 'x'), min: 1, scale: false, minInterval: 1 },
    yAxis: { ...numberAxis(theme, 'mean hypervolume ↑', 'y'), scale: false },
    series: configurations.map(({ configuration, history }, k) => ({
      type: 'line' as const,
      name: configuration,
      data: history.map((value, i) => [i + 1, value]),
      step: 'end' as const,
      symbol: 'none',
      lineStyle: {
        width: 2,
        color: theme.series[k % theme.series.length],
        type: dashes[Math.floor(k / theme.series.length) % dashes.length],
      },
      itemStyle: { color: theme.series[k % theme.series.length] },
    })),
  };
}
