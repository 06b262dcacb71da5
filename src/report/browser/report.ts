import { hypervolumeChart } from '../charts/hypervolume.js';
import { modelRows, modelsChart, modelsHeight, modelWarnings } from '../charts/models.js';
import { variablesChart, variablesLayout } from '../charts/variables.js';
import { figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { axisName } from '../words.js';
import { type Chart, mountChart } from './chart.js';
import { detailsSection } from './details.js';
import { byId, chooser, element, figures } from './dom.js';
import { frontSection } from './front-section.js';
import { overview } from './overview.js';
import { parallelSection } from './parallel-section.js';
import { scrolling } from './sections.js';
import { createStore, type Store } from './state.js';
import { tableSection } from './table.js';
import { theme } from './theme.js';

/** The page of one or more runs of a problem. */
export function showReport(data: ReportData): unknown {
  const store = createStore(data);
  const charts: Chart[] = [];
  overview(data, store, () => store.set({}));
  charts.push(frontSection(data, store));
  const parts = detailsSection(data, store);
  if (parts) charts.push(parts);
  charts.push(hypervolumeSection(data, store), parallelSection(data, store), variablesSection(data, store));
  const models = modelsSection(data, store);
  if (models) charts.push(models);
  tableSection(data, store);
  return { data, store, charts: Object.fromEntries(charts.map((chart) => [chart.element.id, chart])) };
}

function hypervolumeSection(data: ReportData, store: Store): Chart {
  const point = Object.entries(data.referencePoint).map(([name, value]) => `${name} ${figure(value)}`);
  byId('hypervolume-hint').textContent =
    `The part of the objective space that the front dominates, up to the reference point ${point.join(', ')}.`;
  const chart = mountChart(byId('chart-hypervolume'), () => ({
    option: () => hypervolumeChart(data, store.state.runs, theme()),
    height: 340,
  }));
  store.onChange((change) => change === 'view' && chart.update());
  return chart;
}

function variablesSection(data: ReportData, store: Store): Chart {
  const metrics = data.columns.flatMap((column, c) =>
    column.group === 'metric' ? [[String(c), axisName(column)] as const] : [],
  );
  byId('variables-controls').replaceChildren(
    chooser('Metric', metrics, String(store.state.metric), (value) => store.set({ metric: Number(value) })),
  );
  const chart = mountChart(
    byId('chart-variables'),
    (width) => ({
      option: () => variablesChart(data, store.state, store.state.metric, width, theme()),
      height: variablesLayout(data, width).height,
    }),
    (created) =>
      created.on('click', ({ data: point }) => {
        if (Array.isArray(point) && point.length === 4)
          store.select({ run: point[2] as number, evaluation: point[3] as number });
      }),
  );
  store.onChange((change) => change === 'view' && chart.update());
  return chart;
}

function modelsSection(data: ReportData, store: Store): Chart | null {
  const withModels = data.runs.flatMap(({ models, name }, r) =>
    models.length > 0 ? [[String(r), name] as const] : [],
  );
  byId('models').hidden = withModels.length === 0;
  if (withModels.length === 0) return null;
  let run = Number(withModels[0][0]);
  const words = () => {
    const heads = ['output', 'model', 'rounds', 'chosen by', 'median score'];
    const warnings = modelWarnings(data.runs[run]).slice(0, 3);
    byId('models-words').replaceChildren(
      ...warnings.map((warning) => element('p', { class: 'hint' }, warning)),
      element(
        'details',
        {},
        element('summary', {}, 'In words'),
        scrolling(figures(heads, modelRows(data.runs[run]))),
      ),
    );
  };
  const chart = mountChart(byId('chart-models'), (width) => ({
    option: () => modelsChart(data, run, width, theme()),
    height: modelsHeight(data.runs[run], width),
  }));
  words();
  if (withModels.length > 1)
    byId('models-controls').replaceChildren(
      chooser('Run', withModels, String(run), (value) => {
        run = Number(value);
        words();
        chart.update();
      }),
    );
  store.onChange((change) => change === 'view' && chart.update());
  return chart;
}
