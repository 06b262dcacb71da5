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
/** Arguments of a process that works with the lock. */
const script = (path: string, work: string) => [
  '--input-type=module',
  '-e',
  `import { acquireLock } from ${JSON.stringify(new URL('../../dist/src/journal/lock.js', import.meta.url).href)};
  const path = ${JSON.stringify(path)}; ${work}`,
];
const inProcess = (path: string, work: string) => spawnSync(process.execPath, script(path, work));
/** The number of a process that has ended. */
const deadProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('the lock of a journal', () => {
  it('is held by one at a time and free afterwards', async () => {
    const path = join(emptyFolder(), 'lock');
    const first = acquireLock(path);
    expect(() => acquireLock(path)).toThrow(InputError);
    expect(() => acquireLock(path)).toThrow(
      new RegExp(`in use by one process alone, got one in use by process ${process.pid} \\(`),
    );
    first.release();
    acquireLock(path).release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('goes with the process that holds it', () => {
    const path = join(emptyFolder(), 'lock');
    expect(inProcess(path, 'acquireLock(path); process.exit(3);').status).toBe(3);
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('is taken over from a process that has ended, by exactly one of many', async () => {
    const path = join(emptyFolder(), 'lock');
    writeFileSync(path, holder({ pid: deadProcess(), token: 'dead' }));
    // Each says what came of its try and then holds what it has until all have said so.
    const tries = Array.from({ length: 6 }, () =>
      spawn(
        process.execPath,
        script(
          path,
          `try { acquireLock(path); console.log('taken'); } catch { console.log('refused'); }
          process.stdin.resume();`,
        ),
      ),
    );
    const said = await Promise.all(
      tries.map(({ stdout }) => new Promise((resolve) => stdout.once('data', (text) => resolve(`${text}`)))),
    );
    expect(said.sort()).toEqual([...Array(5).fill('refused\n'), 'taken\n']);
    await Promise.all(
      tries.map((child) => {
        child.stdin.end();
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is taken over when another process has got the number of its holder since',
    async () => {
      const path = join(emptyFolder(), 'lock');
      writeFileSync(path, holder({ started: '1' }));
      acquireLock(path).release();
    },
  );

  it.skipIf(!existsSync('/proc/self/stat'))(
    'is taken over from a holder that was killed and that nobody has waited for yet',
    async () => {
      const path = join(emptyFolder(), 'lock');
      // `cat` takes the place of the shell and never waits for a child: killed, it stays as a zombie. The shell
      // itself may wait for it, so its place is taken (the echo says so) before the child is killed.
      const parent = spawn('sh', ['-c', 'sleep 100 & echo $!; exec cat'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const nextText = () =>
        new Promise<string>((resolve) => parent.stdout.once('data', (text) => resolve(String(text))));
      const pid = Number(await nextText());
      parent.stdin.write('in place');
      expect(await nextText()).toBe('in place');
      writeFileSync(path, holder({ pid }));
      expect(() => acquireLock(path)).toThrow(`process ${pid}`);
      process.kill(pid, 'SIGKILL');
      while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
        await new Promise((r) => setTimeout(r, 5));
      acquireLock(path).release();
      parent.kill('SIGKILL');
    },
  );

  it('of another machine is left alone', async () => {
    const path = join(emptyFolder(), 'lock');
    writeFileSync(path, holder({ host: 'elsewhere', pid: 7 }));
    expect(() => acquireLock(path)).toThrow(/process 7 on elsewhere .*remove ".*lock"/);
  });

  it('that is no file of ours is left alone', async () => {
    const path = join(emptyFolder(), 'lock');
    for (const text of ['', 'dear', '{"pid":1}']) {
      writeFileSync(path, text);
      expect(() => acquireLock(path)).toThrow(InputError);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('is not released by one that has lost it', async () => {
    const path = join(emptyFolder(), 'lock');
    const lock = acquireLock(path);
    writeFileSync(path, holder());
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
