import { figure } from '../format.js';
import type { Column } from '../report-data.js';
import { axisName, valueWords } from '../words.js';
import { FONT, type Theme } from './theme.js';

/** What every chart begins with. */
export function frame({ ink }: Theme) {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, fontSize: 13, color: ink },
  };
}

/** A tooltip that keeps inside its chart. Its content must be safe HTML. */
export function tooltip(theme: Theme, trigger: 'item' | 'axis' = 'item') {
  return {
    trigger,
    confine: true,
    transitionDuration: 0,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    textStyle: { color: theme.ink, fontFamily: FONT, fontSize: 13 },
    extraCssText:
      'max-width:26rem;white-space:normal;box-shadow:0 4px 18px rgba(0,0,0,.18);border-radius:8px',
  };
}

/** The look of any axis. */
export function axisLook(theme: Theme) {
  return {
    nameTextStyle: { color: theme.ink, fontSize: 13, fontWeight: 600 as const },
    // At the edge of the chart, not at the other axis's zero.
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { lineStyle: { color: theme.muted } },
    axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.line } },
  };
}

/** An axis of numbers with its name along it. */
export function numberAxis(theme: Theme, name: string, way: 'x' | 'y') {
  const look = axisLook(theme);
  return {
    ...look,
    type: 'value' as const,
    scale: true,
    name,
    nameLocation: 'middle' as const,
    nameGap: way === 'x' ? 30 : 52,
    axisLabel: { ...look.axisLabel, formatter: (value: number) => figure(value) },
  };
}

/** The axis of a column: words where the values have names. */
export function columnAxis(theme: Theme, column: Column, way: 'x' | 'y') {
  const axis = numberAxis(theme, axisName(column), way);
  if (!column.words) return axis;
  return {
    ...axis,
    min: column.lowest - 0.4,
    max: column.lowest + column.words.length - 0.6,
    interval: 1,
    axisLabel: {
      ...axis.axisLabel,
      customValues: column.words.map((_, i) => column.lowest + i),
      formatter: (value: number) => shortened(valueWords(column, value)),
    },
    axisTick: { ...axis.axisTick, customValues: column.words.map((_, i) => column.lowest + i) },
    splitLine: { show: false },
  };
}

/** Text of at most so many characters. */
export function shortened(text: string, most = 18): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
