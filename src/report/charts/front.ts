import type { EChartsOption, SeriesOption } from 'echarts';
import { type Brush, isWithin } from '../brush.js';
import { figure } from '../format.js';
import type { ReportData, Status } from '../report-data.js';
import { pretty, STATUS_WORDS } from '../words.js';
import { columnAxis, frame, tooltip } from './axes.js';
import { solutionTooltip } from './solution-tooltip.js';
import { SIGN, type Theme } from './theme.js';

/** One evaluation of one run. */
export interface Selection {
  readonly run: number;
  readonly evaluation: number;
}

/** What of the data a chart shows. */
export interface View {
  /** Positions of the runs shown. */
  readonly runs: readonly number[];
  /** Columns on the axes. */
  readonly x: number;
  readonly y: number;
  readonly statuses: readonly Status[];
  /** The axes hold what is feasible and not the rest, where anything is. */
  readonly near: boolean;
  /** Only what lies within all of them is shown. */
  readonly brushes: readonly Brush[];
  /** Not drawn here: the page marks it without drawing all points again. */
  readonly selected: Selection | null;
}

/** From back to front. */
const DRAWN: readonly Status[] = ['infeasible', 'feasible', 'closest', 'front'];

/** A point of the chart: x, y, run, evaluation. */
export type Point = [x: number, y: number, run: number, evaluation: number];

/** The points of one status within the brushes, those without a number left out. */
export function pointsOf({ runs }: ReportData, view: View, status: Status): Point[] {
  return view.runs.flatMap((r) =>
    runs[r].status.flatMap((s, i): Point[] => {
      const x = runs[r].values[view.x][i];
      const y = runs[r].values[view.y][i];
      return s === status && x !== null && y !== null && isWithin(view.brushes, runs[r], i)
        ? [[x, y, r, i]]
        : [];
    }),
  );
}

/**
 * Every evaluation by two of its columns; infeasible, feasible and front differ in shape and colour, bounds are drawn, and
 * a line joins the front where the axes are the two objectives.
 */
export function frontChart(data: ReportData, view: View, theme: Theme): EChartsOption {
  const series = DRAWN.filter((status) => view.statuses.includes(status)).map((status): SeriesOption => {
    const points = pointsOf(data, view, status);
    return {
      type: 'scatter',
      id: status,
      name: STATUS_WORDS[status],
      data: points,
      symbol: SIGN[status].symbol,
      symbolSize: SIGN[status].size,
      itemStyle: {
        color: theme.status[status],
        opacity: status === 'front' || status === 'closest' ? 1 : points.length > 1000 ? 0.4 : 0.65,
        borderColor: theme.surface,
        borderWidth: status === 'front' || status === 'closest' ? 1 : 0,
      },
      emphasis: { scale: 1.4 },
      progressive: 0,
      z: DRAWN.indexOf(status) + 3,
    };
  });
  return {
    ...frame(theme),
    grid: { left: 78, right: 28, top: 26, bottom: 52 },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { data: point } = given as { readonly data: Point };
        return Array.isArray(point) && point.length === 4 ? solutionTooltip(data, point[2], point[3]) : '';
      },
    },
    xAxis: axis(data, view, 'x', theme),
    yAxis: axis(data, view, 'y', theme),
    series: [
      ...series,
      ...frontLines(data, view, theme),
      ...bounds(data, view, theme),
      ...baseline(data, view, theme),
    ],
  };
}

function axis(data: ReportData, view: View, way: 'x' | 'y', theme: Theme) {
  const whole = columnAxis(theme, data.columns[view[way]], way);
  const near = nearRange(data, view, view[way]);
  if (near === null) return whole;
  const [min, max] = near;
  return { ...whole, min, max, axisLabel: { ...whole.axisLabel, showMinLabel: false, showMaxLabel: false } };
}

/** From the least to the largest of what is feasible, brushed or not, bounds and baseline within, with some room around it. */
function nearRange(data: ReportData, view: View, column: number): [number, number] | null {
  if (!view.near || data.columns[column].words || data.columns[column].group === 'order') return null;
  const good = (['front', 'feasible'] as const).filter((status) => view.statuses.includes(status));
  const values = good.flatMap((status) =>
    pointsOf(data, { ...view, x: column, y: column, brushes: [] }, status).map(([x]) => x),
  );
  if (values.length === 0) return null;
  const start = data.baseline?.[column] ?? values[0];
  const bounds = data.bounds.filter((bound) => bound.column === column).map(({ value }) => value);
  const ends = [...bounds, start];
  const low = values.reduce((least, value) => Math.min(least, value), Math.min(...ends));
  const high = values.reduce((most, value) => Math.max(most, value), Math.max(...ends));
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

function frontLines(data: ReportData, view: View, theme: Theme): SeriesOption[] {
  const both = data.objectives.length === 2 && [view.x, view.y].every((c) => data.objectives.includes(c));
  if (!both || !view.statuses.includes('front')) return [];
  return view.runs.map((r): SeriesOption => {
    const points = pointsOf(data, { ...view, runs: [r], brushes: [] }, 'front').sort(
      (a, b) => a[0] - b[0] || a[1] - b[1],
    );
    return {
      type: 'line',
      data: points.map(([x, y]) => [x, y]),
      step: data.columns[view.x].role === 'minimize' ? 'end' : 'start', // as far as the front dominates
      symbol: 'none',
      silent: true,
      lineStyle: { color: theme.status.front, width: 1.5, opacity: 0.55 },
      z: 2,
    };
  });
}

function bounds(data: ReportData, view: View, theme: Theme): SeriesOption[] {
  const lines = data.bounds.flatMap(
    ({ name, column, value }): { name: string; xAxis?: number; yAxis?: number }[] =>
      column === view.x
        ? [{ name: pretty(name), xAxis: value }]
        : column === view.y
          ? [{ name: pretty(name), yAxis: value }]
          : [],
  );
  if (lines.length === 0) return [];
  return [
    {
      type: 'line',
      id: 'bounds',
      data: [],
      silent: true,
      markLine: {
        silent: true,
        symbol: 'none',
        lineStyle: { color: theme.bound, type: 'dashed', width: 1.5 },
        label: {
          color: theme.bound,
          fontSize: 12,
          position: 'insideStartTop',
          formatter: ({ name }) => name,
        },
        data: lines,
      },
    },
  ];
}

function baseline({ baseline: values }: ReportData, view: View, theme: Theme): SeriesOption[] {
  const x = values?.[view.x];
  const y = values?.[view.y];
  if (x === null || x === undefined || y === null || y === undefined) return [];
  return [
    {
      type: 'scatter',
      id: 'baseline',
      data: [[x, y]],
      symbol: 'pin',
      symbolSize: 22,
      itemStyle: { color: theme.ink },
      tooltip: { formatter: () => `uncompressed: ${figure(x)}, ${figure(y)}` },
      label: { show: true, position: 'left', formatter: 'uncompressed', color: theme.ink, fontSize: 12 },
      z: 8,
    },
  ];
}
