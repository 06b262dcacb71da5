import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Library from '../../src/index.js';
import type { OptimizeOptions, Problem, Run } from '../../src/index.js';

// Worker processes run compiled code: this needs the build that `npm test` makes.
const address = new URL('../../dist/src/index.js', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'fronteira-workers-'));
const file = join(folder, 'problem.mjs');

/** Evaluations sleep for a time that has nothing to do with their order, so that they arrive out of order. */
const source = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { defineProblem, maximize, minimize, real, integer, record } from ${JSON.stringify(address.href)};
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const faults = {
  throw() { throw new Error('the bench broke'); },
  nan: () => ({ one: NaN, two: 1, clock: 0, threads: 0 }),
  shape: () => [1, 2],
  exit: () => process.exit(3),
  hang: () => { for (;;); },
  wait: () => new Promise(() => {}),
  memory() { const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length)); },
  once({ marker }) { if (existsSync(marker)) return undefined; writeFileSync(marker, ''); process.exit(1); },
};
export default function problem(options = {}, context = { threads: 0 }) {
  if (options.broken) throw new Error('no such bench');
  const { upper = 1, fault = 'none', log, pace = 12, marker } = options;
  return {
    problem: defineProblem({
      name: 'bench',
      variables: { a: real(0, upper), b: integer(0, 9) },
      metrics: { one: minimize(), two: maximize(), clock: record({ timed: true }), threads: record() },
      async evaluate({ a, b }, { measure, seed }) {
        const start = performance.timeOrigin + performance.now();
        await sleep(pace * ((a * 1e6) % 1));
        if (log) appendFileSync(log, JSON.stringify({ measure, start, end: performance.timeOrigin + performance.now(), pid: process.pid }) + '\\n');
        if (b === 4) { const result = await faults[fault]?.({ marker }); if (result) return result; }
        return { one: a + b * b + seed, two: Math.sin(5 * a) - b, clock: measure === 'untimed' ? NaN : 7, threads: context.threads };
      },
    }),
  };
}
`;

let lib: typeof Library;
let problemOf: (options?: object) => Problem;
beforeAll(async () => {
  expect(existsSync(fileURLToPath(address)), 'needs the build: npm run build').toBe(true);
  lib = await import(address.href);
  writeFileSync(file, source);
  const module = await import(pathToFileURL(file).href);
  problemOf = (options) => module.default(options).problem;
});

const small: OptimizeOptions = { surrogate: false, budget: 24, populationSize: 8, seed: 5 };
const search = (problem: Problem, options: object, changes: OptimizeOptions = {}) =>
  lib.optimize(problem, {
    ...small,
    evaluator: lib.workers({ module: file, options, count: 2 }),
    ...changes,
  });
/** What the number of workers must not change. */
const course = ({ evaluations, front, hypervolume, models }: Run) => ({
  evaluations: evaluations.map(({ seconds: _, metrics, ...rest }) => ({
    ...rest,
    metrics: metrics.slice(0, 3),
  })),
  front: front.map(({ evaluation }) => evaluation),
  hypervolume,
  models,
});

describe('workers', () => {
  for (const options of [
    small,
    { ...small, surrogate: 'mse', budget: 14, initial: 8, infill: 3, generations: 10 } as const,
  ])
    it(`make the run of one process, bit for bit (surrogate ${options.surrogate})`, async () => {
      const alone = await lib.optimize(problemOf(), options);
      for (const count of [1, 3]) {
        const evaluator = lib.workers({ module: pathToFileURL(file), count, threads: count });
        const journal = join(folder, `${options.surrogate}-${count}.jsonl`);
        const run = await lib.optimize(problemOf(), { ...options, evaluator, journal });
        expect(course(run)).toEqual(course(alone));
        expect(run.evaluations.every(({ metrics }) => metrics[3] === count)).toBe(true);
        const order = readFileSync(journal, 'utf8')
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => JSON.parse(line).index);
        expect([...order].sort((p, q) => p - q)).toEqual([...run.evaluations.keys()]);
        // An interruption may come while later ones have arrived and earlier ones have not.
        const replayed = await lib.optimize(problemOf(), { ...options, journal });
        expect(replayed.evaluations).toEqual(run.evaluations);
      }
    });

  it('time a metric only while nothing else runs, and use every worker for the rest', async () => {
    const log = join(folder, 'spans');
    const options = { log, pace: 30 };
    const run = await search(problemOf(options), options, { budget: 12, populationSize: 6 });
    expect(run.evaluations.every(({ metrics }) => metrics[2] === 7)).toBe(true);
    const spans = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const overlaps = (a: (typeof spans)[number]) =>
      spans.filter((b) => b !== a && b.start < a.end && a.start < b.end).length;
    const timed = spans.filter(({ measure }) => measure === 'timed');
    expect(timed).toHaveLength(12);
    for (const span of timed) expect(overlaps(span)).toBe(0);
    expect(new Set(timed.map(({ pid }) => pid)).size).toBe(1);
    const untimed = spans.filter(({ measure }) => measure === 'untimed');
    expect(untimed).toHaveLength(12);
    expect(new Set(untimed.map(({ pid }) => pid)).size).toBe(2);
    expect(untimed.some((span) => overlaps(span) > 0)).toBe(true);
  });

  const faults: [string, string, string, RegExp][] = [
    ['throws', 'throw', 'threw', /^the bench broke$/],
    ['returns NaN', 'nan', 'unusable', /^the metric one must be finite, got NaN$/],
    ['returns another shape', 'shape', 'unusable', /^the metric one must be a number, got undefined$/],
    ['ends its process', 'exit', 'lost', /^the evaluation ended its worker process \(exit code 3\)$/],
    [
      'never gives the event loop a turn',
      'hang',
      'timeout',
      /^the evaluation must end within 500 ms, and did not$/,
    ],
    ['never ends', 'wait', 'timeout', /^the evaluation must end within 500 ms, and did not$/],
  ];
  it.each(faults)(
    'go on where an evaluation %s, which is a failure after its retries',
    async (_, fault, name, message) => {
      const log = join(folder, `log-${fault}`);
      const options = { fault, log, pace: 0 };
      const run = await search(problemOf(options), options, { budget: 16, timeout: 500, retries: 1 });
      expect(run.evaluations).toHaveLength(16);
      const failures = run.evaluations.filter(({ error }) => error !== null);
      expect(failures.length).toBeGreaterThan(0);
      for (const { x, error, fault: kind, attempts } of failures) {
        expect([x[1], kind, attempts]).toEqual([4, name, 2]);
        expect(error).toMatch(message);
      }
      for (const { x, attempts, error } of run.evaluations)
        if (x[1] !== 4) expect([attempts, error]).toEqual([1, null]);
      const record = lib.runRecord(run, {}, {});
      expect(record.failures).toMatchObject({ count: failures.length, [name]: failures.length });
    },
  );

  it('go on where an evaluation takes all memory', async () => {
    const options = { fault: 'memory', pace: 0 };
    const evaluator = lib.workers({ module: file, options, count: 2, execArgv: ['--max-old-space-size=40'] });
    const run = await search(problemOf(options), options, { budget: 8, retries: 0, evaluator, seed: 2 });
    const failures = run.evaluations.filter(({ error }) => error !== null);
    expect(failures.length).toBeGreaterThan(0);
    for (const { x, fault, attempts } of failures) expect([x[1], fault, attempts]).toEqual([4, 'lost', 1]);
  });

  it('try again where a worker was lost once', async () => {
    const options = { fault: 'once', marker: join(folder, 'marker'), pace: 0 };
    const run = await search(problemOf(options), options, { budget: 16 });
    expect(run.evaluations.every(({ error }) => error === null)).toBe(true);
    expect(run.evaluations.filter(({ attempts }) => attempts === 2)).toHaveLength(1);
  });

  it('end what they are at when the run is aborted, and the journal has it', async () => {
    const controller = new AbortController();
    const journal = join(folder, 'aborted.jsonl');
    const options = { pace: 40 };
    const run = await search(problemOf(options), options, {
      journal,
      signal: controller.signal,
      onProgress: ({ evaluations }) => {
        if (evaluations.length === 3) controller.abort();
      },
    });
    expect(run.ended).toBe('aborted');
    expect(run.evaluations.length).toBeGreaterThanOrEqual(3);
    expect(run.evaluations.length).toBeLessThanOrEqual(5);
    const whole = await lib.optimize(problemOf(options), small);
    expect(course(await search(problemOf(options), options, { journal }))).toEqual(course(whole));
  });

  it('end the run with onFailure: throw, after the failure is in the journal', async () => {
    const journal = join(folder, 'throw.jsonl');
    const options = { fault: 'throw', pace: 0 };
    const run = search(problemOf(options), options, { journal, onFailure: 'throw', retries: 0 });
    await expect(run).rejects.toThrow(lib.RunError);
    await expect(run).rejects.toThrow(/^evaluation \d+ failed: the bench broke$/);
    expect(readFileSync(journal, 'utf8')).toContain('"error":"the bench broke"');
  });

  describe('refuse, in one sentence,', () => {
    const other = join(folder, 'other.mjs');
    writeFileSync(other, 'export const problem = 1;');
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'export default {');
    const cases: [string, () => unknown, RegExp][] = [
      [
        'a module that is missing',
        () => lib.workers({ module: join(folder, 'none.mjs') }),
        /must be an existing file, got ".*none\.mjs"$/,
      ],
      ['no options', () => lib.workers(undefined as never), /options with a module, got undefined$/],
      ['no module', () => lib.workers({} as never), /must be a path or a file URL, got undefined$/],
      [
        'no workers',
        () => lib.workers({ module: file, count: 0 }),
        /number of workers must be a whole number from 1 to 256, got 0$/,
      ],
      [
        'half a thread',
        () => lib.workers({ module: file, threads: 0.5 }),
        /threads of a worker must be .* got 0\.5$/,
      ],
      [
        'options that cannot be sent',
        () => lib.workers({ module: file, options: { f() {} } }),
        /^the options of workers must be .* cloned/,
      ],
      [
        'a module without a problem',
        () => search(problemOf(), {}, { evaluator: lib.workers({ module: other, count: 1 }) }),
        /must export a problem by default.* got undefined from/,
      ],
      [
        'a module that cannot be read',
        () => search(problemOf(), {}, { evaluator: lib.workers({ module: broken, count: 1 }) }),
        /^a module of workers must give a problem, got from/,
      ],
      [
        'a module that throws',
        () => search(problemOf(), { broken: true }),
        /must give a problem, got from ".*": no such bench$/,
      ],
      [
        'another problem',
        () => search(problemOf(), { upper: 2 }),
        /^a worker must evaluate the problem of its run, .*variables\.a\.upper was 1, is 2$/,
      ],
      [
        'what is no evaluator',
        () => search(problemOf(), {}, { evaluator: 'threads' as never }),
        /^the evaluator must be inProcess\(\) or workers\(\), got "threads"$/,
      ],
      [
        'a timeout of nothing',
        () => search(problemOf(), {}, { timeout: 0 }),
        /^the timeout must be a number of milliseconds above 0 .* got 0$/,
      ],
      [
        'half a retry',
        () => search(problemOf(), {}, { retries: 0.5 }),
        /^the retries must be a whole number from 0 to 100, got 0\.5$/,
      ],
      [
        'an unknown way with failures',
        () => search(problemOf(), {}, { onFailure: 'cry' as never }),
        /^onFailure must be one of throw, skip, got "cry"$/,
      ],
    ];
    it.each(cases)('%s', async (_, attempt, message) => {
      const error = await Promise.resolve()
        .then(attempt)
        .catch((thrown: Error) => thrown);
      expect(error).toBeInstanceOf(lib.InputError);
      expect((error as Error).message).toMatch(message);
    });
  });
});
