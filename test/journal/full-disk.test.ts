import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './small-run.js';

const library = new URL('../../dist/src/index.js', import.meta.url).href;
const script = `
import { defineProblem, maximize, minimize, optimize, real } from ${JSON.stringify(library)};
const problem = defineProblem({
  name: 'full',
  variables: { a: real(0, 1), b: real(0, 1) },
  metrics: { one: minimize(), two: maximize() },
  evaluate: ({ a, b }) => ({ one: a + b * b, two: Math.sin(5 * a) - b }),
});
try {
  const { evaluations } = await optimize(problem, { surrogate: false, budget: 20, journal: process.argv[2] });
  console.log(JSON.stringify(evaluations.map(({ seconds, ...evaluation }) => evaluation)));
} catch (error) {
  console.log(error.name + ': ' + error.message);
}
`;

describe.skipIf(process.platform === 'win32')('a disk without space', () => {
  it('ends the run with an error, and the journal is valid up to the last whole line', () => {
    expect(existsSync(fileURLToPath(library)), 'needs the build: npm run build').toBe(true);
    const folder = emptyFolder();
    const file = join(folder, 'run.mjs');
    writeFileSync(file, script);
    // No file may grow past so many KiB: a write is cut short there, and the next fails, as on a full disk.
    const run = (journal: string, limit: number | 'unlimited') =>
      spawnSync(
        'bash',
        ['-c', `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, file, join(folder, journal)],
        {
          encoding: 'utf8',
        },
      );
    const whole = run('whole.jsonl', 'unlimited');
    expect(JSON.parse(whole.stdout)).toHaveLength(20);
    const lines = readFileSync(join(folder, 'whole.jsonl'), 'utf8').split('\n');
    for (const limit of [2, 3]) {
      const name = `${limit}.jsonl`;
      const cut = run(name, limit);
      expect(cut.stdout).toMatch(
        /^RunError: the journal could not be written: EFBIG.*\(".*" holds every evaluation/,
      );
      const kept = readFileSync(join(folder, name), 'utf8');
      expect(kept.endsWith('"}\n')).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(1024 * limit);
      expect(kept.length + lines[2].length).toBeGreaterThan(1024 * limit - 40);
      const resumed = run(name, 'unlimited');
      expect(resumed.stderr).toBe('');
      expect(resumed.stdout).toBe(whole.stdout);
    }
  });
});
