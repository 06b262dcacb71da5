import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Bullmq from '../../src/bullmq.js';
import type * as Library from '../../src/index.js';
import type { OptimizeOptions, Problem, Run } from '../../src/index.js';

const dist = (path: string) => new URL(`../../dist/src/${path}`, import.meta.url);
const hasServer = spawnSync('redis-server', ['--version']).status === 0;
const hasPackages = ['bullmq', 'ioredis'].every((name) =>
  existsSync(new URL(`../../node_modules/${name}`, import.meta.url)),
);
const absent = [
  ...(hasServer ? [] : ['redis-server (Debian package redis-server)']),
  ...(hasPackages ? [] : ['the packages bullmq and ioredis']),
];
if (absent.length > 0)
  console.warn(`distributed evaluation is not tested here, for want of ${absent.join(' and ')}`);

const folder = mkdtempSync(join(tmpdir(), 'fronteira-bullmq-'));
const module = join(folder, 'problem.mjs');
const source = `
import { appendFileSync, readFileSync } from 'node:fs';
import { defineProblem, maximize, minimize, real } from ${JSON.stringify(dist('index.js').href)};
export default ({ log, pace = 5, upper = 1 } = {}, { files } = { files: {} }) => {
  const shift = files.shift ? Number(readFileSync(files.shift, 'utf8')) : 0;
  return defineProblem({
    name: 'far',
    variables: { a: real(0, upper), b: real(0, 1) },
    metrics: { one: minimize(), two: maximize() },
    evaluate: async ({ a, b }) => {
      if (log) appendFileSync(log, process.ppid + ' ' + a + '\\n');
      await new Promise((resolve) => setTimeout(resolve, pace));
      if (a > 0.8) throw new Error('too far');
      return { one: a + b * b + shift, two: Math.sin(5 * a) - b };
    },
  });
};
`;

let lib: typeof Library;
let far: typeof Bullmq;
let problemOf: (options?: object, context?: object) => Problem;
let port = 0;
let server: ChildProcess;
const url = () => `redis://127.0.0.1:${port}`;
const living = new Set<ChildProcess>();

function begin(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  living.add(child);
  child.on('exit', () => living.delete(child));
  return child;
}

/** Resolves when the process says so on its error stream. */
function says(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk) => {
      said += chunk;
      if (said.includes(text)) resolve();
    });
    child.on('exit', () => reject(new Error(`it ended: ${said}`)));
  });
}

async function startServer(): Promise<ChildProcess> {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const child = begin('redis-server', args);
  for (;;) {
    if (spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout.startsWith('PONG'))
      return child;
    await sleep(20);
  }
}

async function startWorker(queue: string, main = fileURLToPath(dist('cli/main.js'))): Promise<ChildProcess> {
  const cache = join(folder, 'cache');
  const args = [
    'worker',
    '--redis',
    url(),
    '--problem',
    module,
    '--queue',
    queue,
    '--cache',
    cache,
    '--patience',
    '1',
  ];
  const child = begin(process.execPath, [main, ...args]);
  await says(child, 'serving the queue');
  return child;
}

const ended = (child: ChildProcess) =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.on('exit', resolve))
    : undefined;
const course = ({ evaluations, front, hypervolume }: Run) => ({
  evaluations: evaluations.map(({ seconds: _, attempts: __, ...rest }) => rest),
  front: front.map(({ evaluation }) => evaluation),
  hypervolume,
});
const small: OptimizeOptions = { surrogate: false, budget: 24, populationSize: 8, seed: 5 };

