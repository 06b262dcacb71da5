/**
 * The two spaces of the compression problem on ResNet-20, the same budget for each: hypervolume of the fronts on accuracy, size and time to
 * one reference point, and what of the larger space's front keeps up with ONNX Runtime's own quantizer. Needs `../shared` (ResNet-20 and
 * CIFAR-10 images).
 *
 *     node dist/benchmarks/compression-spaces.js [--seeds 1] [--budget 100] [--limit 1000] [--floor 0.85] [--journals DIR]
 *
 * Times are noisy, and a search finds the lucky ones: every solution is timed again after the search, `AGAIN` times, and the
 * hypervolume taken once more with the medians. With `--journals` runs that were interrupted are resumed.
 */
import { mkdirSync } from 'node:fs';
import {
  type CompressionProblem,
  compressionProblem,
  type Dataset,
  readCifar10,
  readSidecar,
} from '../problems/compression/index.js';
import { hypervolume, optimize, type Run } from '../src/index.js';
import { listOption, markdown, option, publish, repository, spreadOf } from './report.js';

const AGAIN = 5;
/** Images of the training set that recover and calibrate. */
const CALIBRATION = 512;
/** ONNX Runtime's quantizer on this network, as recorded: milliseconds, bytes and points, its own and the uncompressed network's. */
const RUNTIME = { time: 0.43 / 0.94, size: 339_507, lost: 88.5 - 88.65 };

const seeds = option('seeds', 1);
const budget = option('budget', 100);
const limit = option('limit', 1000);
const floor = option('floor', 0.85);
const [journals] = listOption('journals', []);

interface Solved {
  readonly metrics: Readonly<Record<string, number>>;
  /** Median of the times measured again. */
  readonly time: number;
  /** On the images that the search has not seen: fractions. */
  readonly report: { readonly accuracy: number; readonly baseline: number };
  readonly plan: unknown;
}

const model = `${repository}../shared/models/resnet20-cifar10.onnx`;
const images = (name: string) => `${repository}../shared/data/cifar10/${name}.bin`;
const beside = await readSidecar(model);
const test = await readCifar10([images('test_batch')], beside);
const calibration = await readCifar10([images('data_batch_1')], { ...beside, limit: CALIBRATION });
const dataset = part(test, 0, limit);
const report = part(test, limit, test.count);

const values = new Map<string, number[]>();
const rows: string[][] = [];
let kept: readonly Solved[] = [];
let original = 0;
for (let seed = 1; seed <= seeds; seed++)
  for (const space of ['classic', 'full'] as const) {
    const problem = await compressionProblem({
      model,
      dataset,
      report,
      space,
      ...(space === 'full' && { calibration }),
      minAccuracy: floor,
      objectives: ['accuracy', 'size', 'time'],
      seed,
      threads: 1,
    });
    // The classic space comes first: its baseline is the file as it was given.
    if (space === 'classic') original = problem.baseline.size;
    const reference = { accuracy: floor - 0.1 * (1 - floor), size: 1.1 * original, time: 1.1 };
    if (journals) mkdirSync(journals, { recursive: true });
    const run = await optimize(problem.problem, {
      budget,
      seed,
      seeds: problem.seeds,
      referencePoint: reference,
      ...(journals && { journal: { path: `${journals}/${space}-${seed}.jsonl` } }),
      onProgress: ({ evaluation, evaluations }) =>
        console.error(
          space,
          seed,
          evaluations.length,
          evaluation.seconds.toFixed(1),
          [...evaluation.metrics].join(' '),
        ),
    });
    const solved = await solvedAgain(problem, run);
    const again = hypervolume(
      Float64Array.from(solved.flatMap(({ metrics, time }) => [-metrics['accuracy'], metrics['size'], time])),
      solved.length,
      Float64Array.from([-reference.accuracy, reference.size, reference.time]),
    );
    const box = (1 - reference.accuracy) * reference.size * reference.time;
    const shares = [run.hypervolume.value / box, again / box];
    for (const [i, share] of shares.entries()) {
      const key = `${space} ${i}`;
      values.set(key, [...(values.get(key) ?? []), share]);
    }
    const seconds = run.evaluations.reduce((sum, evaluation) => sum + evaluation.seconds, 0);
    rows.push([
      String(seed),
      space,
      ...shares.map((share) => share.toFixed(4)),
      String(run.front.length),
      `${run.evaluations.filter(({ feasible }) => feasible).length} of ${run.evaluations.length}`,
      (seconds / 60).toFixed(0),
    ]);
    if (space === 'full' && seed === 1) kept = solved;
    await problem.close();
  }

