import { constants, readFileSync, rmSync } from 'node:fs';
import { copyFile, link, open, readFile, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { InputError, show } from '../errors.js';

export interface Lock {
  release(): Promise<void>;
}

/** Who holds a lock: a process of a machine, told from a later one of the same number by its start. */
interface Holder {
  readonly pid: number;
  /** In ticks since the machine started, where the system tells (Linux); else null. */
  readonly started: string | null;
  readonly host: string;
  /** Unlike that of any other acquisition. */
  readonly token: string;
}

/**
 * Takes the lock file at `path`, which holds other processes off until it is released. The lock of a process of this machine that
 * has ended is taken over; of several that try at once, one succeeds. Throws an InputError that names the holder while the
 * lock is held, and the file's own error where it cannot be written.
 */
export async function acquireLock(path: string): Promise<Lock> {
  const own = holderOfThisProcess();
  const draft = `${path}.${own.token}`;
  await writeWhole(draft, JSON.stringify(own));
  try {
    while (!(await takeFree(draft, path))) {
      const holder = await read(path);
      if (holder === 'gone') continue;
      if (holder === null || isAlive(holder)) throw inUse(path, holder);
      await takeOver(draft, path, holder);
    }
  } finally {
    await unlink(draft).catch(() => {});
  }
  if (held.size === 0) process.on('exit', removeHeld);
  held.add(path);
  return {
    release: async () => {
      held.delete(path);
      if (held.size === 0) process.off('exit', removeHeld);
      const holder = await read(path);
      if (holder !== 'gone' && holder?.token === own.token) await unlink(path);
    },
  };
}

const held = new Set<string>();

/** A process that ends with locks held takes them with it, unless it is killed. */
function removeHeld(): void {
  for (const lock of held) rmSync(lock, { force: true });
}

/** Puts a whole lock file in place, unless there is one. */
async function takeFree(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(draft, path, constants.COPYFILE_EXCL); // a file system without hard links
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead process's lock, by the one process that holds the claim on that very lock: else two could find the same dead
 * lock, and the second remove what the first has just put in its place.
 */
async function takeOver(draft: string, path: string, dead: Holder): Promise<void> {
  const claim = `${path}.after-${dead.token}`;
  if (!(await takeFree(draft, claim))) {
    const claimant = await read(claim);
    if (claimant === null || (claimant !== 'gone' && isAlive(claimant))) throw inUse(path, claimant);
    await unlink(claim).catch(() => {});
    return;
  }
  try {
    const holder = await read(path);
    if (holder !== 'gone' && holder?.token === dead.token) await unlink(path);
  } finally {
    await unlink(claim).catch(() => {});
  }
}

/** The holder in a lock file, null where it is no lock file of ours, `gone` where there is none. */
async function read(path: string): Promise<Holder | null | 'gone'> {
  try {
    const { pid, started, host, token } = JSON.parse(await readFile(path, 'utf8'));
    return typeof pid === 'number' && typeof token === 'string' ? { pid, started, host, token } : null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : null;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

function inUse(path: string, holder: Holder | null): InputError {
  const who =
    holder === null
      ? `whoever made ${show(path)}`
      : `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`;
  return new InputError(
    `a journal must be in use by one process alone, got one in use by ${who} (when that is over, remove ${show(path)})`,
  );
}

function holderOfThisProcess(): Holder {
  const token = `${process.pid}-${Date.now().toString(36)}-${acquisitions++}`;
  return { pid: process.pid, started: startOf(process.pid), host: hostname(), token };
}

let acquisitions = 0;

/** Of another machine nothing is known: its processes count as alive. */
function isAlive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startOf(pid);
  if (now === ENDED) return false;
  return started === null || now === null || started === now;
}

/** A process that has ended and that its parent has not waited for. */
const ENDED = 'ended';

/** Field 22 of /proc/PID/stat; the second, the program's name, may hold spaces and parentheses. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state[0] === 'Z' ? ENDED : state[19];
  } catch {
    return null;
  }
}
