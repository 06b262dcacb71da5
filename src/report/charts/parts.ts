import type { EChartsOption } from 'echarts';
import { escapeHtml } from '../format.js';
import type { ReportData } from '../report-data.js';
import { axisLook, frame, shortened, tooltip } from './axes.js';
import type { Selection } from './front.js';
import type { Theme } from './theme.js';

/** The height of the chart in pixels. */
export function partsHeight(count: number): number {
  return 56 + 24 * count;
}

/** The shares by part of one evaluation: what is left of every layer. */
export function partsChart(
  { runs }: ReportData,
  { run, evaluation }: Selection,
  theme: Theme,
): EChartsOption {
  const { names, shares } = runs[run].parts!;
  const look = axisLook(theme);
  const percent = (value: number) => `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
  return {
    ...frame(theme),
    grid: { left: 110, right: 52, top: 6, bottom: 26 },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { name, value } = given as { name: string; value: number };
        return `<div class="tip">${escapeHtml(name)}: <b>${percent(value)}</b> not zero</div>`;
      },
    },
    xAxis: {
      ...look,
      type: 'value',
      min: 0,
      max: 1,
      axisLabel: { ...look.axisLabel, formatter: percent },
    },
    yAxis: {
      ...look,
      type: 'category',
      inverse: true,
      data: [...names],
      axisLabel: {
        ...look.axisLabel,
        interval: 0,
        color: theme.ink,
        formatter: (name: string) => shortened(name, 15),
      },
    },
    series: [
      {
        type: 'bar',
        data: [...(shares[evaluation] ?? [])],
        barWidth: '62%',
        showBackground: true,
        backgroundStyle: { color: theme.line, borderRadius: 3 },
        itemStyle: { color: theme.status.feasible, borderRadius: 3 },
        label: {
          show: true,
          position: 'right',
          color: theme.muted,
          fontSize: 11,
          formatter: ({ value }) => percent(value as number),
        },
      },
    ],
  };
}
