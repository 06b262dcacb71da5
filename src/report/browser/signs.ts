import type { Status } from '../report-data.js';
import { theme } from './theme.js';

const SHAPES: Readonly<Record<Status, string>> = {
  front: 'M5 0 10 5 5 10 0 5Z',
  closest: 'M5 0 10 5 5 10 0 5Z',
  feasible: 'M5 1a4 4 0 1 0 .01 0Z',
  infeasible: 'M5 1 9.5 9H.5Z',
  failed: 'M1 0 5 4 9 0 10 1 6 5 10 9 9 10 5 6 1 10 0 9 4 5 0 1Z',
};

/** The sign of a status as in the charts; for the eye alone. */
export function sign(status: Status): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 10 10');
  svg.setAttribute('class', 'sign');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', SHAPES[status]);
  path.setAttribute('fill', theme().status[status]);
  svg.append(path);
  return svg;
}
