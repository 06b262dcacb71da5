import type { EChartsType } from 'echarts/core';
import { frontChart, pointsOf, type Selection } from '../charts/front.js';
import type { ReportData, Status } from '../report-data.js';
import { axisName, STATUS_WORDS, worded } from '../words.js';
import { type Chart, mountChart } from './chart.js';
import { byId, chooser, element } from './dom.js';
import { sign } from './signs.js';
import type { Store } from './state.js';
import { theme } from './theme.js';

/** The front: its axes, its statuses, its points by mouse and by keyboard. */
export function frontSection(data: ReportData, store: Store): Chart {
  const ring = element('div', { class: 'ring', hidden: true });
  const chart = mountChart(
    byId('chart-front'),
    () => ({ option: () => frontChart(data, store.state, theme()) }),
    (created) => {
      byId('chart-front').append(ring);
      created.on('click', ({ data: point }) => {
        if (Array.isArray(point) && point.length === 4)
          store.select({ run: point[2] as number, evaluation: point[3] as number });
      });
    },
    (drawn) => mark(ring, drawn, data, store),
  );
  controls(data, store);
  keyboard(data, store, chart.element);
  const label = () => {
    const { x, y } = store.state;
    chart.element.setAttribute(
      'aria-label',
      `${data.columns[y].label} over ${data.columns[x].label}; left and right arrow keys go through the front`,
    );
  };
  label();
  store.onChange((change) => {
    if (change === 'view') {
      chart.update();
      label();
      return;
    }
    const drawn = chart.instance();
    if (drawn) mark(ring, drawn, data, store);
    speak(data, store);
  });
  return chart;
}

/** Puts the ring around the selected point, without drawing thousands of others again. */
function mark(ring: HTMLElement, chart: EChartsType, data: ReportData, { state }: Store): void {
  const { selected, runs, x, y } = state;
  const run = selected && runs.includes(selected.run) ? data.runs[selected.run] : null;
  const at = run ? [run.values[x][selected!.evaluation], run.values[y][selected!.evaluation]] : [null];
  const pixel = at.includes(null)
    ? null
    : chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, at as number[]);
  ring.hidden = pixel === null || !chart.containPixel('grid', pixel);
  if (pixel) ring.style.translate = `${pixel[0]}px ${pixel[1]}px`;
}

function controls(data: ReportData, store: Store): void {
  const { state } = store;
  const options = data.columns.map((column, c) => [String(c), axisName(column)] as const);
  const present = (['front', 'closest', 'feasible', 'infeasible'] as const).filter((status) =>
    data.runs.some((run) => run.status.includes(status)),
  );
  const boxes = present.map((status) => {
    const box = element('input', { type: 'checkbox', checked: true, 'data-status': status });
    box.addEventListener('change', () => {
      const others = store.state.statuses.filter((other) => other !== status);
      store.set({ statuses: box.checked ? [...others, status] : others });
    });
    const count = data.runs.reduce((sum, run) => sum + run.status.filter((s) => s === status).length, 0);
    return element('label', {}, box, sign(status), `${STATUS_WORDS[status]} (${count})`);
  });
  const near = element('input', { type: 'checkbox', checked: state.near, id: 'near' });
  near.addEventListener('change', () => store.set({ near: near.checked }));
  byId('front-controls').replaceChildren(
    chooser('Up', options, String(state.y), (value) => store.set({ y: Number(value) })),
    chooser('Across', options, String(state.x), (value) => store.set({ x: Number(value) })),
    element('fieldset', {}, element('legend', { class: 'quiet' }, 'Shown'), ...boxes),
    element('label', {}, near, 'near the front'),
  );
}

/** ← and → go through the front in the order of the x axis, with Shift through every point that is shown. */
function keyboard(data: ReportData, store: Store, chart: HTMLElement): void {
  chart.addEventListener('keydown', (event) => {
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const { state } = store;
    const best: readonly Status[] = data.runs.some(({ status }) => status.includes('front'))
      ? ['front']
      : ['closest'];
    const order = (event.shiftKey ? state.statuses : best)
      .flatMap((status) => pointsOf(data, state, status))
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3]);
    if (order.length === 0) return;
    const at = order.findIndex(([, , r, i]) => r === state.selected?.run && i === state.selected.evaluation);
    const next = at < 0 ? 0 : Math.max(0, Math.min(order.length - 1, at + step));
    const [, , run, evaluation] = order[next];
    store.select({ run, evaluation });
  });
}

function speak(data: ReportData, { state: { selected } }: Store): void {
  byId('spoken').textContent = selected ? sentence(data, selected) : '';
}

function sentence(data: ReportData, { run, evaluation }: Selection): string {
  const view = data.runs[run];
  const metrics = worded(data, view, evaluation, 'metric').map(
    ({ column, words }) => `${column.label} ${words}`,
  );
  return `Evaluation ${evaluation}, ${STATUS_WORDS[view.status[evaluation]]}: ${metrics.join(', ')}`;
}
