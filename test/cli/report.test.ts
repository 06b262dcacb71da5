import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { handMade } from '../report/records.js';
import { emptyFolder, fronteira } from './command-line.js';

function runIn(
  folder: string,
  name: string,
  record: unknown = handMade({
    points: [
      [4, 2],
      [2, 1],
    ],
    front: [0, 1],
  }),
) {
  const run = join(folder, name);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, 'run.json'), typeof record === 'string' ? record : JSON.stringify(record));
  return run;
}

describe('fronteira report', () => {
  it('writes the page into the folder of the run', async () => {
    const run = runIn(emptyFolder(), 'a');
    const { code, stdout, stderr } = await fronteira(['report', run]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`written to ${join(run, 'report.html')}\n`);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toMatch(
      /^<!doctype html>[\s\S]*<title>shed · fronteira<\/title>/,
    );
  });

  it('writes the charts as static SVG that carry the names of the axes', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'out', 'both.html');
    const runs = [runIn(folder, 'a'), runIn(folder, 'b')];
    const { stdout } = await fronteira(['report', ...runs, '-o', file, '--svg', '--json']);
    const { written } = JSON.parse(stdout);
    const charts = ['front', 'hypervolume', 'parallel', 'variables'];
    expect(written).toEqual([file, ...charts.map((chart) => join(folder, 'out', `both-${chart}.svg`))]);
    for (const path of written.slice(1)) expect(readFileSync(path, 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>$/);
    const front = readFileSync(written[1], 'utf8');
    for (const text of ['cost ↓', 'gain ↑', 'gain ≥ 1']) expect(front).toContain(text);
  });

  it('escapes names in the SVG', async () => {
    const record = handMade({
      points: [
        [4, 2],
        [2, 1],
      ],
      front: [0, 1],
    });
    const { cost, gain } = record.problem.metrics;
    const evil = '<script>x</script>';
    const run = runIn(emptyFolder(), 'a', {
      ...record,
      problem: { ...record.problem, metrics: { [evil]: cost, gain } },
      hypervolume: { ...record.hypervolume, referencePoint: { [evil]: 10, gain: 0 } },
      evaluations: record.evaluations.map((e) => ({
        ...e,
        metrics: { [evil]: e.metrics['cost'], gain: e.metrics['gain'] },
      })),
    });
    await fronteira(['report', run, '--svg']);
    const svg = readFileSync(join(run, 'report-front.svg'), 'utf8');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;x');
  });

  it.each([
    ['an empty folder', () => emptyFolder(), /must hold a run\.json, got ".*" \(an empty folder\)/],
    [
      'a folder that is not there',
      () => '/no/such/run',
      /must hold a run\.json, got "\/no\/such\/run" \(no such folder\)/,
    ],
    [
      'a corrupt run.json',
      () => runIn(emptyFolder(), 'a', '{"problem":'),
      /a run\.json must be JSON, got ".*\/a\/run\.json"/,
    ],
    [
      'another JSON',
      () => runIn(emptyFolder(), 'a', '{}'),
      /must be a run record of fronteira, got ".*\/a\/run\.json"/,
    ],
  ])('refuses %s in one sentence that names it', async (_, make, message) => {
    const run = make();
    const { code, stdout, stderr } = await fronteira(['report', run]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(run, 'report.html'))).toBe(false);
  });

  it('refuses to write where it cannot', async () => {
    const folder = emptyFolder();
    const run = runIn(folder, 'a');
    expect((await fronteira(['report', run, '-o', folder])).stderr).toContain(
      'the page must be a file, got the folder',
    );
    const { code, stderr } = await fronteira(['report', run, '-o', join(run, 'run.json', 'page.html')]);
    expect(code).toBe(2);
    expect(stderr).toContain('the report must be written to a path that can be');
  });
});
