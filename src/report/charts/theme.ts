import type { Status } from '../report-data.js';

/** The colours of a report. Every sign differs in shape as well, so that none depends on its colour. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly bound: string;
  readonly selected: string;
  readonly status: Readonly<Record<Status, string>>;
  /** For runs, configurations and regressors: told apart by people who do not see all colours (Okabe and Ito, 2008). */
  readonly series: readonly string[];
}

export const LIGHT: Theme = {
  name: 'light',
  surface: '#ffffff',
  ink: '#1c2430',
  muted: '#5b6676',
  line: '#e3e7ed',
  bound: '#b3261e',
  selected: '#1c2430',
  status: {
    front: '#d9480f',
    feasible: '#2f6fdb',
    closest: '#d9480f',
    infeasible: '#8d97a5',
    failed: '#8d97a5',
  },
  series: [
    '#0072b2',
    '#d55e00',
    '#009e73',
    '#cc79a7',
    '#b58900',
    '#56b4e9',
    '#6b4fb3',
    '#7a4a1d',
    '#5f6b7a',
    '#a50f5a',
  ],
};

export const DARK: Theme = {
  name: 'dark',
  surface: '#181d26',
  ink: '#e8ecf2',
  muted: '#a3aebd',
  line: '#2d3542',
  bound: '#ff8a80',
  selected: '#ffffff',
  status: {
    front: '#ff9a5c',
    feasible: '#6ea8ff',
    closest: '#ff9a5c',
    infeasible: '#7f8a9a',
    failed: '#7f8a9a',
  },
  series: [
    '#56b4e9',
    '#ff9a5c',
    '#34c79a',
    '#e7a3c8',
    '#e6c34a',
    '#9ecbff',
    '#b39ddb',
    '#d7a777',
    '#a9b4c2',
    '#ff7fb6',
  ],
};

/** The sign of each status, and its size in pixels. */
export const SIGN: Readonly<Record<Status, { readonly symbol: string; readonly size: number }>> = {
  infeasible: { symbol: 'triangle', size: 7 },
  failed: { symbol: 'triangle', size: 7 },
  feasible: { symbol: 'circle', size: 8 },
  closest: { symbol: 'diamond', size: 14 },
  front: { symbol: 'diamond', size: 14 },
};

/** With single quotes: ECharts writes it as it is into a quoted attribute of SVG. */
export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";
