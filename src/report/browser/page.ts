import type { ScatterData } from '../charts/scatter-matrix.js';
import type { RateDistortionData } from '../rate-distortion-data.js';
import type { ReportData } from '../report-data.js';
import type { StudyData } from '../study-page.js';
import type { WeightsData } from '../weights-data.js';
import { byId } from './dom.js';
import { showRateDistortion } from './rate-distortion.js';
import { showReport } from './report.js';
import { showFactors, showStudy } from './study.js';
import { showWeights } from './weights.js';

// The program of a page: it shows the data that stand in the page itself. What it made can be reached from the console.
const data: unknown = JSON.parse(byId('data').textContent ?? '');
const { kind } = document.documentElement.dataset;
const SHOW: Readonly<Record<string, (data: unknown) => unknown>> = {
  report: (given) => showReport(given as ReportData),
  study: (given) => showStudy(given as StudyData),
  factors: (given) => showFactors(given as ScatterData),
  weights: (given) => showWeights(given as WeightsData),
  'rate-distortion': (given) => showRateDistortion(given as RateDistortionData),
};
const made = SHOW[kind ?? ''](data);
Object.assign(globalThis, { fronteira: made });
