import type { EChartsOption, SeriesOption } from 'echarts';
import { ending, escapeHtml, figure } from '../format.js';
import type { WeightHistogram, WeightSummary, WeightsData } from '../weights-data.js';
import { axisLook, frame, numberAxis, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** Fits drawn: the nearest. */
const DRAWN = 4;
/** So that a distribution has the same colour on every layer. */
const COLOURED = ['Laplace', 'Gaussian', 'logistic', 'Cauchy', 'gamma', 'exponential', 'alpha', 'uniform'];
const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** The histogram of one layer's weights and the fitted distributions that are nearest to it. */
export function weightHistogram({ histogram, fits }: WeightSummary, theme: Theme): EChartsOption {
  if (histogram === null) return { ...frame(theme), title: nothing(theme) };
  const { edges, centres, densities } = shapeOf(histogram);
  const nearest = fits.slice(0, DRAWN);
  return {
    ...frame(theme),
    grid: { left: 78, right: 28, top: 44, bottom: 52 },
    legend: {
      type: 'scroll',
      top: 0,
      pageTextStyle: { color: theme.ink },
      itemGap: 22,
      textStyle: { color: theme.ink },
      data: ['weights', ...nearest.map(({ family }) => family)],
    },
    tooltip: {
      ...tooltip(theme, 'axis'),
      formatter: (given: unknown) => {
        const [{ dataIndex }] = given as { dataIndex: number }[];
        const bin = Math.min(dataIndex, centres.length - 1);
        const rows = nearest.map(
          (fit) =>
            `<tr><td>${escapeHtml(fit.family)}</td><td><b>${figure(fit.densities[bin], 4)}</b></td></tr>`,
        );
        return `<div class="tip">${figure(edges[bin], 3)} to ${figure(edges[bin + 1], 3)}: <b>${histogram.counts[bin]}</b> weights<table><tr><td>density</td><td><b>${figure(densities[bin], 4)}</b></td></tr>${rows.join('')}</table></div>`;
      },
    },
    xAxis: { ...inside(numberAxis(theme, 'weight', 'x')), min: histogram.low, max: histogram.high },
    yAxis: { ...inside(numberAxis(theme, 'density', 'y')), min: 0, max: ceilingOf(densities) },
    series: [
      bars('weights', edges, densities, theme),
      ...nearest.map(
        (fit): SeriesOption => ({
          ...curve(fit.family, centres, fit.densities, theme),
          lineStyle: {
            width: 2,
            color: colourOf(fit.family, theme),
            type: DASHES[COLOURED.indexOf(fit.family) % DASHES.length],
          },
        }),
      ),
    ],
  };
}

/** Panels of the small histograms. */
const PANELS = 200;
const PANEL_HEIGHT = 150;

const columnsOf = (width: number) => Math.max(1, Math.floor(width / 235));

export function smallHistogramsHeight({ layers }: WeightsData, width: number): number {
  return 12 + PANEL_HEIGHT * Math.ceil(Math.min(PANELS, layers.length) / columnsOf(width));
}

/** A small histogram a layer, at most 200, with the nearest distribution. */
export function smallHistograms({ layers }: WeightsData, width: number, theme: Theme): EChartsOption {
  const columns = columnsOf(width);
  const cell = width / columns;
  const shown = layers.slice(0, PANELS);
  const look = axisLook(theme);
  const axis = { ...look, type: 'value' as const, axisTick: { show: false }, splitLine: { show: false } };
  const place = (k: number) => ({
    left: (k % columns) * cell + 14,
    top: Math.floor(k / columns) * PANEL_HEIGHT + 8,
  });
  return {
    ...frame(theme),
    title: shown.map(({ name, fits }, k) => ({
      ...place(k),
      text: ending(name, Math.floor(cell / 8)),
      subtext: fits[0]?.family ?? 'no distribution',
      itemGap: 2,
      padding: 0,
      textStyle: { fontSize: 12, lineHeight: 14, color: theme.ink },
      subtextStyle: {
        fontSize: 11,
        lineHeight: 13,
        color: fits[0] ? colourOf(fits[0].family, theme) : theme.muted,
      },
    })),
    grid: shown.map((_, k) => ({
      left: place(k).left,
      top: place(k).top + 32,
      width: cell - 28,
      height: PANEL_HEIGHT - 66,
    })),
    xAxis: shown.map(({ histogram }, k) => ({
      ...axis,
      gridIndex: k,
      min: histogram?.low ?? 0,
      max: histogram?.high ?? 1,
      axisLabel: {
        ...look.axisLabel,
        fontSize: 10,
        alignMinLabel: 'left' as const,
        alignMaxLabel: 'right' as const,
        customValues: histogram ? [histogram.low, 0, histogram.high] : [],
        formatter: (value: number) => figure(value, 2),
      },
    })),
    yAxis: shown.map(({ histogram }, k) => ({
      ...axis,
      gridIndex: k,
      show: false,
      min: 0,
      max: histogram ? ceilingOf(shapeOf(histogram).densities) : 1,
    })),
    series: shown.flatMap(({ name, histogram, fits }, k): SeriesOption[] => {
      if (histogram === null) return [];
      const { edges, centres, densities } = shapeOf(histogram);
      const at = { xAxisIndex: k, yAxisIndex: k, silent: true };
      return [
        { ...bars(name, edges, densities, theme), ...at },
        ...fits.slice(0, 1).map(
          (fit): SeriesOption => ({
            ...curve(fit.family, centres, fit.densities, theme),
            ...at,
          }),
        ),
      ];
    }),
  };
}

function shapeOf({ low, high, counts }: WeightHistogram) {
  const width = (high - low) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return {
    edges: Array.from({ length: counts.length + 1 }, (_, i) => low + i * width),
    centres: counts.map((_, i) => low + (i + 0.5) * width),
    densities: counts.map((count) => count / (total * width)),
  };
}

/** Without labels at its ends, which are no round numbers. */
const inside = <Axis extends { readonly axisLabel: object }>(axis: Axis) => ({
  ...axis,
  axisLabel: { ...axis.axisLabel, showMinLabel: false, showMaxLabel: false },
});

/** A distribution may rise far above the bars. */
const ceilingOf = (densities: readonly number[]) => 1.25 * Math.max(...densities);

function bars(name: string, edges: readonly number[], densities: readonly number[], theme: Theme) {
  return {
    type: 'line' as const,
    name,
    step: 'end' as const,
    symbol: 'none',
    data: edges.map((edge, i) => [edge, densities[Math.min(i, densities.length - 1)]]),
    lineStyle: { width: 1, color: theme.muted },
    itemStyle: { color: theme.muted },
    areaStyle: { color: theme.muted, opacity: 0.25, origin: 'start' as const },
  };
}

function curve(name: string, centres: readonly number[], densities: readonly number[], theme: Theme) {
  return {
    type: 'line' as const,
    name,
    symbol: 'none',
    data: centres.map((centre, i) => [centre, densities[i]]),
    lineStyle: { width: 1.6, color: colourOf(name, theme) },
    itemStyle: { color: colourOf(name, theme) },
  };
}

const colourOf = (family: string, { series }: Theme) =>
  series[Math.max(0, COLOURED.indexOf(family)) % series.length];

const nothing = (theme: Theme) => ({
  text: 'Every weight is 0, or all are the same: there is no distribution.',
  left: 'center',
  top: 'middle',
  textStyle: { fontSize: 14, fontWeight: 'normal' as const, color: theme.muted },
});
