import type { ReportData } from './report-data.js';

/**
 * The columns on the axes of the front at first: the second objective across, the first up (a network's accuracy over what
 * is left of it); for a single objective, the evaluations across.
 */
export function axesOf({ objectives }: Pick<ReportData, 'objectives'>): {
  readonly x: number;
  readonly y: number;
} {
  return objectives.length > 1 ? { x: objectives[1], y: objectives[0] } : { x: 0, y: objectives[0] };
}