describe.skipIf(absent.length > 0)('distributed evaluation', () => {
  beforeAll(async () => {
    expect(existsSync(fileURLToPath(dist('bullmq.js'))), 'needs the build: npm run build').toBe(true);
    lib = await import(dist('index.js').href);
    far = await import(dist('bullmq.js').href);
    writeFileSync(module, source);
    problemOf = (await import(pathToFileURL(module).href)).default;
    port = await freePort();
    server = await startServer();
  });
  afterAll(() => {
    for (const child of living) child.kill('SIGKILL');
  });

  it('makes the run of one process, bit for bit', async () => {
    const workers = [await startWorker('same'), await startWorker('same')];
    const alone = await lib.optimize(problemOf(), small);
    const evaluator = far.bullmq({ redis: url(), queue: 'same' });
    const run = await lib.optimize(problemOf(), { ...small, evaluator });
    expect(course(run)).toEqual(course(alone));
    expect(run.evaluations.some(({ error }) => error === 'too far')).toBe(true);
    for (const worker of workers) worker.kill('SIGTERM');
    expect(await Promise.all(workers.map(ended))).toEqual([0, 0]);
  });

  it('counts every evaluation once although workers are killed and the server loses its memory', async () => {
    const options = { log: join(folder, 'log'), pace: 25 };
    const alone = await lib.optimize(problemOf(), { ...small, budget: 200, populationSize: 20 });
    const journal = join(folder, 'far.jsonl');
    const workers = [await startWorker('killed'), await startWorker('killed')];
    let kills = 0;
    let restarted = false;
    // One misfortune at a time: a worker that starts while the server is away is refused, and ends.
    let misfortunes = Promise.resolve();
    const befall = (misfortune: () => Promise<void>) => {
      misfortunes = misfortunes.then(misfortune);
    };
    const onProgress = ({ evaluations: { length } }: { evaluations: readonly unknown[] }) => {
      if (length % 45 === 0) {
        kills++;
        befall(async () => {
          workers.shift()!.kill('SIGKILL');
          workers.push(await startWorker('killed'));
        });
      }
      if (length > 100 && !restarted) {
        restarted = true;
        befall(async () => {
          server.kill('SIGKILL');
          await sleep(300);
          server = await startServer();
        });
      }
    };
    const evaluator = far.bullmq({ redis: url(), queue: 'killed', options });
    const run = await lib.optimize(problemOf(), {
      ...small,
      budget: 200,
      populationSize: 20,
      journal,
      evaluator,
      retries: 5,
      onProgress,
    });
    await misfortunes;
    expect(course(run)).toEqual(course(alone));
    expect([kills, restarted]).toEqual([4, true]);
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n').slice(1);
    expect(lines.map((line) => JSON.parse(line).index).sort((p, q) => p - q)).toEqual([...Array(200).keys()]);
    for (const worker of workers) worker.kill('SIGTERM');
  });

  it('sends files once by their content, and workers read their own copy', async () => {
    const file = join(folder, 'shift.txt');
    writeFileSync(file, '0.25');
    const worker = await startWorker('files');
    const evaluator = far.bullmq({ redis: url(), queue: 'files', files: { shift: file } });
    const run = await lib.optimize(problemOf(), { ...small, evaluator });
    const alone = await lib.optimize(problemOf({}, { files: { shift: file } }), small);
    expect(course(run)).toEqual(course(alone));
    expect(readdirSync(join(folder, 'cache')).filter((name) => /^[0-9a-f]{64}$/.test(name))).toHaveLength(1);
    worker.kill('SIGTERM');
  });

  it('takes waiting jobs back when the run is aborted', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const evaluator = far.bullmq({ redis: url(), queue: 'nobody' });
    const run = await lib.optimize(problemOf(), { ...small, evaluator, signal: stop.signal });
    expect([run.ended, run.evaluations.length]).toEqual(['aborted', 0]);
    const keys = spawnSync('redis-cli', ['-p', String(port), 'keys', 'bull:fronteira-nobody:*-0'], {
      encoding: 'utf8',
    });
    expect(keys.stdout.trim()).toBe('');
  });

  it('refuses a worker of another problem, with the difference', async () => {
    const worker = await startWorker('other');
    const evaluator = far.bullmq({ redis: url(), queue: 'other', options: { upper: 2 } });
    const run = lib.optimize(problemOf(), { ...small, evaluator });
    await expect(run).rejects.toThrow(lib.InputError);
    await expect(run).rejects.toThrow(/problem of its run.*variables\.a\.upper was 1, is 2/);
    worker.kill('SIGTERM');
  });

  it('refuses a worker of another version, with both', async () => {
    const other = join(folder, 'other-version');
    cpSync(fileURLToPath(dist('')), join(other, 'dist/src'), { recursive: true });
    writeFileSync(
      join(other, 'package.json'),
      '{ "name": "fronteira", "version": "9.8.7", "type": "module" }',
    );
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(other, 'node_modules'));
    const worker = await startWorker('version', join(other, 'dist/src/cli/main.js'));
    const run = lib.optimize(problemOf(), {
      ...small,
      evaluator: far.bullmq({ redis: url(), queue: 'version' }),
    });
    await expect(run).rejects.toThrow(lib.InputError);
    await expect(run).rejects.toThrow(
      /version of its run, got fronteira 9\.8\.7 in a worker and \d+\.\d+\.\d+ in the run/,
    );
    worker.kill('SIGTERM');
  });

  it('refuses a server that cannot be reached within seconds, and names that are none', async () => {
    const closed = await freePort();
    const started = Date.now();
    const run = lib.optimize(problemOf(), {
      ...small,
      evaluator: far.bullmq({ redis: `redis://user:secret@127.0.0.1:${closed}` }),
    });
    await expect(run).rejects.toThrow(lib.InputError);
    await expect(run).rejects.toThrow(
      new RegExp(`^Redis must be reachable, got "redis://127.0.0.1:${closed}" \\(.*ECONNREFUSED`),
    );
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(() => far.bullmq({ redis: url(), queue: 'a:b' })).toThrow(
      /^a queue must have a name of .* got "a:b"$/,
    );
    const bad = lib.optimize(problemOf(), { ...small, evaluator: far.bullmq({ redis: 'localhost' }) });
    await expect(bad).rejects.toThrow(/must be named by a redis:\/\/ or rediss:\/\/ URL, got "localhost"$/);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
}
