import { type Brush, brushWords, isWithin, rangeOf, withBrush } from '../brush.js';
import { parallelColumns } from '../charts/parallel.js';
import { figure } from '../format.js';
import type { ReportData } from '../report-data.js';
import { axisName } from '../words.js';
import { byId, chooser, element } from './dom.js';
import type { Store } from './state.js';

type End = 'low' | 'high';
const OPEN = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** The bounds of an axis as fields, and what is kept, in words that are spoken: all that the mouse can do, by keyboard. */
export function brushForm(data: ReportData, store: Store): { turnTo(column: number): void } {
  const columns = parallelColumns(data, store.state);
  let chosen = data.objectives[0];
  const of = (column: number): Brush =>
    store.state.brushes.find((brush) => brush.column === column) ?? { column, ...OPEN };
  const box = element('fieldset', {});
  let fields: readonly Field[] = [];

  const set = (end: End, value: number, at: HTMLElement) => {
    const brush = { ...of(chosen), [end]: value };
    const crossed = brush.low > brush.high;
    at.setAttribute('aria-invalid', String(crossed));
    if (crossed) {
      const { label } = data.columns[chosen];
      byId('parallel-kept').textContent =
        `${label}: the lower bound lies above the upper; nothing was changed.`;
    } else store.set({ brushes: withBrush(store.state.brushes, brush) });
  };

  const axis = chooser(
    'Axis',
    columns.map((c) => [String(c), axisName(data.columns[c])]),
    String(chosen),
    (value) => turnTo(Number(value)),
  );
  const letGo = (text: string, after: () => readonly Brush[]) => {
    const button = element('button', { type: 'button' }, text);
    button.addEventListener('click', () => {
      store.set({ brushes: after() });
      axis.querySelector('select')!.focus(); // a button that cannot be pressed any more would lose the focus
    });
    return button;
  };
  const one = letGo('Let go', () => withBrush(store.state.brushes, { column: chosen, ...OPEN }));
  const all = letGo('Let go of all', () => []);

  const show = () => {
    for (const field of fields) field.show(of(chosen));
    one.disabled = of(chosen).low === OPEN.low && of(chosen).high === OPEN.high;
    all.disabled = store.state.brushes.length === 0;
  };
  const turnTo = (column: number) => {
    chosen = column;
    axis.querySelector('select')!.value = String(column);
    fields = (['low', 'high'] as const).map((end) =>
      field(data, column, end, (value, at) => set(end, value, at)),
    );
    box.replaceChildren(
      element('legend', { class: 'quiet' }, 'Bounds of the axis'),
      ...fields.map((field) => field.element),
    );
    show();
  };
  const tell = () => {
    const { brushes, runs } = store.state;
    const every = runs.flatMap((r) => data.runs[r].status.map((_, i) => isWithin(brushes, data.runs[r], i)));
    byId('parallel-kept').textContent =
      brushes.length === 0
        ? ''
        : `Kept: ${brushes.map((brush) => brushWords(data.columns, brush)).join('; ')}: ${every.filter(Boolean).length} of ${every.length} evaluations.`;
  };
  byId('parallel-controls').replaceChildren(axis, box, one, all);
  turnTo(chosen);
  tell();
  let known = store.state;
  store.onChange(() => {
    const { brushes, runs } = store.state;
    if (brushes !== known.brushes) show();
    if (brushes !== known.brushes || runs !== known.runs) tell();
    known = store.state;
  });
  return { turnTo };
}

/** One end of the bounds of an axis. */
interface Field {
  readonly element: HTMLElement;
  /** Shows where the brush ends. */
  show(brush: Brush): void;
}

/** A number, or of a choice one of its values; empty where it is open. */
function field(data: ReportData, c: number, end: End, set: (value: number, at: HTMLElement) => void): Field {
  const column = data.columns[c];
  const word = end === 'low' ? 'from' : 'to';
  const name = `${column.label} ${word}`;
  if (column.words) {
    const options = column.words.map((text, i) => [String(column.lowest + i), text] as const);
    const label = chooser(word, [['', 'any'], ...options], '', (given) =>
      set(given === '' ? OPEN[end] : Number(given), select),
    );
    const select = label.querySelector('select')!;
    select.setAttribute('aria-label', name);
    return {
      element: label,
      show(brush) {
        select.setAttribute('aria-invalid', 'false');
        // The mouse leaves an end between two values.
        const at = end === 'low' ? Math.ceil(brush.low) : Math.floor(brush.high);
        select.value = Number.isFinite(at) ? String(at) : '';
      },
    };
  }
  const [least, most] = rangeOf(data, c);
  const input = element('input', {
    type: 'number',
    'aria-label': name,
    placeholder: figure(end === 'low' ? least : most),
    step: most > least ? 10 ** Math.floor(Math.log10((most - least) / 10)) : 'any',
  });
  input.addEventListener('change', () =>
    set(Number.isNaN(input.valueAsNumber) ? OPEN[end] : input.valueAsNumber, input),
  );
  return {
    element: element('label', {}, word, input),
    show(brush) {
      input.setAttribute('aria-invalid', 'false');
      input.value = Number.isFinite(brush[end]) ? String(Number(brush[end].toPrecision(6))) : '';
    },
  };
}
