import { partsChart, partsHeight } from '../charts/parts.js';
import { figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { STATUS_WORDS, worded } from '../words.js';
import { type Chart, mountChart } from './chart.js';
import { byId, element, pairs } from './dom.js';
import { sign } from './signs.js';
import type { Store } from './state.js';
import { theme } from './theme.js';

/** The selected solution: its metrics, its design vector in words, what is left of every part, its file. */
export function detailsSection(data: ReportData, store: Store): Chart | null {
  const panel = byId('details');
  const text = element('div');
  const bars = element('div', {
    class: 'chart',
    id: 'chart-parts',
    role: 'img',
    'aria-label': 'What is left of every layer',
  });
  const heading = element('h4', {}, 'Not zero, by layer');
  panel.replaceChildren(text, heading, bars);
  const show = () => {
    const { selected } = store.state;
    text.replaceChildren(...describe(data, store));
    const known =
      selected !== null && (data.runs[selected.run].parts?.shares[selected.evaluation]?.length ?? 0) > 0;
    heading.hidden = !known;
    bars.hidden = !known;
  };
  const chart = data.runs.some(({ parts }) => parts !== null)
    ? mountChart(bars, () => {
        const { selected } = store.state;
        const shares = selected && data.runs[selected.run].parts?.shares[selected.evaluation];
        return selected && shares && shares.length > 0
          ? { option: () => partsChart(data, selected, theme()), height: partsHeight(shares.length) }
          : { option: () => ({}) };
      })
    : null;
  show();
  store.onChange(() => {
    show();
    chart?.update();
  });
  return chart;
}

function describe(data: ReportData, { state: { selected } }: Store): Node[] {
  if (!selected) return [element('p', { class: 'hint' }, 'There is no solution to show.')];
  const { run: r, evaluation } = selected;
  const run = data.runs[r];
  const status = run.status[evaluation];
  const x = data.columns.flatMap(({ group }, c) => (group === 'variable' ? [run.values[c][evaluation]] : []));
  const file = run.files[evaluation];
  const error = run.errors[evaluation];
  return [
    element('h3', {}, `Evaluation ${evaluation}`),
    element(
      'p',
      { class: 'badge' },
      sign(status),
      [
        STATUS_WORDS[status],
        `${run.origin[evaluation]}, round ${run.round[evaluation]}`,
        ...(data.runs.length > 1 ? [run.name] : []),
      ].join(' · '),
    ),
    ...(error === undefined ? [] : [element('p', { class: 'notice' }, `It failed: ${error}`)]),
    element('dl', {}, ...pairs(metricsOf(data, r, evaluation), false)),
    element('h4', {}, 'Plan'),
    element(
      'dl',
      {},
      ...pairs(
        worded(data, run, evaluation, 'variable').map(({ column, words }) => [column.label, words] as const),
        false,
      ),
    ),
    ...(file
      ? [
          element(
            'p',
            {},
            element(
              'a',
              { class: 'get', href: encodeURI(file), download: true },
              `Download ${file.split('/').pop()}`,
            ),
          ),
        ]
      : []),
    element('h4', {}, 'Design vector'),
    element('pre', {}, x.join(',')),
  ];
}

function metricsOf(data: ReportData, r: number, evaluation: number): [string, Node | string][] {
  return worded(data, data.runs[r], evaluation, 'metric').map(({ column, words }) => {
    const c = data.columns.indexOf(column);
    const start = data.baseline?.[c];
    if (start === null || start === undefined) return [column.label, words];
    const compared = element('small', {}, `uncompressed ${figure(start)}`);
    const value = element('span', {}, words, compared);
    return [column.label, value];
  });
}
