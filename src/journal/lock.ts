import { constants, copyFileSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { InputError, show } from '../errors.js';

export interface Lock {
  release(): void;
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
 * has ended is taken over; of several that try at once, one succeeds. Every step is synchronous, so that a signal that ends the
 * process comes before or after, and the lock goes with the process. Throws an InputError that names the holder while the
 * lock is held, and the file's own error where it cannot be written.
 */
export function acquireLock(path: string): Lock {
  const own = holderOfThisProcess();
  const draft = `${path}.${own.token}`;
  writeFileSync(draft, JSON.stringify(own), { flag: 'wx' });
  try {
    while (!takeFree(draft, path)) {
      const holder = read(path);
      if (holder === 'gone') continue;
      if (holder === null || isAlive(holder)) throw inUse(path, holder);
      takeOver(draft, path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  if (held.size === 0) process.on('exit', releaseAll);
  held.set(own.token, path);
  return { release: () => release(own.token, path) };
}

/** Paths of the locks that this process holds, by the token of their acquisition. */
const held = new Map<string, string>();

function release(token: string, path: string): void {
  const holder = read(path);
  if (holder !== 'gone' && holder?.token === token) rmSync(path, { force: true });
  held.delete(token);
  if (held.size === 0) process.off('exit', releaseAll);
}

/** A process that ends with locks held takes them with it, unless it is killed. */
function releaseAll(): void {
  for (const [token, path] of held) release(token, path);
}

/** Puts a whole lock file in place, unless there is one. */
function takeFree(draft: string, path: string): boolean {
  try {
    try {
      linkSync(draft, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      copyFileSync(draft, path, constants.COPYFILE_EXCL); // a file system without hard links
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead process's lock, by the one process that holds the claim on that very lock: else two could find the same dead
 * lock, and the second remove what the first has just put in its place.
 */
function takeOver(draft: string, path: string, dead: Holder): void {
  const claim = `${path}.after-${dead.token}`;
  if (!takeFree(draft, claim)) {
    const claimant = read(claim);
    if (claimant === null || (claimant !== 'gone' && isAlive(claimant))) throw inUse(path, claimant);
    rmSync(claim, { force: true });
    return;
  }
  try {
    const holder = read(path);
    if (holder !== 'gone' && holder?.token === dead.token) rmSync(path, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}

/** The holder in a lock file, null where it is no lock file of ours, `gone` where there is none. */
function read(path: string): Holder | null | 'gone' {
  try {
    const { pid, started, host, token } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof pid === 'number' && typeof token === 'string' ? { pid, started, host, token } : null;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : null;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

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
