import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/index.js';
import { emptyFolder } from './small-run.js';

const library = new URL('../../dist/src/index.js', import.meta.url).href;

/** A small run in a process of its own; it prints what must be the same however often it was killed. */
const script = `
import { appendFileSync } from 'node:fs';
import { defineProblem, maximize, minimize, optimize, real } from ${JSON.stringify(library)};
const [journal, calls] = process.argv.slice(2);
const problem = defineProblem({
  name: 'slow',
  variables: { a: real(0, 1), b: real(0, 1) },
  metrics: { one: minimize(), two: maximize() },
  evaluate: async ({ a, b }) => {
    await new Promise((resolve) => setTimeout(resolve, 8));
    if (a > 0.9) throw new Error('too far');
    appendFileSync(calls, 'x');
    return { one: a + b * b, two: Math.sin(5 * a) - b };
  },
});
const run = await optimize(problem, { surrogate: 'mse', budget: 24, initial: 8, populationSize: 10, generations: 10, journal });
const { evaluations, front, hypervolume, models, ended } = run;
const kept = evaluations.map(({ seconds, ...evaluation }) => evaluation);
console.log(JSON.stringify([kept, front, hypervolume, models, ended]));
`;

interface Ended {
  readonly stdout: string;
  readonly killed: boolean;
}

/** Runs the script; kills it without warning after so many milliseconds, if given. */
function start(file: string, journal: string, killAfter?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, journal, `${journal}.calls`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ stdout, killed: signal === 'SIGKILL' }));
    if (killAfter === undefined) return;
    // Counted from the first line of the journal on, so that it hits the run and not the start of the process.
    const watch = setInterval(() => {
      if (!existsSync(journal)) return;
      clearInterval(watch);
      setTimeout(() => child.kill('SIGKILL'), killAfter);
    }, 1);
    child.on('close', () => clearInterval(watch));
  });
}

describe('kill -9', () => {
  it('at any moment costs at most the evaluation that runs, and changes nothing of the result', async () => {
    expect(existsSync(fileURLToPath(library)), 'needs the build: npm run build').toBe(true);
    const folder = emptyFolder();
    const file = join(folder, 'run.mjs');
    writeFileSync(file, script);
    const whole = await start(file, join(folder, 'whole.jsonl'));
    const evaluations = readFileSync(join(folder, 'whole.jsonl'), 'utf8').split('\n').length - 2;
    expect(evaluations).toBe(24);
    const measured = readFileSync(join(folder, 'whole.jsonl.calls')).length;
    const random = randomOf('moments of killing');
    let kills = 0;
    for (let moment = 0; moment < 6; moment++) {
      const journal = join(folder, `${moment}.jsonl`);
      const { killed } = await start(file, journal, 300 * random.uniform());
      if (killed) kills++;
      const resumed = await start(file, journal);
      expect(resumed.stdout).toBe(whole.stdout);
      expect(existsSync(`${journal}.lock`)).toBe(false);
      const calls = readFileSync(`${journal}.calls`).length;
      expect(calls).toBeGreaterThanOrEqual(measured);
      expect(calls).toBeLessThanOrEqual(measured + 1);
    }
    expect(kills).toBeGreaterThan(0);
  });
});
