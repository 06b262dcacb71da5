import type { Selection, View } from '../charts/front.js';
import { axesOf } from '../first-view.js';
import type { ReportData, Status } from '../report-data.js';

/** What the reader chose, and who is told of a change: of the points shown, or of the selection alone. */
export interface State extends View {
  /** The metric of the small charts of variables. */
  readonly metric: number;
  readonly query: string;
}

export type Change = 'view' | 'selection';

export interface Store {
  readonly state: State;
  set(part: Partial<State>): void;
  select(selected: Selection | null): void;
  onChange(listener: (change: Change) => void): void;
}

/** The first view: all runs, the best solution of the first objective selected. */
export function createStore(data: ReportData): Store {
  const listeners: ((change: Change) => void)[] = [];
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  let state: State = {
    runs: data.runs.map((_, r) => r),
    ...axesOf(data),
    statuses: ['infeasible', 'feasible', 'closest', 'front'],
    near: true,
    brushes: [],
    selected: firstOf(data),
    metric: data.objectives[0],
    query: '',
  };
  return {
    get state() {
      return state;
    },
    set(part) {
      state = { ...state, ...part };
      tell('view');
    },
    select(selected) {
      state = { ...state, selected };
      tell('selection');
    },
    onChange: (listener) => listeners.push(listener),
  };
}

/** The best of the first objective among the front, else among the closest, else the first evaluation. */
function firstOf({ runs, columns, objectives }: ReportData): Selection | null {
  const [objective] = objectives;
  const sign = columns[objective].role === 'maximize' ? -1 : 1;
  const of = (status: Status) =>
    runs.flatMap((run, r) => run.status.flatMap((s, i) => (s === status ? [{ run: r, evaluation: i }] : [])));
  const value = ({ run, evaluation }: Selection) => sign * (runs[run].values[objective][evaluation] ?? 0);
  for (const status of ['front', 'closest', 'feasible', 'infeasible', 'failed'] as const) {
    const found = of(status).sort((a, b) => value(a) - value(b));
    if (found.length > 0) return found[0];
  }
  return null;
}