const percent = (fraction: number) => (100 * fraction).toFixed(2);
const lostOf = ({ report }: Solved) => 100 * (report.baseline - report.accuracy);
const best = [...kept].sort((a, b) => b.metrics['accuracy'] - a.metrics['accuracy']);
const within = (points: number) =>
  best.filter((s) => lostOf(s) <= points && s.time <= RUNTIME.time && s.metrics['size'] <= RUNTIME.size)
    .length;
publish('compression-spaces', 'The two spaces of the compression problem on ResNet-20', [
  `Budget ${budget}, first ${limit} test images, accuracy floor ${floor}, seeds 1 to ${seeds}; objectives accuracy, size and time (batches of 32, one thread); \`auto\` surrogate. Hypervolume as a share of the box from the reference point (a tenth beyond the floor, the uncompressed size and time) to accuracy 1, size 0 and time 0. "Timed again": each solution ${AGAIN} times more after the search, medians; what the search took for fast by luck loses that.`,
  markdown(
    ['seed', 'space', 'hypervolume', 'timed again', 'solutions', 'feasible', 'minutes in evaluations'],
    rows,
  ),
  ['classic', 'full']
    .map((space) => {
      const [first, again] = [0, 1].map((i) => spreadOf(values.get(`${space} ${i}`)!).median.toFixed(4));
      return `Median of ${space}: ${first}, timed again ${again}.`;
    })
    .join(' '),
  `The front of the full space, seed 1, on ${report.count} test images that the search has not seen (uncompressed ${percent(kept[0]?.report.baseline ?? 0)} %, ${original} bytes). ONNX Runtime's own quantizer, as recorded on another machine (\`benchmarks/compression\` measures it beside ours): ${RUNTIME.size} bytes, time ${RUNTIME.time.toFixed(2)}, ${RUNTIME.lost.toFixed(2)} points lost. No slower and no larger than that: ${within(0.3)} solutions that lose at most 0.3 points, ${within(1)} that lose at most 1.`,
  markdown(
    [
      'accuracy in the search',
      'accuracy on unseen',
      'points lost',
      'bytes',
      'time in the search',
      'timed again',
      'plan',
    ],
    best.map((s) => [
      percent(s.metrics['accuracy']),
      percent(s.report.accuracy),
      lostOf(s).toFixed(2),
      String(s.metrics['size']),
      s.metrics['time'].toFixed(3),
      s.time.toFixed(3),
      `\`${JSON.stringify(s.plan)}\``,
    ]),
  ),
]);

async function solvedAgain(problem: CompressionProblem, { front }: Run): Promise<Solved[]> {
  const solved: Solved[] = [];
  for (const { x, metrics } of front) {
    const { bytes, plan } = await problem.candidate(x);
    const times: number[] = [];
    for (let i = 0; i < AGAIN; i++) times.push((await problem.measure(x)).metrics.time);
    solved.push({
      metrics,
      time: spreadOf(times).median,
      report: await problem.report!.measure(bytes),
      plan,
    });
  }
  return solved;
}

function part(data: Dataset, first: number, end: number): Dataset {
  return {
    ...data,
    name: `${data.name}, images ${first} to ${end - 1}`,
    count: end - first,
    labels: data.labels.subarray(first, end),
    read: (from, count, out) => data.read(first + from, count, out),
  };
}
