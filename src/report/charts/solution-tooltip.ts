import { escapeHtml } from '../format.js';
import type { ReportData } from '../report-data.js';
import { STATUS_WORDS, worded } from '../words.js';

/** What is shown over a point: the solution, its metrics and its design vector in words, as safe HTML. */
export function solutionTooltip(data: ReportData, r: number, evaluation: number): string {
  const run = data.runs[r];
  const where = data.runs.length > 1 ? ` · ${escapeHtml(run.name)}` : '';
  const rows = (group: 'metric' | 'variable') =>
    worded(data, run, evaluation, group)
      .slice(0, 14)
      .map(
        ({ column, words }) =>
          `<tr><td>${escapeHtml(column.label)}</td><td><b>${escapeHtml(words)}</b></td></tr>`,
      )
      .join('');
  return `<div class="tip"><b>evaluation ${evaluation}</b> · ${STATUS_WORDS[run.status[evaluation]]}${where}<table>${rows(
    'metric',
  )}${rows('variable')}</table></div>`;
}
