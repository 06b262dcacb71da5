import type { EChartsOption, SeriesOption } from 'echarts';
import { sampleRankCorrelation } from 'simple-statistics';
import { figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { axisName } from '../words.js';
import { columnAxis, frame, shortened, tooltip } from './axes.js';
import { type Point, pointsOf, type View } from './front.js';
import { solutionTooltip } from './solution-tooltip.js';
import { SIGN, type Theme } from './theme.js';

/** The most variables that get a chart of their own. */
const MOST = 24;
const ROW_HEIGHT = 230;
const NARROWEST = 250;

/** The variables with how strongly they go with the metric (Spearman, NaN where unknown), strongest first. */
export function variablesByStrength(
  { columns, runs }: ReportData,
  view: Pick<View, 'runs'>,
  metric: number,
): { readonly column: number; readonly correlation: number }[] {
  return columns
    .flatMap(({ group }, column) => {
      if (group !== 'variable') return [];
      const pairs = view.runs.flatMap((r) =>
        runs[r].values[metric].flatMap((y, i) =>
          y === null ? [] : [[runs[r].values[column][i] as number, y]],
        ),
      );
      const correlation =
        pairs.length < 2
          ? Number.NaN
          : sampleRankCorrelation(
              pairs.map(([x]) => x),
              pairs.map(([, y]) => y),
            );
      return [{ column, correlation }];
    })
    .sort((a, b) => strength(b.correlation) - strength(a.correlation) || a.column - b.column);
}

const strength = (correlation: number) => (Number.isNaN(correlation) ? -1 : Math.abs(correlation));

/** How many charts stand beside each other in a width of pixels, and how high all are. */
export function variablesLayout(
  data: ReportData,
  width: number,
): { columns: number; rows: number; height: number } {
  const count = Math.min(MOST, data.columns.filter(({ group }) => group === 'variable').length);
  const columns = Math.max(1, Math.min(4, count, Math.floor(width / NARROWEST)));
  const rows = Math.ceil(count / columns);
  return { columns, rows, height: rows * ROW_HEIGHT };
}

/** What each variable does to a metric: a small chart a variable, the strongest first. */
export function variablesChart(
  data: ReportData,
  view: View,
  metric: number,
  width: number,
  theme: Theme,
): EChartsOption {
  const layout = variablesLayout(data, width);
  const shown = variablesByStrength(data, view, metric).slice(0, MOST);
  const cell = width / layout.columns;
  const place = (k: number) => ({
    left: (k % layout.columns) * cell + 52,
    top: Math.floor(k / layout.columns) * ROW_HEIGHT + 34,
  });
  return {
    ...frame(theme),
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { data: point } = given as { readonly data: Point };
        return solutionTooltip(data, point[2], point[3]);
      },
    },
    title: shown.map(({ column, correlation }, k) => ({
      text: shortened(data.columns[column].label, Math.floor(cell / 11)),
      subtext: Number.isNaN(correlation)
        ? ''
        : `ρ ${figure(Math.round(100 * correlation) / 100).replace('-', '−')}`,
      left: place(k).left - 4,
      top: place(k).top - 34,
      itemGap: 7,
      textStyle: { fontSize: 13, color: theme.ink, width: cell - 110, overflow: 'truncate' as const },
      subtextStyle: { fontSize: 12, color: theme.muted },
    })),
    grid: shown.map((_, k) => ({
      ...place(k),
      top: place(k).top + 8,
      width: cell - 72,
      height: ROW_HEIGHT - 76,
    })),
    xAxis: shown.map(({ column }, k) => ({
      ...columnAxis(theme, data.columns[column], 'x'),
      name: '',
      gridIndex: k,
    })),
    yAxis: shown.map((_, k) => ({
      ...columnAxis(theme, data.columns[metric], 'y'),
      name: k % layout.columns === 0 ? axisName(data.columns[metric]) : '',
      nameGap: 38,
      splitNumber: 3,
      gridIndex: k,
    })),
    series: shown.flatMap(({ column }, k) =>
      (['infeasible', 'feasible', 'closest', 'front'] as const)
        .filter((status) => view.statuses.includes(status))
        .map(
          (status): SeriesOption => ({
            type: 'scatter',
            xAxisIndex: k,
            yAxisIndex: k,
            data: pointsOf(data, { ...view, x: column, y: metric }, status),
            symbol: SIGN[status].symbol,
            symbolSize: SIGN[status].size * 0.65,
            itemStyle: { color: theme.status[status], opacity: status === 'front' ? 1 : 0.5 },
            progressive: 0,
          }),
        ),
    ),
  };
}
