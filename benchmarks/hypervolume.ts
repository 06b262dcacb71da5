/**
 * The exact hypervolume beside moocore's C code on its point sets: agreement first, then CPU time. Needs `../shared`. Without a
 * Python that has moocore, beside the times that were recorded for it; with one, block by block in turn, and on sets that
 * change from call to call too: what a processor remembers of the branches of one set flatters small ones.
 *
 *     node dist/benchmarks/hypervolume.js [--blocks 9] [--python PYTHON]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hypervolume, hypervolumeWorkspace, randomOf } from '../src/index.js';
import { markdown, option, publish, repository, spreadOf, wordsGiven } from './report.js';
import { openRival, type Rival } from './rivals/moocore.js';

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
const [python] = wordsGiven('python');
const rival = python === undefined ? null : openRival(python);
const scratch = mkdtempSync(join(tmpdir(), 'hypervolume-'));
const workspace = hypervolumeWorkspace();

const rows: string[][] = [];
const ratios: { recorded: number[]; same: number[]; changing: number[] } = {
  recorded: [],
  same: [],
  changing: [],
};
for (const set of sets) {
  const { file, d, n, ref, hv, cpuSeconds } = set;
  const points = Float64Array.from(
    readFileSync(folder + file, 'utf8')
      .trim()
      .split(/[\n,]/),
    Number,
  );
  const error = Math.abs(hypervolume(points, n, ref) / hv - 1);
  if (!(error <= 1e-12)) throw new Error(`${file}: relative error ${error}`);
  const same = await measure(set, [points], rival);
  const row = [String(d), String(n), error.toExponential(1), ...spread(same.ours), microseconds(cpuSeconds)];
  row.push(ratio(ratios.recorded, same.ours, [cpuSeconds]));
  if (rival !== null) {
    row.push(microseconds(median(same.theirs)), ratio(ratios.same, same.ours, same.theirs));
    const changing = await measure(set, fresh(set), rival);
    row.push(microseconds(median(changing.ours)), microseconds(median(changing.theirs)));
    row.push(ratio(ratios.changing, changing.ours, changing.theirs));
  }
  rows.push(row);
}
rival?.close();
rmSync(scratch, { recursive: true });

const head = ['objectives', 'points', 'relative error', 'lower quartile', 'median', 'upper quartile'];
head.push('moocore, recorded', 'ratio');
if (rival !== null)
  head.push('moocore, here', 'ratio', 'changing sets', 'moocore on those', 'ratio on those');
publish('hypervolume', 'The exact hypervolume', [
  `CPU time of a call in microseconds, one thread, ${blocks} blocks of about 50 ms or more after warm-up, with one workspace for all calls, beside that recorded for moocore ${sets[0].version}, ${sets[0].function}, on another machine. Points on the positive part of the unit sphere, reference point 1.1.`,
  ...(rival === null
    ? []
    : [
        'Beside it the same C function from moocore on this machine, called in a loop without the wrapper, its blocks and ours in turn; last, both on sets of the same kind that change from call to call.',
      ]),
  markdown(head, rows),
  `Beside the recorded: ${summary(ratios.recorded)}.${
    rival === null
      ? ''
      : ` Side by side: ${summary(ratios.same)}. On changing sets: ${summary(ratios.changing)}.`
  }`,
]);

/** Seconds of a call, block by block, on sets taken in turn. */
async function measure(
  { d, n, ref, cpuSeconds }: PointSet,
  points: readonly Float64Array[],
  beside: Rival | null,
): Promise<{ ours: number[]; theirs: number[] }> {
  const rounds = Math.max(2, Math.round(0.05 / (cpuSeconds * points.length)));
  const path = join(scratch, 'points');
  writeFileSync(path, Buffer.concat(points.map((f) => Buffer.from(f.buffer))));
  const ours: number[] = [];
  const theirs: number[] = [];
  time();
  for (let block = 0; block < blocks; block++) {
    ours.push(time());
    if (beside === null) continue;
    const { seconds, value } = await beside.time(path, d, n, points.length, rounds, ref[0]);
    if (!(Math.abs(hypervolume(points[0], n, ref) / value - 1) <= 1e-12)) throw new Error('values disagree');
    theirs.push(seconds);
  }
  return { ours, theirs };

  function time(): number {
    const started = process.cpuUsage();
    for (let round = 0; round < rounds; round++) for (const f of points) hypervolume(f, n, ref, workspace);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6 / (rounds * points.length);
  }
}

/** Some sets of the same kind: more than a processor remembers. */
function fresh({ d, n }: PointSet): Float64Array[] {
  const random = randomOf(1, 'sphere', d, n);
  return Array.from({ length: Math.max(8, Math.ceil(6400 / n)) }, () => {
    const f = new Float64Array(n * d);
    for (let i = 0; i < n; i++) {
      const row = f.subarray(i * d, i * d + d);
      for (let j = 0; j < d; j++) row[j] = Math.abs(random.normal());
      const norm = Math.hypot(...row);
      for (let j = 0; j < d; j++) row[j] /= norm;
    }
    return f;
  });
}

function median(seconds: readonly number[]): number {
  return spreadOf(seconds).median;
}

function ratio(all: number[], ours: readonly number[], theirs: readonly number[]): string {
  const value = median(ours) / median(theirs);
  all.push(value);
  return value.toFixed(2);
}

function summary(values: readonly number[]): string {
  return `median ratio ${median(values).toFixed(2)}, at most ${Math.max(...values).toFixed(2)}`;
}

function spread(seconds: readonly number[]): string[] {
  const { lower, median, upper } = spreadOf(seconds);
  return [lower, median, upper].map(microseconds);
}

function microseconds(seconds: number): string {
  return (seconds * 1e6).toFixed(1);
}
