import { isWithin } from '../brush.js';
import { filterOf } from '../filter.js';
import { figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { axisName, STATUS_WORDS, valueWords } from '../words.js';
import { byId, element } from './dom.js';
import { sign } from './signs.js';
import type { Store } from './state.js';

const ROWS = 25;
const RANK = { front: 0, closest: 1, feasible: 2, infeasible: 3, failed: 4 };

interface Row {
  readonly run: number;
  readonly evaluation: number;
}

/** The head of a column of the table, its order and its cells. */
interface Field {
  readonly name: string;
  readonly numeric: boolean;
  key(row: Row): number | string;
  cell(row: Row): (Node | string)[];
}

/** Every evaluation as a row; it sorts by any column, filters by words and comparisons, and shows a page at a time. */
export function tableSection(data: ReportData, store: Store): void {
  const fields = fieldsOf(data, store);
  const size = data.runs.length > 1 ? 1 : 0;
  let sorted = { field: size, descending: false };
  let page = 0;
  let rows: Row[] = [];

  const find = () => {
    const { runs, query, brushes } = store.state;
    const filter = filterOf(data, query);
    const { key } = fields[sorted.field];
    const sense = sorted.descending ? -1 : 1;
    rows = runs
      .flatMap((run) => data.runs[run].status.map((_, evaluation) => ({ run, evaluation })))
      .filter(
        ({ run, evaluation }) =>
          filter(data.runs[run], evaluation) && isWithin(brushes, data.runs[run], evaluation),
      )
      .map((row) => ({ row, key: key(row) }))
      .sort((a, b) => order(a.key, b.key, sense))
      .map(({ row }) => row);
    page = Math.min(page, Math.max(0, Math.ceil(rows.length / ROWS) - 1));
  };

  const show = () => {
    const focused = document.activeElement?.getAttribute('data-field');
    const heads = fields.map(({ name, numeric }, f) => {
      const mark = f !== sorted.field ? '' : sorted.descending ? ' ▼' : ' ▲';
      const button = element('button', { type: 'button', 'data-field': f }, `${name}${mark}`);
      button.addEventListener('click', () => {
        sorted = { field: f, descending: f === sorted.field && !sorted.descending };
        page = 0;
        find();
        show();
      });
      const sort = f !== sorted.field ? 'none' : sorted.descending ? 'descending' : 'ascending';
      return element('th', { scope: 'col', 'aria-sort': sort, class: numeric && 'number' }, button);
    });
    const { selected } = store.state;
    const body = rows.slice(page * ROWS, (page + 1) * ROWS).map((row) => {
      const chosen = row.run === selected?.run && row.evaluation === selected.evaluation;
      const line = element(
        'tr',
        { 'aria-selected': chosen ? 'true' : 'false' },
        ...fields.map(({ numeric, cell }) => element('td', { class: numeric && 'number' }, ...cell(row))),
      );
      line.addEventListener('click', () => store.select(row));
      return line;
    });
    byId('table-body').replaceChildren(
      element(
        'table',
        { class: 'runs' },
        element('caption', { class: 'quiet' }, 'Every evaluation with its metrics and variables'),
        element('thead', {}, element('tr', {}, ...heads)),
        element('tbody', {}, ...body),
      ),
    );
    if (focused) document.querySelector<HTMLElement>(`[data-field="${focused}"]`)?.focus();
    pages();
  };

  const pages = () => {
    const last = Math.max(0, Math.ceil(rows.length / ROWS) - 1);
    const go = (text: string, to: number, possible: boolean) => {
      const button = element('button', { type: 'button', disabled: !possible }, text);
      button.addEventListener('click', () => {
        page = to;
        show();
      });
      return button;
    };
    const words =
      rows.length === 0
        ? 'No evaluation is like that.'
        : `${page * ROWS + 1} to ${Math.min(rows.length, (page + 1) * ROWS)} of ${rows.length}`;
    byId('table-pages').replaceChildren(
      go('‹ Previous', page - 1, page > 0),
      element('span', { role: 'status' }, words),
      go('Next ›', page + 1, page < last),
    );
  };

  const search = element('input', {
    type: 'search',
    placeholder: `${data.columns[data.objectives[0]].name} >= 0.9 front`,
    size: 30,
  });
  search.addEventListener('input', () => {
    page = 0;
    store.set({ query: search.value });
  });
  byId('table-controls').replaceChildren(element('label', {}, 'Filter', search));

  find();
  show();
  let known = store.state;
  store.onChange(() => {
    const { runs, query, brushes, selected } = store.state;
    const others = runs !== known.runs || query !== known.query || brushes !== known.brushes;
    if (others) find();
    if (others || selected !== known.selected) show();
    known = store.state;
  });
}

/** Numbers by size and words by the alphabet; what failed comes last either way. */
function order(a: number | string, b: number | string, sense: number): number {
  const [none, other] = [Number.isNaN(a), Number.isNaN(b)];
  if (none || other) return Number(none) - Number(other);
  return a < b ? -sense : a > b ? sense : 0;
}

function fieldsOf(data: ReportData, store: Store): Field[] {
  const statusField: Field = {
    name: 'status',
    numeric: false,
    key: ({ run, evaluation }) => RANK[data.runs[run].status[evaluation]],
    cell: ({ run, evaluation }) => {
      const status = data.runs[run].status[evaluation];
      return [sign(status), ` ${STATUS_WORDS[status]}`];
    },
  };
  const runField: Field = {
    name: 'run',
    numeric: false,
    key: ({ run }) => run,
    cell: ({ run }) => [data.runs[run].name],
  };
  const [first, ...others] = data.columns.map(
    (column, c): Field => ({
      name: column.group === 'order' ? 'no.' : axisName(column),
      numeric: !column.words,
      key: ({ run, evaluation }) => data.runs[run].values[c][evaluation] ?? Number.NaN,
      cell: (row) => {
        const value = data.runs[row.run].values[c][row.evaluation];
        if (column.group !== 'order') return [column.words ? valueWords(column, value) : figure(value)];
        const button = element(
          'button',
          { type: 'button', 'aria-label': `Show evaluation ${value}` },
          String(value),
        );
        button.addEventListener('click', (event) => {
          event.stopPropagation();
          store.select(row);
        });
        return [button];
      },
    }),
  );
  return [...(data.runs.length > 1 ? [runField] : []), first, statusField, ...others];
}
