import type { EChartsOption } from 'echarts';
import { ending, escapeHtml } from '../format.js';
import type { WeightsData } from '../weights-data.js';
import { axisLook, frame, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** Characters of a name. */
const LONGEST = 20;
/** More layers than this are drawn without numbers. */
const NUMBERED = 24;
const TOP = 12;

export function heatMapHeight({ layers }: WeightsData, width: number): number {
  const { left, bottom } = margins(layers);
  return TOP + bottom + Math.max(120, Math.min(width - left - 20, 30 * layers.length, 760));
}

/** The width in pixels that the figures need at least, where there are any. */
export function heatMapWidth({ layers }: WeightsData): number {
  return margins(layers).left + 20 + Math.min(760, 34 * layers.length);
}

/** Room for the names, and below them for the scale of the colours. */
function margins(layers: WeightsData['layers']): { readonly left: number; readonly bottom: number } {
  const longest = Math.max(4, ...layers.map(({ name }) => Math.min(name.length, LONGEST)));
  return { left: 18 + 6.6 * longest, bottom: 62 + 6 * longest };
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
      formatter: (index: string) => ending(names[Number(index)], LONGEST),
    },
  };
  return {
    ...frame(theme),
    grid: { ...margins(layers), right: 20, top: TOP },
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
