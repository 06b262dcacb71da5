import { correlationsChart, heatMapHeight, heatMapWidth } from '../charts/heat-map.js';
import { smallHistograms, smallHistogramsHeight, weightHistogram } from '../charts/weight-histogram.js';
import { figure } from '../format.js';
import {
  byDivergence,
  parameterWords,
  STRONG,
  shapeWords,
  strongPairs,
  type WeightSummary,
  type WeightsData,
} from '../weights-data.js';
import type { Chart } from './chart.js';
import { byId, chooser, element, figures } from './dom.js';
import { chartOf, factsSection, head, named, scrolling } from './sections.js';
import { theme } from './theme.js';

/** The page of the statistics of weights. */
export function showWeights(data: WeightsData): unknown {
  const charts: Chart[] = [];
  head(data.model, charts);
  byId('main').replaceChildren(
    distributionSection(data, charts),
    layersSection(data, charts),
    tableSection(data),
    correlationsSection(data, charts),
    factsSection(data.facts),
  );
  return { data, charts: named(charts) };
}

function section(title: string, hint: string, ...content: Node[]): HTMLElement {
  return element('section', {}, element('h2', {}, title), element('p', { class: 'hint' }, hint), ...content);
}

/** One layer or all: the histogram and every fit. */
function distributionSection(data: WeightsData, charts: Chart[]): HTMLElement {
  const all = [data.overall, ...data.layers];
  let shown: WeightSummary = data.overall;
  const fits = element('div', { class: 'scroll', tabindex: 0 });
  const box = chartOf(
    'chart-histogram',
    'Histogram of the weights with fitted distributions',
    charts,
    () => ({
      option: () => weightHistogram(shown, theme()),
      height: 420,
    }),
  );
  const chart = charts[charts.length - 1];
  const show = (index: number) => {
    shown = all[index];
    chart.update();
    fits.replaceChildren(fitsTable(shown));
  };
  show(0);
  const choose = chooser(
    'Weights of',
    all.map(({ name }, i) => [String(i), name]),
    '0',
    (value) => show(Number(value)),
  );
  return section(
    'Distribution',
    'Weights that are not 0, and the four distributions that are nearest to them. Fitted by maximum likelihood; ranked by the squared error against the histogram. Those of |w| are fitted to magnitudes, and drawn the same on both sides.',
    element('div', { class: 'bar' }, choose),
    box,
    fits,
  );
}

function fitsTable({ fits }: WeightSummary): HTMLTableElement {
  const nearest = byDivergence(fits)[0];
  return figures(
    ['distribution', 'squared error', 'KL divergence, nats', 'parameters'],
    fits.map((fit) => [
      fit.of === 'magnitude' ? `${fit.family} of |w|` : fit.family,
      figure(fit.squaredError, 4),
      `${figure(fit.divergence, 4)}${fit === nearest ? ' (least)' : ''}`,
      parameterWords(fit),
    ]),
    fits.map((_, i) => i === 0),
  );
}

function layersSection(data: WeightsData, charts: Chart[]): HTMLElement {
  return section(
    'Layer by layer',
    'The nearest distribution of each.',
    chartOf('chart-layers', 'Histograms of every layer', charts, (width) => ({
      option: () => smallHistograms(data, width, theme()),
      height: smallHistogramsHeight(data, width),
    })),
  );
}

function tableSection({ overall, layers, levels }: WeightsData): HTMLElement {
  const rows = [overall, ...layers].map((layer) => [
    layer.name,
    String(layer.count),
    `${((100 * layer.zeros) / layer.count).toFixed(1)}\u00a0%`,
    ...[layer.least, layer.most, layer.mean, layer.deviation].map((value) => figure(value, 3)),
    ...shapeWords(layer).map((words) => words.replaceAll(' ', '\u00a0')),
  ]);
  return section(
    'Figures',
    `Entropy in bits a weight, of the float bit patterns and of ${levels} even levels on the range of each tensor; the distribution nearest by squared error and by KL divergence; autocorrelation: the strongest at lags 1 to 32, in storage order, and its lag.`,
    scrolling(
      figures(
        [
          'layer',
          'weights',
          'zero',
          'least',
          'most',
          'mean',
          'deviation',
          'bits, floats',
          `bits, ${levels} levels`,
          'by error',
          'by KL',
          'autocorr.',
        ],
        rows,
        rows.map((_, i) => i === 0),
      ),
    ),
  );
}

function correlationsSection(data: WeightsData, charts: Chart[]): HTMLElement {
  const pairs = strongPairs(data).slice(0, 20);
  const chart = chartOf('chart-correlations', 'Correlation of every two layers', charts, (width) => ({
    option: () => correlationsChart(data, theme()),
    height: heatMapHeight(data, width),
  }));
  chart.style.minWidth = `${heatMapWidth(data)}px`;
  return section(
    'Correlation between layers',
    `Pearson’s, over the first weights of both in storage order (at most 65536) as far as both go; from ${STRONG} on it is strong. ${pairs.length === 0 ? 'None is.' : ''}`,
    scrolling(chart),
    ...(pairs.length === 0
      ? []
      : [
          scrolling(
            figures(
              ['layer', 'layer', 'correlation'],
              pairs.map(([a, b, r]) => [a, b, r.toFixed(3)]),
            ),
          ),
        ]),
  );
}
