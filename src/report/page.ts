import { readFileSync } from 'node:fs';
import { escapeHtml } from './format.js';
import { STYLE } from './page-style.js';
import type { NamedRun } from './read-run.js';
import { reportData } from './report-data.js';

/**
 * A page that shows runs of one problem: one HTML file with everything in it, which asks no network for anything and opens
 * from a disk. All text of the runs is escaped.
 *
 * Throws an InputError for no run, and for runs of different problems.
 */
export function reportPage(runs: readonly NamedRun[]): string {
  const data = reportData(runs);
  return page(`${data.problem} · fronteira`, 'report', data, REPORT);
}

/**
 * A self-contained page: the style, the data and the program that shows them, which draws into `body` (trusted HTML). The
 * policy in its head refuses every request to a network.
 */
export function page(
  title: string,
  kind: 'report' | 'study' | 'factors' | 'weights' | 'rate-distortion',
  data: unknown,
  body: string,
): string {
  return `<!doctype html>
<html lang="en" data-kind="${kind}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
<noscript><p>This page draws its charts with a script that it carries itself. Scripts are switched off.</p></noscript>
<script type="application/json" id="data">${scriptSafe(JSON.stringify(data))}</script>
<script>${runtime()}</script>
</body>
</html>
`;
}

/** JSON that no HTML parser takes for the end of a script or the start of a comment. */
const scriptSafe = (json: string) =>
  json.replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

let bundled: string | undefined;

/** The program of the page, which the build bundles beside this file. */
function runtime(): string {
  bundled ??= readFileSync(new URL('./browser/page.js', import.meta.url), 'utf8').replaceAll(
    '</script',
    '<\\/script',
  );
  return bundled;
}

const REPORT = `<a class="skip" href="#table">To the table of all evaluations</a>
<header class="top"><div><p class="brand">fronteira</p><h1 id="title"></h1></div><div class="bar" id="page-controls"></div></header>
<main>
<section class="plain" aria-label="In short"><dl class="tiles" id="tiles"></dl></section>
<section class="notice" id="notice" hidden></section>
<section aria-labelledby="front-title">
<h2 id="front-title">Front</h2>
<p class="hint">Every evaluation by two of its figures. Click a point, or give the chart the focus and use ← and → (with Shift through all points), to see a solution.</p>
<div class="bar" id="front-controls"></div>
<div class="two"><div class="chart" id="chart-front" tabindex="0" role="group"></div><div class="details" id="details" role="region" aria-label="The selected solution"></div></div>
<p class="quiet" id="spoken" aria-live="polite"></p>
</section>
<section aria-labelledby="hypervolume-title">
<h2 id="hypervolume-title">Hypervolume by evaluation</h2>
<p class="hint" id="hypervolume-hint"></p>
<div class="chart" id="chart-hypervolume" role="img" aria-labelledby="hypervolume-title"></div>
</section>
<section aria-labelledby="parallel-title">
<h2 id="parallel-title">Variables and metrics together</h2>
<p class="hint">A line is an evaluation; of very many some are left out, but none of the front. Drag along an axis, or give its bounds, to keep only what passes there, in this chart, the others and the table; click the axis to let go.</p>
<div class="bar" id="parallel-controls"></div>
<p class="hint" id="parallel-kept" role="status"></p>
<div class="scroll" tabindex="0" role="group" aria-labelledby="parallel-title"><div class="chart" id="chart-parallel" role="img" aria-labelledby="parallel-title"></div></div>
</section>
<section aria-labelledby="variables-title">
<h2 id="variables-title">What each variable does</h2>
<p class="hint">The strongest first, by Spearman’s rank correlation ρ over all measured evaluations.</p>
<div class="bar" id="variables-controls"></div>
<div class="chart" id="chart-variables" role="img" aria-labelledby="variables-title"></div>
</section>
<section aria-labelledby="models-title" id="models">
<h2 id="models-title">Surrogate models chosen</h2>
<p class="hint">The regressor of every output in every round; the scores of all candidates under the pointer.</p>
<div class="bar" id="models-controls"></div>
<div class="chart" id="chart-models" role="img" aria-labelledby="models-title"></div>
<div id="models-words"></div>
</section>
<section aria-labelledby="table-title" id="table">
<h2 id="table-title">All evaluations</h2>
<div class="bar" id="table-controls"></div>
<div class="scroll" id="table-body"></div>
<div class="bar" id="table-pages"></div>
</section>
<section aria-labelledby="facts-title"><h2 id="facts-title">Facts</h2><div id="facts"></div></section>
</main>
<footer>Made by fronteira. Charts: Apache ECharts (Apache License 2.0).</footer>`;
