import { existsSync, readFileSync } from 'node:fs';
import type { CatalogueEntry } from '../problems/index.js';
import { nondominatedSort, type Population } from '../src/index.js';

/** Points of a front, row-major, in units of its own ideal and nadir point. */
export interface ReferenceFront {
  readonly points: readonly number[];
  readonly ideal: readonly number[];
  readonly width: readonly number[];
}

const POINTS = 1000;

/**
 * The front to measure solutions of a problem by: the points of `file` (values separated by commas, below a line of names)
 * where it is there, else those of the catalogue, else what is feasible and non-dominated of all of `runs`.
 */
export function referenceFront(
  file: string,
  { front }: CatalogueEntry,
  runs: readonly Population[],
): ReferenceFront {
  const m = runs[0].objectives;
  if (existsSync(file)) return inOwnUnits(pointsOf(file), m);
  return inOwnUnits(front ? front(POINTS) : nondominatedOf(runs), m);
}

/** The feasible solutions in the units of the front. Dominated ones change neither IGD+ nor hypervolume. */
export function normalised(
  { f, cv, size, objectives: m }: Population,
  { ideal, width }: ReferenceFront,
): number[] {
  const points: number[] = [];
  for (let i = 0; i < size; i++)
    if (cv[i] <= 0) for (let j = 0; j < m; j++) points.push((f[i * m + j] - ideal[j]) / width[j]);
  return points;
}

function inOwnUnits(points: ArrayLike<number>, m: number): ReferenceFront {
  const axes = Array.from({ length: m }, (_, j) => Array.from(points).filter((_value, i) => i % m === j));
  const ideal = axes.map((values) => Math.min(...values));
  const width = axes.map((values, j) => Math.max(...values) - ideal[j] || 1);
  return { points: Array.from(points, (value, i) => (value - ideal[i % m]) / width[i % m]), ideal, width };
}

function pointsOf(file: string): number[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  return lines.flatMap((line) => line.split(',').map(Number));
}

function nondominatedOf(runs: readonly Population[]): number[] {
  const m = runs[0].objectives;
  const f = runs.flatMap((run) => Array.from(run.f.subarray(0, run.size * m)));
  const cv = runs.flatMap((run) => Array.from(run.cv.subarray(0, run.size)));
  const rows = cv.flatMap((violation, row) => (violation <= 0 ? [row] : []));
  const rank = new Int32Array(rows.length);
  nondominatedSort(f, m, rows, rows.length, rank);
  return rows.flatMap((row, i) => (rank[i] === 0 ? f.slice(row * m, (row + 1) * m) : []));
}
