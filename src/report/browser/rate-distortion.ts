import { type RateDistortionView, rateDistortionChart } from '../charts/rate-distortion.js';
import { figure } from '../format.js';
import {
  bestWithin,
  POINT_COLUMNS,
  pointWords,
  type RateDistortionData,
  type RateDistortionPoint,
  SCOPES,
  shareWords,
} from '../rate-distortion-data.js';
import type { Chart } from './chart.js';
import { byId, chooser, element, figures, pairs } from './dom.js';
import { chartOf, factsSection, head, named, scrolling } from './sections.js';
import { theme } from './theme.js';

/** The page of a rate-distortion study. */
export function showRateDistortion(data: RateDistortionData): unknown {
  const charts: Chart[] = [];
  head(data.model, charts);
  const best = bestWithin(data);
  byId('main').replaceChildren(
    tiles(data, best[0]),
    curvesSection(data, charts),
    bestSection(data, best),
    factsSection(data.facts),
  );
  return { data, charts: named(charts) };
}

function tiles(data: RateDistortionData, best: RateDistortionPoint | undefined): HTMLElement {
  const { baseline, maxLoss } = data;
  const list: [string, string][] = [
    ['top-1 as it is', shareWords(data, baseline.correct)],
    ['top-5 as it is', shareWords(data, baseline.withinFive)],
    [`best within ${figure(maxLoss)} points`, best ? `${best.quantizer}, ${best.levels} levels` : 'none'],
    ...(best
      ? [
          ['bits a weight', best.bits.toFixed(3)] as [string, string],
          ['ratio', `${(32 / best.bits).toFixed(1)}`] as [string, string],
          ['space saved', `${(100 * (1 - best.bits / 32)).toFixed(1)} %`] as [string, string],
        ]
      : []),
  ];
  return element(
    'section',
    { class: 'plain', 'aria-label': 'In short' },
    element('dl', { class: 'tiles' }, ...pairs(list, true)),
  );
}

function curvesSection(data: RateDistortionData, charts: Chart[]): HTMLElement {
  const scopes = SCOPES.filter((scope) => data.points.some((point) => point.scope === scope));
  let view: RateDistortionView = {
    scope: scopes.includes('tensor') ? 'tensor' : (scopes[0] ?? 'tensor'),
    answers: 'correct',
    near: true,
  };
  const box = chartOf('chart-rate-distortion', 'Bits a weight against accuracy', charts, () => ({
    option: () => rateDistortionChart(data, view, theme()),
    height: 520,
  }));
  const chart = charts[charts.length - 1];
  const set = (part: Partial<RateDistortionView>) => {
    view = { ...view, ...part };
    chart.update();
  };
  return element(
    'section',
    {},
    element('h2', {}, 'Rate and distortion'),
    element(
      'p',
      { class: 'hint' },
      'Bits: order-0 entropy of the levels, each tensor by itself, and 32 bits for every range kept. Accuracy by real inference of the network with quantized weights.',
    ),
    element(
      'div',
      { class: 'bar' },
      chooser(
        'Range of each',
        scopes.map((scope) => [scope, scope]),
        view.scope,
        (value) => set({ scope: SCOPES.find((scope) => scope === value) }),
      ),
      chooser(
        'Answers',
        [
          ['correct', 'top-1'],
          ['withinFive', 'top-5'],
        ],
        view.answers,
        (value) => set({ answers: value === 'correct' ? 'correct' : 'withinFive' }),
      ),
      chooser(
        'Show',
        [
          ['near', 'near the original'],
          ['all', 'everything'],
        ],
        'near',
        (value) => set({ near: value === 'near' }),
      ),
    ),
    box,
  );
}

function bestSection(data: RateDistortionData, best: readonly RateDistortionPoint[]): HTMLElement {
  const rows = best.map((point) => pointWords(data, point));
  return element(
    'section',
    {},
    element('h2', {}, `Within ${figure(data.maxLoss)} points`),
    element(
      'p',
      { class: 'hint' },
      'The fewest bits of every quantizer and scope, chosen on the images that measure them. Lost: points of top-1. The ratio is that of the weights alone.',
    ),
    scrolling(
      figures(
        POINT_COLUMNS,
        rows,
        rows.map((_, i) => i === 0),
      ),
    ),
  );
}
