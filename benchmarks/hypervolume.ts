/**
 * The exact hypervolume beside moocore's C code on its point sets: agreement first, then CPU time. Needs `../shared`.
 *
 *     node dist/benchmarks/hypervolume.js [--blocks 9]
 */
import { existsSync, readFileSync } from 'node:fs';
import { hypervolume, hypervolumeWorkspace } from '../src/index.js';
import { markdown, option, publish, repository, spreadOf } from './report.js';

interface PointSet {
  readonly file: string;
  readonly d: number;
  readonly n: number;
  readonly ref: readonly number[];
  readonly hv: number;
  readonly cpuSeconds: number;
  readonly version: string;
  readonly function: string;
}

const blocks = option('blocks', 9);
const folder = `${repository}../shared/reference/hypervolume/`;
if (!existsSync(folder)) {
  console.error('skipped: ../shared is absent');
  process.exit(0);
}
const sets: PointSet[] = JSON.parse(readFileSync(`${folder}moocore.json`, 'utf8'));

const workspace = hypervolumeWorkspace();
const rows: string[][] = [];
const ratios: number[] = [];
for (const { file, d, n, ref, hv, cpuSeconds } of sets) {
  const text = readFileSync(folder + file, 'utf8').trim();
  const f = Float64Array.from(text.split(/[\n,]/), Number);
  const error = Math.abs(hypervolume(f, n, ref) / hv - 1);
  if (!(error <= 1e-12)) throw new Error(`${file}: relative error ${error}`);
  const calls = Math.max(2, Math.round(0.05 / cpuSeconds));
  time(calls);
  const { lower, median, upper } = spreadOf(Array.from({ length: blocks }, () => time(calls)));
  ratios.push(median / cpuSeconds);
  rows.push([
    String(d),
    String(n),
    error.toExponential(1),
    ...[lower, median, upper, cpuSeconds].map(microseconds),
    (median / cpuSeconds).toFixed(2),
  ]);

  function time(count: number): number {
    const started = process.cpuUsage();
    for (let k = 0; k < count; k++) hypervolume(f, n, ref, workspace);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6 / count;
  }
}

publish('hypervolume', 'The exact hypervolume', [
  `CPU time of a call in microseconds, one thread, ${blocks} blocks of about 50 ms or more after warm-up, with one workspace for all calls, beside that recorded for moocore ${sets[0].version}, ${sets[0].function}, on another machine. Points on the positive part of the unit sphere, reference point 1.1.`,
  markdown(
    [
      'objectives',
      'points',
      'relative error',
      'lower quartile',
      'median',
      'upper quartile',
      'moocore, recorded',
      'ratio',
    ],
    rows,
  ),
  `Median ratio ${spreadOf(ratios).median.toFixed(2)}, at most ${Math.max(...ratios).toFixed(2)}.`,
]);

function microseconds(seconds: number): string {
  return (seconds * 1e6).toFixed(1);
}
