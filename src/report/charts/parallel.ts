import type { EChartsOption, SeriesOption } from 'echarts';
import type { ReportData, Status } from '../report-data.js';
import { axisName, valueWords } from '../words.js';
import { frame, shortened } from './axes.js';
import type { View } from './front.js';
import type { Theme } from './theme.js';
import { variablesByStrength } from './variables.js';

/** More axes than this cannot be read. */
const MOST_AXES = 16;

/** Of more lines of one kind only every k-th is drawn: they cannot be told apart, and take long. The front is drawn whole. */
const MOST_LINES = 600;

const DRAWN: readonly Status[] = ['infeasible', 'feasible', 'closest', 'front'];

/** The columns of the parallel coordinates: variables, then metrics; of many variables those that matter most. */
export function parallelColumns(data: ReportData, view: Pick<View, 'runs'>): number[] {
  const metrics = data.columns.flatMap(({ group }, c) => (group === 'metric' ? [c] : []));
  const strongest = variablesByStrength(data, view, data.objectives[0]).map(({ column }) => column);
  const room = Math.max(4, MOST_AXES - metrics.length);
  return [...strongest.slice(0, room).sort((a, b) => a - b), ...metrics];
}

/** The width in pixels that the axes need at least, to be told apart. */
export function parallelWidth(data: ReportData, view: Pick<View, 'runs'>): number {
  return 124 + 62 * (parallelColumns(data, view).length - 1);
}

/** The parallel axis of a column. */
export const axisId = (column: number) => `column-${column}`;

/** Variables and metrics of every evaluation as a line across parallel axes. */
export function parallelChart(data: ReportData, view: View, theme: Theme): EChartsOption {
  const columns = parallelColumns(data, view);
  const rows = (status: Status) =>
    view.runs.flatMap((r) =>
      data.runs[r].status.flatMap((s, i) => {
        const row = columns.map((c) => data.runs[r].values[c][i]);
        return s === status && !row.includes(null) ? [row as number[]] : [];
      }),
    );
  const lines = DRAWN.filter((status) => view.statuses.includes(status)).map((status): SeriesOption => {
    const strong = status === 'front' || status === 'closest';
    const all = rows(status);
    const step = strong ? 1 : Math.ceil(all.length / MOST_LINES);
    const found = all.filter((_, i) => i % step === 0);
    return {
      type: 'parallel',
      data: found,
      smooth: false,
      lineStyle: {
        color: theme.status[status],
        width: strong ? 2 : 1,
        opacity: strong ? 0.9 : Math.max(0.04, Math.min(0.4, 40 / found.length)),
        type: status === 'infeasible' ? 'dotted' : 'solid',
      },
      silent: true,
      progressive: 400,
      z: DRAWN.indexOf(status) + 2,
    };
  });
  return {
    ...frame(theme),
    parallel: {
      left: 64,
      right: 60,
      top: 24,
      bottom: 52,
      parallelAxisDefault: {
        nameLocation: 'start',
        nameRotate: 0,
        nameTruncate: { maxWidth: 112 }, // names stand in two rows
        axisLine: { lineStyle: { color: theme.muted } },
        axisTick: { lineStyle: { color: theme.muted } },
        axisLabel: label(theme),
        areaSelectStyle: { width: 18, opacity: 0.25, color: theme.status.feasible },
      },
    },
    parallelAxis: columns.map((c, dim) => {
      const column = data.columns[c];
      return {
        dim,
        id: axisId(c),
        name: shortened(axisName(column), 16),
        inverse: false,
        scale: true,
        nameTextStyle: {
          color: theme.ink,
          fontSize: 12,
          fontWeight: column.group === 'metric' ? ('bold' as const) : ('normal' as const),
          padding: [dim % 2 === 0 ? 0 : 16, 0, 0, 0],
        },
        ...(column.words && {
          min: column.lowest,
          max: column.lowest + column.words.length - 1,
          interval: 1,
          axisLabel: {
            ...label(theme),
            formatter: (value: number) => shortened(valueWords(column, value), 10),
          },
        }),
      };
    }),
    series: [...lines, selectedLine(data, view, columns, theme)],
  };
}

/** Figures stand among the lines: a rim in the colour of the ground keeps them readable. */
const label = ({ muted, surface }: Theme) => ({
  color: muted,
  fontSize: 11,
  textBorderColor: surface,
  textBorderWidth: 3,
});

/** Always there, so that it can be drawn anew by itself. */
function selectedLine(
  { runs }: ReportData,
  view: View,
  columns: readonly number[],
  theme: Theme,
): SeriesOption {
  const at = view.selected;
  const shown = at !== null && view.runs.includes(at.run);
  const row = shown ? columns.map((c) => runs[at.run].values[c][at.evaluation]) : [null];
  return {
    type: 'parallel',
    id: 'selected',
    data: row.includes(null) ? [] : [row as number[]],
    silent: true,
    inactiveOpacity: 1,
    lineStyle: { color: theme.selected, width: 3.5, opacity: 1 },
    z: 9,
  };
}
