import type { ProblemResult } from '../study/study-result.js';
import type { ScatterData } from './charts/scatter-matrix.js';
import { page } from './page.js';

/** The content of the page of a study. */
export interface StudyData {
  readonly name: string;
  readonly problems: readonly ProblemResult[];
  readonly facts: readonly (readonly [string, string])[];
}

/** A self-contained page of what a study found: box plots, courses, figures and comparisons, problem by problem. */
export function studyPage(data: StudyData): string {
  return page(`${data.name} · study · fronteira`, 'study', data, body('study'));
}

/** A self-contained page of a factor study: every two metrics against each other, and their rank correlations. */
export function factorsPage(data: ScatterData): string {
  return page(`${data.name} · factors · fronteira`, 'factors', data, body('factor study'));
}

/** The content of a page that its program fills. */
export const body = (
  kind: string,
) => `<header class="top"><div><p class="brand">fronteira · ${kind}</p><h1 id="title"></h1></div><div class="bar" id="page-controls"></div></header>
<main id="main"></main>
<footer>Made by fronteira. Charts: Apache ECharts (Apache License 2.0).</footer>`;
