import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A redis-server of one's own and `fronteira worker` processes that serve from it. */
export interface RedisServices {
  readonly url: string;
  /** Kills a service that is serving with SIGKILL and starts another. False where none serves at the moment. */
  killOne(choice: number): boolean;
  /** Kills the server with SIGKILL, which loses all that it held, and starts it again. */
  restartServer(): Promise<void>;
  close(): void;
}

/** Starts the server and `count` services of the bench problem; null where there is no redis-server. */
export async function redisServices(folder: string, count: number): Promise<RedisServices | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const serving = new Set<ChildProcess>();
  let closed = false;

  const startService = async () => {
    const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
    const problem = fileURLToPath(new URL('./bench.js', import.meta.url));
    const options = [
      '--redis',
      url,
      '--problem',
      problem,
      '--cache',
      join(folder, 'cache'),
      '--patience',
      '1',
    ];
    const child = spawn(process.execPath, [main, 'worker', ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.on('exit', () => serving.delete(child));
    await new Promise<void>((resolve) => child.stderr.on('data', () => resolve()));
    if (closed) child.kill('SIGKILL');
    else serving.add(child);
  };

  let server = await startServer(port, folder);
  for (let i = 0; i < count; i++) await startService();
  return {
    url,
    killOne(choice) {
      const victim = [...serving][choice % Math.max(1, serving.size)];
      if (!victim) return false;
      serving.delete(victim);
      victim.kill('SIGKILL');
      void startService();
      return true;
    },
    async restartServer() {
      server.kill('SIGKILL');
      await sleep(300);
      server = await startServer(port, folder);
    },
    close() {
      closed = true;
      for (const child of [...serving, server]) child.kill('SIGKILL');
    },
  };
}

/** Resolves once it answers. */
async function startServer(port: number, folder: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const answers = () => spawnSync('redis-cli', ['-p', String(port), 'ping']).status === 0;
  while (!answers()) await sleep(20);
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
