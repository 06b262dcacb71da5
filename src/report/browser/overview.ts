import { figure } from '../format.js';
import type { ReportData, RunView, Status } from '../report-data.js';
import { pretty } from '../words.js';
import { byId, chooser, element, pairs } from './dom.js';
import type { Store } from './state.js';
import { themeButton } from './theme.js';

/** The head of the page, its figures in short, its notice and the facts. */
export function overview(data: ReportData, store: Store, redraw: () => void): void {
  byId('title').textContent = data.problem;
  const all = data.runs.map((_, r) => r);
  const runs = chooser(
    'Run',
    [['all', `all ${all.length}`], ...data.runs.map(({ name }, r) => [String(r), name] as const)],
    'all',
    (value) => store.set({ runs: value === 'all' ? all : [Number(value)] }),
  );
  byId('page-controls').replaceChildren(...(all.length > 1 ? [runs] : []), themeButton(redraw));
  tiles(data, store);
  notice(data, store);
  byId('facts').replaceChildren(...data.runs.map((run) => facts(run, data.runs.length > 1)));
  store.onChange((change) => {
    if (change !== 'view') return;
    tiles(data, store);
    notice(data, store);
  });
}

const count = (runs: readonly RunView[], ...of: Status[]) =>
  runs.reduce((sum, { status }) => sum + status.filter((s) => of.includes(s)).length, 0);

function tiles(data: ReportData, store: Store): void {
  const runs = store.state.runs.map((r) => data.runs[r]);
  const failures = count(runs, 'failed');
  const finals = runs.map(({ history }) => history.at(-1) ?? 0).sort((a, b) => a - b);
  const middle = (finals[(finals.length - 1) >> 1] + finals[finals.length >> 1]) / 2;
  const evaluations = runs.reduce((sum, { status }) => sum + status.length, 0);
  const small = (text: string) => element('small', {}, text);
  byId('tiles').replaceChildren(
    ...pairs(
      [
        ...(data.runs.length > 1 ? [['runs', String(runs.length)] as const] : []),
        [
          'evaluations',
          element('span', {}, String(evaluations), ...(failures > 0 ? [small(` ${failures} failed`)] : [])),
        ],
        ['feasible', String(count(runs, 'front', 'feasible'))],
        ['on the front', String(count(runs, 'front'))],
        [runs.length > 1 ? 'hypervolume, median' : 'hypervolume', figure(middle, 5)],
        ...data.objectives.map((c) => [`best ${data.columns[c].label}`, best(data, runs, c)] as const),
      ].slice(0, 12) as [string, Node | string][],
      true,
    ),
  );
}

/** The best value of an objective among what is feasible. */
function best({ columns }: ReportData, runs: readonly RunView[], column: number): string {
  const up = columns[column].role === 'maximize';
  let found: number | null = null;
  for (const { status, values } of runs)
    status.forEach((s, i) => {
      const value = values[column][i];
      if (
        (s === 'front' || s === 'feasible') &&
        value !== null &&
        (found === null || (up ? value > found : value < found))
      )
        found = value;
    });
  return figure(found);
}

function notice(data: ReportData, store: Store): void {
  const box = byId('notice');
  const runs = store.state.runs.map((r) => data.runs[r]);
  const without = runs.filter(({ status }) => !status.includes('front'));
  box.hidden = without.length === 0;
  if (without.length === 0) return;
  const closest = count(without, 'closest');
  const marked =
    closest === 1 ? 'The diamond marks the closest, that' : `The diamonds mark the ${closest} closest, those`;
  const bounds = data.bounds.map(({ name }) => pretty(name)).join(', ') || 'of the constraints';
  const nothing = count(without, 'closest', 'infeasible') === 0;
  const which =
    without.length === data.runs.length ? '' : ` in ${without.map(({ name }) => name).join(', ')}`;
  box.replaceChildren(
    element('h2', {}, `No feasible solution was found${which}`),
    element(
      'p',
      { class: 'hint' },
      nothing
        ? 'No evaluation succeeded: see the reasons in the table.'
        : `${marked} of smallest constraint violation. More evaluations, or looser bounds (${bounds}), may find one.`,
    ),
  );
}

function facts({ name, facts: list }: RunView, several: boolean): Node {
  const body = element('dl', { class: 'facts' }, ...pairs(list, true));
  return several ? element('details', {}, element('summary', {}, name), body) : body;
}
