import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { InputError, show } from '../errors.js';
import { serveEvaluations } from '../evaluation/bullmq/serve.js';
import { numberIn, wholeNumber } from './arguments.js';
import { counted } from './words.js';

interface WorkerFlags {
  readonly redis: string;
  readonly problem: string;
  readonly queue: string;
  readonly threads: number;
  readonly cache?: string;
  readonly patience: number;
}

/** `fronteira worker`: serves the evaluations of runs on other machines, until it is told to end. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('serve evaluations from a queue on Redis; needs the packages bullmq and ioredis')
    .requiredOption('--redis <url>', 'redis://HOST:PORT')
    .requiredOption(
      '--problem <module>',
      'a module whose default export is the problem, or a function that makes it',
    )
    .option('--queue <name>', 'the queue to serve', 'evaluations')
    .option('--threads <n>', 'threads that an evaluation may use', wholeNumber('--threads', 1, 256), 1)
    .option('--cache <dir>', 'where files of runs are kept; default: .cache/fronteira in the home folder')
    .option(
      '--patience <seconds>',
      'how long a worker may give no sign of life before its job counts as lost',
      numberIn('--patience', 0.5, 86_400),
      30,
    )
    .action(serve);
}

async function serve({ redis, problem, queue, threads, cache, patience }: WorkerFlags): Promise<void> {
  if (!existsSync(problem))
    throw new InputError(`the problem must be the path of a module, got ${show(problem)}`);
  const stop = new AbortController();
  const heard = () => {
    if (stop.signal.aborted) process.exit(130);
    process.stderr.write('ending after the evaluation that is running; once more ends at once\n');
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, heard);
  let served = 0;
  await serveEvaluations({
    redis,
    queue,
    module: problem,
    threads,
    cache,
    patience: 1000 * patience,
    signal: stop.signal,
    onProgress: (done) => {
      if (done === 0) process.stderr.write(`serving the queue ${queue}\n`);
      served = done;
    },
  });
  process.stdout.write(`served ${counted(served, 'evaluation')}\n`);
}
