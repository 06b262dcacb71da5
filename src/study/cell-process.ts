import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError, messageOf, RunError, show } from '../errors.js';
import { moduleAddress } from '../evaluation/load-problem.js';
import { readRun } from '../report/read-run.js';
import type { RunRecord } from '../report/run-record.js';
import type { Reply, Request } from './cell-worker.js';
import type { Cell } from './study.js';
import type { StudySetting } from './study-setting.js';

/** A child process that runs cells, one after the other. */
export interface CellProcess {
  /** Resolves with the record of a finished cell, or null when it was stopped. Rejects with what the cell failed of. */
  run(
    cell: Cell,
    folder: string,
    told: Pick<StudySetting, 'onProgress' | 'onNotice'>,
  ): Promise<RunRecord | null>;
  /** Ends the cell after the evaluation that is running. */
  stop(): void;
  /** Ends the process; resolves when it is over. */
  end(): Promise<void>;
}

/** What every such process is told. */
export interface CellLoad {
  readonly module: string | URL;
  readonly options: unknown;
  readonly versions: Readonly<Record<string, string>>;
}

/** Starts one. Throws an InputError where there is no such module. */
export function cellProcess({ module, options, versions }: CellLoad): CellProcess {
  const address = moduleAddress(module);
  if (address.startsWith('file:') && !existsSync(fileURLToPath(address)))
    throw new InputError(
      `the module of a study's workers must be an existing file, got ${show(String(module))}`,
    );
  const child = fork(new URL('./cell-worker.js', import.meta.url), {
    serialization: 'advanced',
    // What a problem prints must not get among the results.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const send = (request: Request) => {
    if (child.connected) child.send(request, () => {});
  };

  return {
    async run(cell, folder, told) {
      const { problem, configuration, seed } = cell;
      const answered = new Promise<Reply>((resolve) => {
        const listen = (reply: Reply) => {
          if (reply.kind === 'progress') return told.onProgress?.(cell, reply.progress);
          if (reply.kind === 'notice') return told.onNotice?.(reply.sentence);
          child.off('message', listen);
          resolve(reply);
        };
        child.on('message', listen);
        void ended.then((how) =>
          resolve({
            kind: 'failed',
            input: false,
            message: `the process of a run ended (${how}): ${problem}, ${configuration}, seed ${seed}`,
          }),
        );
      });
      send({ kind: 'run', module: address, options, versions, folder, problem, configuration, seed });
      const reply = await answered;
      if (reply.kind === 'finished') return readRun(folder).record;
      if (reply.kind === 'failed') throw new (reply.input ? InputError : RunError)(reply.message);
      return null;
    },
    stop: () => send({ kind: 'stop' }),
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
