import type { EChartsType } from 'echarts/core';
import { type Brush, rangeOf, withBrush } from '../brush.js';
import { axisId, parallelChart, parallelWidth } from '../charts/parallel.js';
import type { ReportData } from '../report-data.js';
import { brushForm } from './brush-form.js';
import { type Chart, mountChart } from './chart.js';
import { byId } from './dom.js';
import type { Store } from './state.js';
import { theme } from './theme.js';

/** How long a brush must rest, in milliseconds, before the rest of the page follows it. */
const REST = 120;

/** Variables and metrics as lines. An axis is brushed with the mouse, or by its bounds in the form above: both are one state. */
export function parallelSection(data: ReportData, store: Store): Chart {
  let dragged = false;
  const form = brushForm(data, store);
  byId('chart-parallel').style.minWidth = `${parallelWidth(data, store.state)}px`;
  const chart = mountChart(
    byId('chart-parallel'),
    () => ({ option: () => parallelChart(data, store.state, theme()), height: 440 }),
    (created) =>
      onBrush(created, (brush) => {
        dragged = true; // The chart shows it already, and must not be drawn anew under the pointer.
        form.turnTo(brush.column);
        store.set({ brushes: withBrush(store.state.brushes, brush) });
        dragged = false;
      }),
    (drawn) => showBrushes(drawn, data, store.state.brushes),
  );
  store.onChange((change) => {
    if (!dragged) chart.update(change === 'selection' ? 'keep' : undefined);
  });
  return chart;
}

/** Tells of the brush of an axis once it rests. */
function onBrush(chart: EChartsType, tell: (brush: Brush) => void): void {
  let waiting: number | undefined;
  chart.on('axisareaselected', (event) => {
    const { parallelAxisId, intervals } = event as unknown as {
      readonly parallelAxisId: string;
      readonly intervals: readonly (readonly [number, number])[];
    };
    const column = Number(/\d+$/.exec(parallelAxisId)?.[0]);
    const [one = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]] = intervals;
    const [low, high] = [Math.min(...one), Math.max(...one)];
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => tell({ column, low, high }), REST);
  });
}

/** Puts the brushes on the axes of a chart drawn anew. */
function showBrushes(chart: EChartsType, data: ReportData, brushes: readonly Brush[]): void {
  if (brushes.length === 0) return;
  for (const { column, low, high } of brushes) {
    // An open end is where the values end.
    const [least, most] = rangeOf(data, column);
    const from = low === Number.NEGATIVE_INFINITY ? Math.min(least, high) : low;
    const to = high === Number.POSITIVE_INFINITY ? Math.max(most, low) : high;
    chart.dispatchAction(
      { type: 'axisAreaSelect', parallelAxisId: axisId(column), intervals: [[from, to]] },
      { silent: true },
    );
  }
  // An axis that is told so does not draw itself: what is kept is drawn with the next drawing.
  chart.setOption({});
}
