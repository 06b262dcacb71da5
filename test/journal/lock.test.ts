import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/index.js';
import { acquireLock } from '../../src/journal/lock.js';
import { emptyFolder } from './small-run.js';

const holder = (changes: object = {}) =>
  JSON.stringify({ pid: process.pid, started: null, host: hostname(), token: 'other', ...changes });
/** The number of a process that has ended. */
const deadProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('the lock of a journal', () => {
  it('is held by one at a time and free afterwards', async () => {
    const path = join(emptyFolder(), 'lock');
    const first = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toThrow(InputError);
    await expect(acquireLock(path)).rejects.toThrow(
      new RegExp(`in use by one process alone, got one in use by process ${process.pid} \\(`),
    );
    await first.release();
    await (await acquireLock(path)).release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('is taken over from a process that has ended, by exactly one of many', async () => {
    const path = join(emptyFolder(), 'lock');
    const pid = deadProcess();
    for (let round = 0; round < 20; round++) {
      writeFileSync(path, holder({ pid, token: `dead-${round}` }));
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(path)));
      const taken = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(taken).toHaveLength(1);
      expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
      await taken[0].release();
      expect(existsSync(path)).toBe(false);
    }
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is taken over when another process has got the number of its holder since',
    async () => {
      const path = join(emptyFolder(), 'lock');
      writeFileSync(path, holder({ started: '1' }));
      await (await acquireLock(path)).release();
    },
  );

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is taken over from a holder that was killed and that nobody has waited for yet',
    async () => {
      const path = join(emptyFolder(), 'lock');
      // The shell never waits for its child: killed, it stays as a zombie.
      const shell = spawn('sh', ['-c', 'sleep 100 & echo $!; exec sleep 100'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const pid = await new Promise<number>((resolve) =>
        shell.stdout!.once('data', (text) => resolve(Number(text))),
      );
      writeFileSync(path, holder({ pid }));
      await expect(acquireLock(path)).rejects.toThrow(`process ${pid}`);
      process.kill(pid, 'SIGKILL');
      while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
        await new Promise((r) => setTimeout(r, 5));
      await (await acquireLock(path)).release();
      shell.kill('SIGKILL');
    },
  );

  it('of another machine is left alone', async () => {
    const path = join(emptyFolder(), 'lock');
    writeFileSync(path, holder({ host: 'elsewhere', pid: 7 }));
    await expect(acquireLock(path)).rejects.toThrow(/process 7 on elsewhere .*remove ".*lock"/);
  });

  it('that is no file of ours is left alone', async () => {
    const path = join(emptyFolder(), 'lock');
    for (const text of ['', 'dear', '{"pid":1}']) {
      writeFileSync(path, text);
      await expect(acquireLock(path)).rejects.toThrow(InputError);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('is not released by one that has lost it', async () => {
    const path = join(emptyFolder(), 'lock');
    const lock = await acquireLock(path);
    writeFileSync(path, holder());
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
