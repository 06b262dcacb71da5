import type { EChartsOption, SeriesOption } from 'echarts';
import { escapeHtml, figure } from '../format.js';
import {
  lossOf,
  type RateDistortionData,
  type RateDistortionPoint,
  type Scope,
} from '../rate-distortion-data.js';
import { frame, numberAxis, tooltip } from './axes.js';
import type { Theme } from './theme.js';

/** What of a study a chart shows. */
export interface RateDistortionView {
  readonly scope: Scope;
  readonly answers: 'correct' | 'withinFive';
  /** The last points of accuracy and the first bits alone, where quantizers differ. */
  readonly near: boolean;
}

const SYMBOLS = ['circle', 'triangle', 'rect', 'diamond', 'emptyCircle', 'emptyTriangle', 'emptyRect'];
/** Of the near view: points of accuracy below the original, and bits a weight. */
const NEAR = { points: 8, bits: 8 };

/**
 * Bits a weight against accuracy, a line a quantizer; quantizers of one number of levels each (the small floats) as points of one
 * series. Dashed lines: the accuracy of the original, and what the loss allowed leaves of it.
 */
export function rateDistortionChart(
  data: RateDistortionData,
  { scope, answers, near }: RateDistortionView,
  theme: Theme,
): EChartsOption {
  const percent = (count: number) => (100 * count) / data.images;
  const whole = percent(data.baseline[answers]);
  const lines = linesOf(data, scope);
  const most = Math.max(whole, ...data.points.map((point) => percent(point[answers])));
  const item = ({ bits, ...point }: RateDistortionPoint) => [bits, percent(point[answers])];
  return {
    ...frame(theme),
    grid: { left: 78, right: 64, top: 66, bottom: 52 },
    legend: {
      type: 'scroll',
      top: 0,
      itemGap: 22,
      textStyle: { color: theme.ink },
      pageTextStyle: { color: theme.ink },
      data: lines.map(({ name }) => name),
    },
    tooltip: {
      ...tooltip(theme),
      formatter: (given: unknown) => {
        const { seriesIndex, dataIndex } = given as { seriesIndex: number; dataIndex: number };
        const point = lines[seriesIndex]?.points[dataIndex];
        return point ? wordsOf(data, point) : '';
      },
    },
    xAxis: {
      ...numberAxis(theme, 'bits a weight', 'x'),
      scale: false,
      ...(near && { max: NEAR.bits }),
    },
    yAxis: {
      ...numberAxis(theme, `top-${answers === 'correct' ? 1 : 5} accuracy, %`, 'y'),
      // Both ends are where the view is cut, not round figures.
      axisLabel: { ...numberAxis(theme, '', 'y').axisLabel, showMinLabel: !near, showMaxLabel: !near },
      ...(near
        ? { min: Math.max(0, Math.floor(whole - NEAR.points)), max: Math.min(100, Math.ceil(most)) }
        : { min: 0, max: 100 }),
    },
    series: lines.map(({ name, joined, points }, k): SeriesOption => {
      const color = theme.series[k % theme.series.length];
      const common = {
        name,
        data: points.map(item),
        symbol: SYMBOLS[k % SYMBOLS.length],
        symbolSize: 8,
        itemStyle: { color },
        ...(k === 0 && { markLine: bounds(data, answers, whole, theme) }),
      };
      return joined
        ? { ...common, type: 'line', lineStyle: { width: 2, color } }
        : { ...common, type: 'scatter' };
    }),
  };
}

interface Line {
  readonly name: string;
  readonly joined: boolean;
  /** By bits. */
  readonly points: readonly RateDistortionPoint[];
}

function linesOf({ quantizers, points }: RateDistortionData, scope: Scope): Line[] {
  const of = (names: readonly string[]) =>
    points
      .filter((point) => point.scope === scope && names.includes(point.quantizer))
      .sort((a, b) => a.bits - b.bits);
  const isFloat = (name: string) => name.startsWith('float ');
  const floats = of(quantizers.filter(isFloat));
  return [
    ...quantizers
      .filter((name) => !isFloat(name))
      .map((name) => ({ name, joined: true, points: of([name]).sort((a, b) => a.levels - b.levels) })),
    ...(floats.length > 0 ? [{ name: 'small floats', joined: false, points: floats }] : []),
  ];
}

function bounds(
  { maxLoss }: RateDistortionData,
  answers: RateDistortionView['answers'],
  whole: number,
  theme: Theme,
) {
  const line = (y: number, words: string) => ({
    yAxis: y,
    lineStyle: { color: theme.bound, type: 'dashed' as const, width: 1.2 },
    label: { formatter: words, color: theme.bound, fontSize: 11 },
  });
  return {
    silent: true,
    symbol: 'none',
    data: [
      line(whole, 'original'),
      ...(answers === 'correct' ? [line(whole - maxLoss, `−${figure(maxLoss)}`)] : []),
    ],
  };
}

function wordsOf(data: RateDistortionData, point: RateDistortionPoint): string {
  const { quantizer, scope, levels, bits, entropy, correct, withinFive } = point;
  const rows = [
    ['bits a weight', figure(bits)],
    ['of them entropy', figure(entropy)],
    ['top-1', `${((100 * correct) / data.images).toFixed(2)} %`],
    ['points lost', lossOf(data, point).toFixed(2)],
    ['top-5', `${((100 * withinFive) / data.images).toFixed(2)} %`],
    ['ratio', bits > 0 ? (32 / bits).toFixed(2) : '–'],
  ].map(([name, words]) => `<tr><td>${name}</td><td><b>${words}</b></td></tr>`);
  return `<div class="tip"><b>${escapeHtml(quantizer)}</b>, ${levels} levels, range of each ${scope}<table>${rows.join('')}</table></div>`;
}
