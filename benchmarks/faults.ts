// What is left of a run whose processes are killed without warning. Usage: node dist/benchmarks/faults.js [--kills 50] [--seed 1]
// With --run JOURNAL LOG it is the run that is killed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bullmq } from '../src/bullmq.js';
import { type OptimizeOptions, optimize, type Run, randomOf, workers } from '../src/index.js';
import bench from './faults/bench.js';
import { redisServices } from './faults/redis-services.js';
import { markdown, option, publish } from './report.js';

const at = process.argv.indexOf('--run');
if (at >= 0) await run(process.argv[at + 1], process.argv[at + 2]);
else await report(option('kills', 50), option('seed', 1));

/** The small run, printed without what a clock decides. */
async function run(journal: string, log: string): Promise<void> {
  const options = { surrogate: 'mse', budget: 30, initial: 10, populationSize: 12, generations: 30 } as const;
  console.log(lasting(await optimize(bench({ pace: 15, log }), { ...options, journal })));
}

function lasting({ evaluations, front, hypervolume, models, ended }: Run): string {
  const kept = evaluations.map(({ seconds: _, attempts: __, ...evaluation }) => evaluation);
  return JSON.stringify([kept, front.map(({ evaluation }) => evaluation), hypervolume, models, ended]);
}

async function report(kills: number, seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fronteira-faults-'));
  publish('faults', 'Runs that are killed', [
    await killedRuns(folder, kills, seed),
    await killedWorkers(folder, seed),
    await killedServices(folder, seed),
    'What is compared are bytes, without the times: every figure of every evaluation, the front, the hypervolume after each evaluation, and the regressors chosen.',
  ]);
}

async function killedRuns(folder: string, kills: number, seed: number): Promise<string> {
  const whole = await start(folder, 'whole');
  const paid = linesOf(join(folder, 'whole.log')).length;
  const random = randomOf(seed, 'moments');
  const found = { hit: 0, before: 0, torn: 0, twice: 0, most: 0, same: 0, sameJournal: 0 };
  const places = new Set<number>();
  for (let k = 0; k < kills; k++) {
    const name = `kill-${k}`;
    const killed = await start(folder, name, random.uniform() * whole.milliseconds);
    const journal = join(folder, `${name}.jsonl`);
    const bytes = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
    if (killed.killed) found.hit++;
    if (bytes === '') found.before++;
    if (bytes !== '' && !bytes.endsWith('\n')) found.torn++;
    places.add(Math.max(0, bytes.split('\n').length - 2));
    const resumed = await start(folder, name);
    const twice = linesOf(join(folder, `${name}.log`)).length - paid;
    found.twice += twice;
    found.most = Math.max(found.most, twice);
    if (resumed.stdout === whole.stdout) found.same++;
    if (timeless(journal) === timeless(join(folder, 'whole.jsonl'))) found.sameJournal++;
  }
  return [
    `A run of 30 evaluations of 15 ms each with a surrogate (some fail), killed with SIGKILL at ${kills} moments drawn uniformly between the first byte of its journal and its end, then resumed:`,
    markdown(
      ['', `of ${kills}`],
      [
        ['killed before the end', String(found.hit)],
        ['of these before the journal had a byte', String(found.before)],
        ['a torn last line', String(found.torn)],
        ['different numbers of evaluations on disk when killed', String(places.size)],
        ['final result equal to that of the uninterrupted run', String(found.same)],
        ['final journal equal, times left out', String(found.sameJournal)],
        ['evaluations paid for twice, in all and most in one run', `${found.twice}, ${found.most}`],
      ],
    ),
  ].join('\n\n');
}

