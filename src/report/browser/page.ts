import type { ScatterData } from '../charts/scatter-matrix.js';
import type { ReportData } from '../report-data.js';
import type { StudyData } from '../study-page.js';
import { byId } from './dom.js';
import { showReport } from './report.js';
import { showFactors, showStudy } from './study.js';

// The program of a page: it shows the data that stand in the page itself. What it made can be reached from the console.
const data: unknown = JSON.parse(byId('data').textContent ?? '');
const { kind } = document.documentElement.dataset;
const made =
  kind === 'study'
    ? showStudy(data as StudyData)
    : kind === 'factors'
      ? showFactors(data as ScatterData)
      : showReport(data as ReportData);
Object.assign(globalThis, { fronteira: made });
