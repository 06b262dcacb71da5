import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/index.js';
import { emptyFolder, fronteira } from './command-line.js';

const command = [
  'compress',
  '--model',
  'stand-in',
  '--data',
  'stand-in',
  '--limit',
  '100',
  '--min-accuracy',
  '0.8',
];
const quick = [
  '--budget',
  '8',
  '--initial',
  '6',
  '--population',
  '10',
  '--generations',
  '10',
  '--surrogate',
  'mse',
];

async function run(...more: string[]) {
  const out = join(emptyFolder(), 'run');
  const { code, stdout, stderr } = await fronteira([...command, ...quick, '--out', out, ...more]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const record: RunRecord = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  return { out, stdout, record };
}

/** Of every evaluation what no clock decides. */
const evaluationsOf = ({ evaluations }: RunRecord) =>
  evaluations.map(({ seconds: _, metrics: { time: __, ...metrics }, ...rest }) => ({ ...rest, metrics }));

describe('fronteira compress --workers', () => {
  it('finds what one process finds, and times every candidate', async () => {
    const alone = await run();
    const together = await run('--workers', '2');
    expect(evaluationsOf(together.record)).toEqual(evaluationsOf(alone.record));
    for (const { metrics } of together.record.evaluations) expect(metrics['time']).toBeGreaterThan(0);
    expect(together.record.problem.metrics['time']).toEqual({ role: 'record', timed: true });
    expect(together.record.hypervolume).toEqual(alone.record.hypervolume);
    // The journal of one is resumed by the other: how many evaluate at once is no part of the run.
    const resumed = await fronteira(['compress', '--resume', together.out, '--workers', '1']);
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const again: RunRecord = JSON.parse(readFileSync(join(together.out, 'run.json'), 'utf8'));
    expect(again.evaluations).toEqual(together.record.evaluations);
  });

  it('counts an evaluation past its --timeout as failed, and goes on', async () => {
    const { record, stdout } = await run(
      ...'--budget 3 --initial 3 --workers 2 --timeout 0.001 --retries 0'.split(' '),
    );
    expect(record.evaluations).toHaveLength(3);
    expect(record.failures).toMatchObject({ count: 3, timeout: 3 });
    expect(stdout).toContain('3 of them failed');
  });
});
