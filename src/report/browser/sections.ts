import { type Chart, mountChart } from './chart.js';
import { byId, element, pairs } from './dom.js';
import { themeButton } from './theme.js';

/** The title of a page, and the button that changes its colours. */
export function head(name: string, charts: readonly Chart[]): void {
  byId('title').textContent = name;
  byId('page-controls').replaceChildren(
    themeButton(() => {
      for (const chart of charts) chart.update();
    }),
  );
}

/** Charts by the ids of their elements. */
export const named = (charts: readonly Chart[]) =>
  Object.fromEntries(charts.map((chart) => [chart.element.id, chart]));

/** The element of a new chart, which is added to `charts`. */
export function chartOf(
  id: string,
  label: string,
  charts: Chart[],
  draw: Parameters<typeof mountChart>[1],
): HTMLElement {
  const box = element('div', { class: 'chart', id, role: 'img', 'aria-label': label });
  charts.push(mountChart(box, draw));
  return box;
}

/** A table, or a chart that needs its width, that scrolls sideways where there is little room. */
export const scrolling = (wide: HTMLElement) => element('div', { class: 'scroll', tabindex: 0 }, wide);

/** What is known beside the figures. */
export function factsSection(facts: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    'section',
    {},
    element('h2', {}, 'Facts'),
    element('dl', { class: 'facts' }, ...pairs(facts, true)),
  );
}
