import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { emptyFolder } from '../cli/command-line.js';

const script = fileURLToPath(new URL('../../dist/benchmarks/metrics-study.js', import.meta.url));

/** The study of selection metrics, so short that its figures mean nothing: it runs through, and goes on where it was. */
it('the study of selection metrics runs its 18 configurations, and none of them twice', async () => {
  const runs = join(emptyFolder(), 'runs');
  const short = ['--seeds', '1', '--budget', '6', '--generations', '4', '--limit', '30', '--floor', '0.5'];
  const study = () =>
    promisify(execFile)(process.execPath, [script, '--print', '--runs', runs, ...short], {
      encoding: 'utf8',
    });
  const first = await study();
  const rows = first.stdout.split('\n').filter((line) => / 1$| of 1 \|$/.test(line));
  expect(rows).toHaveLength(18);
  expect(first.stdout).toContain('This is a shortened form of the study');
  expect(first.stdout).toContain('With so few runs no difference can be significant');
  const again = await study();
  const figures = (text: string) => text.split('\n').filter((line) => line.startsWith('|'));
  expect(figures(again.stdout)).toEqual(figures(first.stdout));
});
