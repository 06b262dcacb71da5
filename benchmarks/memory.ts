/**
 * The memory of the evolutionary core: bytes that a generation allocates, collections of garbage, and what the heap holds after many
 * generations. The evaluation allocates nothing, so that what is left is the loop's.
 *
 *     node dist/benchmarks/memory.js [--generations 100000]
 */
import { execFileSync } from 'node:child_process';
import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dtlz2 } from '../problems/dtlz.js';
import {
  type Algorithm,
  algorithms,
  muPlusLambda,
  numericFunction,
  type Problem,
  proceed,
  randomOf,
} from '../src/index.js';
import { gappedZdt1 } from './gapped-zdt1.js';
import { markdown, option, publish } from './report.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const POPULATION = 50;
/** Generations before the first measurement: the compiler is done by then. */
const WARM_UP = 3000;
/** Short enough for the young generation of the heap not to be collected in between, as a rule. */
const CHUNK = 100;
const RANDOM_GENERATIONS = 2000;
const generations = option('generations', 100_000);

const tasks: readonly Problem[] = [gappedZdt1(), dtlz2(3, 7)];

const candidates: readonly Algorithm[] = [
  ...Object.values(algorithms as Record<string, Algorithm>),
  muPlusLambda(),
];

const [, file, ...flags] = process.argv;
if (flags[0] === '--one') {
  const [algorithm, task] = [candidates[Number(flags[1])], tasks[Number(flags[2])]];
  console.log(JSON.stringify(await measure(algorithm, task)));
} else {
  // A process each: what the compiler learnt from one algorithm must not be measured on the next.
  const rows = candidates.flatMap((_, a) =>
    tasks.map((_task, t): string[] => {
      const child = [file, '--one', String(a), String(t), '--generations', String(generations)];
      return JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' }));
    }),
  );
  publish('memory', 'The memory of the evolutionary core', [
    `Population ${POPULATION}, ${generations} generations after ${WARM_UP} to warm up (random search: ${RANDOM_GENERATIONS} at most), each run in a process of its own. Allocated: growth of the heap over ${CHUNK} generations at a time, mean. Held: heap and arrays after a full collection, after a tenth of the generations and after all of them. Random search holds a front that grows, as it must.`,
    markdown(
      [
        'algorithm',
        'problem',
        'allocated, bytes a generation',
        'collections',
        'held after a tenth, KiB',
        'held after all, KiB',
      ],
      rows,
    ),
  ]);
}

async function measure(algorithm: Algorithm, problem: Problem): Promise<string[]> {
  const { space } = problem;
  const shape = {
    variables: space.length,
    objectives: problem.objectives.length,
    constraints: problem.constraints.length,
  };
  const evaluate = numericFunction(problem);
  const random = randomOf(1, 'memory');
  const state = algorithm.create(space, shape, { populationSize: POPULATION });
  const go = (count: number) => proceed(algorithm, state, shape, { generations: count }, evaluate, random);
  // Random search compares with all of a front that grows.
  const total = algorithm.name === 'random' ? Math.min(generations, RANDOM_GENERATIONS) : generations;
  go(Math.min(WARM_UP, total));
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  collect();
  observer.observe({ entryTypes: ['gc'] });
  let bytes = 0;
  let counted = 0;
  let tenth = 0;
  for (let done = 0; done < total; done += CHUNK) {
    if (tenth === 0 && done >= total / 10) tenth = held();
    const before = process.memoryUsage().heapUsed;
    go(CHUNK);
    const grown = process.memoryUsage().heapUsed - before;
    if (grown < 0) continue;
    bytes += grown;
    counted += CHUNK;
  }
  await new Promise((resolve) => setTimeout(resolve, 10)); // the turn of the observer
  observer.disconnect();
  return [
    algorithm.name,
    `${problem.name}, ${shape.objectives} objectives`,
    (bytes / counted).toFixed(0),
    String(Math.max(0, collections - 1)), // one was ours
    (tenth / 1024).toFixed(0),
    (held() / 1024).toFixed(0),
  ];
}

function held(): number {
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