/** 200 evaluations on two workers, one of which is killed now and then. */
async function killedWorkers(folder: string, seed: number): Promise<string> {
  const options: OptimizeOptions = { surrogate: false, budget: 200, populationSize: 20, seed };
  const alone = await optimize(bench({ pace: 0, edge: 1 }), options);
  const log = join(folder, 'workers.log');
  const journal = join(folder, 'workers.jsonl');
  const random = randomOf(seed, 'victims');
  const victims = new Set<number>();
  let next = 0;
  const killer = setInterval(() => {
    if (performance.now() < next || !existsSync(log)) return;
    next = performance.now() + 400 + 400 * random.uniform();
    const living = [
      ...new Set(
        linesOf(log)
          .slice(-4)
          .map((line) => Number(line.split(' ')[0])),
      ),
    ];
    const victim = living[random.integer(living.length)];
    if (victims.has(victim)) return;
    victims.add(victim);
    process.kill(victim, 'SIGKILL');
  }, 10);
  const module = new URL('./faults/bench.js', import.meta.url);
  const run = await optimize(bench({ pace: 0, edge: 1 }), {
    ...options,
    journal,
    retries: 20,
    evaluator: workers({ module, options: { pace: 30, log, edge: 1 }, count: 2 }),
  });
  clearInterval(killer);
  return [
    '200 evaluations of 30 ms on two worker processes, one of which is killed with SIGKILL about twice a second:',
    accountOf([['workers killed', String(victims.size)]], journal, run, alone),
  ].join('\n\n');
}

/** The same over Redis: two services, one of which is killed now and then, and the server itself once. */
async function killedServices(folder: string, seed: number): Promise<string> {
  const services = await redisServices(folder, 2);
  if (!services) return 'There was no redis-server here: nothing was evaluated over Redis.';
  const options: OptimizeOptions = { surrogate: false, budget: 200, populationSize: 20, seed };
  const alone = await optimize(bench({ pace: 0, edge: 1 }), options);
  const journal = join(folder, 'services.jsonl');
  const random = randomOf(seed, 'services');
  let killed = 0;
  const killer = setInterval(() => {
    if (services.killOne(random.integer(2))) killed++;
  }, 1500);
  let restart: Promise<void> | undefined;
  const run = await optimize(bench({ pace: 0, edge: 1 }), {
    ...options,
    journal,
    retries: 20,
    evaluator: bullmq({ redis: services.url, options: { pace: 30, edge: 1 } }),
    onProgress: ({ evaluations }) => {
      if (evaluations.length > 100) restart ??= services.restartServer();
    },
  });
  clearInterval(killer);
  await restart;
  services.close();
  return [
    '200 evaluations of 30 ms by two `fronteira worker` processes over Redis, one of which is killed with SIGKILL every 1.5 seconds, and the server, which keeps nothing on disk, once:',
    accountOf(
      [
        ['services killed', String(killed)],
        ['servers killed', restart ? '1' : '0'],
      ],
      journal,
      run,
      alone,
    ),
  ].join('\n\n');
}

/** What became of the evaluations of a run, beside the run that nobody disturbed. */
function accountOf(killed: readonly (readonly string[])[], journal: string, run: Run, alone: Run): string {
  const indices = linesOf(journal)
    .slice(1)
    .map((line) => JSON.parse(line).index as number);
  const again = run.evaluations.filter(({ attempts }) => attempts > 1).length;
  return markdown(
    ['', ''],
    [
      ...killed,
      ['evaluations in the journal', String(indices.length)],
      ['of these different', String(new Set(indices).size)],
      ['evaluations that were lost with their worker and tried again', String(again)],
      ['failed for that', String(run.evaluations.filter(({ fault }) => fault === 'lost').length)],
      [
        'result equal to that of one process that nobody disturbed',
        lasting(run) === lasting(alone) ? 'yes' : 'no',
      ],
    ],
  );
}

interface Ended {
  readonly stdout: string;
  /** From the first byte of the journal on. */
  readonly milliseconds: number;
  readonly killed: boolean;
}

function start(folder: string, name: string, killAfter?: number): Promise<Ended> {
  const journal = join(folder, `${name}.jsonl`);
  const files = [journal, join(folder, `${name}.log`)];
  return new Promise((resolve, reject) => {
    const self = fileURLToPath(import.meta.url);
    const child = spawn(process.execPath, [self, '--run', ...files], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    let began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const watch = setInterval(() => {
      if (!existsSync(journal)) return;
      clearInterval(watch);
      began = performance.now();
      if (killAfter !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    }, 1);
    child.on('error', reject);
    child.on('close', (_, signal) => {
      clearInterval(watch);
      clearTimeout(timer);
      resolve({ stdout, milliseconds: performance.now() - began, killed: signal === 'SIGKILL' });
    });
  });
}

function linesOf(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** A journal without what a clock decides. */
function timeless(path: string): string {
  return JSON.stringify(
    linesOf(path).map((line) => ({ ...JSON.parse(line), seconds: 0, elapsed: 0, sum: '' })),
  );
}
