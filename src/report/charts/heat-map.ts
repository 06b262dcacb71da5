import type { EChartsOption } from 'echarts';
import { ending, escapeHtml } from '../format.js';
import type { WeightsData } from '../weights-data.js';
import { axisLook, frame, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** More layers than this are drawn without numbers. */
const NUMBERED = 24;
const [LEFT, TOP, BOTTOM] = [150, 12, 190];

export function heatMapHeight({ layers }: WeightsData, width: number): number {
  return TOP + BOTTOM + Math.max(120, Math.min(width - LEFT - 20, 30 * layers.length, 760));
}

/** The correlation of every two layers, from -1 to 1 by colour. */
export function correlationsChart({ layers, correlations }: WeightsData, theme: Theme): EChartsOption {
  const names = layers.map(({ name }) => name);
  const look = axisLook(theme);
  const axis = {
    ...look,
    type: 'category' as const,
    // Layers may share a name.
    data: names.map((_, i) => i),
    splitLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      ...look.axisLabel,
      fontSize: 11,
      interval: names.length > 60 ? ('auto' as const) : 0,
      formatter: (index: string) => ending(names[Number(index)], 20),
    },
  };
  return {
    ...frame(theme),
    grid: { left: LEFT, right: 20, top: TOP, bottom: BOTTOM },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const [i, j, r] = (given as { data: [number, number, number | '-'] }).data;
        return `<div class="tip">${escapeHtml(names[i])}<br>${escapeHtml(names[j])}<br><b>${r === '-' ? 'no correlation exists' : r.toFixed(3)}</b></div>`;
      },
    },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, rotate: 60 } },
    yAxis: { ...axis, inverse: true },
    visualMap: {
      type: 'continuous',
      min: -1,
      max: 1,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 4,
      itemWidth: 14,
      itemHeight: 240,
      text: ['1', '-1'],
      textStyle: { color: theme.ink },
      inRange: { color: [theme.series[0], theme.surface, theme.series[1]] },
    },
    series: [
      {
        type: 'heatmap',
        data: correlations.flatMap((row, i) => row.map((r, j) => [i, j, r ?? '-'])),
        itemStyle: { borderColor: theme.line, borderWidth: 1 },
        label: {
          show: names.length <= NUMBERED,
          fontSize: 10,
          color: theme.ink,
          formatter: (given: unknown) => {
            const [i, j, r] = (given as { data: [number, number, number | '-'] }).data;
            return i === j || r === '-' ? '' : r.toFixed(2).replace('0.', '.');
          },
        },
      },
    ],
  };
}
