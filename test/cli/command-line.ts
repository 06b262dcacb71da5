import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a process of its own. */
export function fronteira(
  args: readonly string[],
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void,
  output: 'read' | 'closed' = 'read',
) {
  return new Promise<Outcome>((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    if (output === 'closed') child.stdout.destroy();
    onStart?.((signal) => child.kill(signal));
  });
}

/** An empty folder of this test's own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'fronteira-test-'));
}

/** Acts once the run that writes to a folder has evaluated so often, whatever the pace of the machine. */
export function onceEvaluated(out: string, count: number, act: () => void): void {
  const journal = join(out, 'journal.jsonl');
  const watch = setInterval(() => {
    if (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < count + 2) return;
    clearInterval(watch);
    act();
  }, 2);
  watch.unref();
}
