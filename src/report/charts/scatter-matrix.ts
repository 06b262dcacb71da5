import type { EChartsOption, SeriesOption } from 'echarts';
import { escapeHtml, figure } from '../format.js';
import { axisLook, frame, shortened, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** Points by their metrics and groups: the content of the page of a factor study. */
export interface ScatterData {
  readonly name: string;
  readonly metrics: readonly string[];
  readonly groups: readonly string[];
  readonly points: readonly {
    readonly group: string;
    readonly values: readonly number[];
    /** The design vector in words. */
    readonly words: string;
  }[];
  /** Spearman's rank correlation of every two metrics; null where it does not exist. */
  readonly correlations: readonly (readonly (number | null)[])[];
  readonly facts: readonly (readonly [string, string])[];
  readonly failures: number;
}

const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond', 'roundRect', 'pin', 'arrow'];

/** Every two metrics against each other: points by group below the diagonal, rank correlations above it. */
export function scatterMatrix(data: ScatterData, width: number, theme: Theme): EChartsOption {
  const m = data.metrics.length;
  const [left, top, bottom, gap] = [64, 44, 44, 12];
  const cell = (width - left - 16) / m;
  const height = scatterHeight(data, width);
  const cellHeight = (height - top - bottom) / m;
  const below = data.metrics.flatMap((_, row) =>
    data.metrics.slice(0, row).map((__, column) => ({ row, column })),
  );
  const look = axisLook(theme);
  const axis = (k: number, row: number, column: number, way: 'x' | 'y') => ({
    ...look,
    gridIndex: k,
    type: 'value' as const,
    scale: true,
    splitNumber: 3,
    axisLabel: {
      ...look.axisLabel,
      show: way === 'x' ? row === m - 1 : column === 0,
      fontSize: 11,
      showMaxLabel: false,
      formatter: (value: number) => figure(value, 3),
    },
    axisTick: { show: false },
  });
  return {
    ...frame(theme),
    legend: { top: 4, data: [...data.groups], textStyle: { color: theme.ink, fontSize: 13 } },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { data: point } = given as { data: number[] };
        const { words, values, group } = data.points[point[2]];
        const rows = data.metrics.map(
          (name, j) => `<tr><td>${escapeHtml(name)}</td><td><b>${figure(values[j])}</b></td></tr>`,
        );
        return `<div class="tip"><b>${escapeHtml(group)}</b><table>${rows.join('')}</table>${escapeHtml(words)}</div>`;
      },
    },
    title: [
      ...data.metrics.map((name, j) => ({
        text: shortened(name, Math.max(6, Math.floor(cell / 8))),
        left: left + (j + 0.5) * cell,
        top: top + (j + 0.5) * cellHeight - 9,
        textAlign: 'center' as const,
        textStyle: { fontSize: 15, color: theme.ink },
      })),
      ...below.map(({ row, column }) => {
        const rho = data.correlations[row][column];
        return {
          text: rho === null ? 'ρ –' : `ρ ${rho.toFixed(2)}`,
          left: left + (row + 0.5) * cell,
          top: top + (column + 0.5) * cellHeight - 12,
          textAlign: 'center' as const,
          textStyle: {
            fontSize: 13 + Math.round(7 * Math.abs(rho ?? 0)),
            color: theme.ink,
            fontWeight: 'normal' as const,
            opacity: 0.4 + 0.6 * Math.abs(rho ?? 0),
          },
        };
      }),
    ],
    grid: below.map(({ row, column }) => ({
      left: left + column * cell + gap / 2,
      top: top + row * cellHeight + gap / 2,
      width: cell - gap,
      height: cellHeight - gap,
      show: true,
      borderColor: theme.line,
    })),
    xAxis: below.map(({ row, column }, k) => axis(k, row, column, 'x')),
    yAxis: below.map(({ row, column }, k) => axis(k, row, column, 'y')),
    series: below.flatMap(({ row, column }, k) =>
      data.groups.map(
        (group, g): SeriesOption => ({
          type: 'scatter',
          name: group,
          xAxisIndex: k,
          yAxisIndex: k,
          symbol: SYMBOLS[g % SYMBOLS.length],
          symbolSize: 8,
          z: 2 + data.groups.length - g, // the few before the many
          itemStyle: { color: theme.series[g % theme.series.length], opacity: 0.75 },
          data: data.points.flatMap((point, i) =>
            point.group === group ? [[point.values[column], point.values[row], i]] : [],
          ),
        }),
      ),
    ),
  };
}

/** Cells a little lower than wide, but never too low to read. */
export function scatterHeight({ metrics }: Pick<ScatterData, 'metrics'>, width: number): number {
  return 88 + metrics.length * Math.max(110, Math.min(190, 0.75 * ((width - 80) / metrics.length)));
}
