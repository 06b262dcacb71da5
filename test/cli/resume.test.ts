import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAND_IN_MODEL } from '../../problems/compression/index.js';
import type { RunRecord } from '../../src/index.js';
import { emptyFolder, fronteira, onceEvaluated } from './command-line.js';

const folder = emptyFolder();
const model = join(folder, 'network.onnx');
const options = ['--data', 'stand-in', '--limit', '100', '--min-accuracy', '0.8', '--budget', '10'];
const quick = [
  ...options,
  '--initial',
  '6',
  '--population',
  '10',
  '--generations',
  '20',
  '--surrogate',
  'mape',
];
const whole = join(folder, 'whole');

beforeAll(async () => {
  writeFileSync(model, readFileSync(STAND_IN_MODEL));
  const { code } = await fronteira(['compress', '--model', model, ...quick, '--out', whole]);
  expect(code).toBe(0);
});

const recordIn = (path: string): RunRecord => JSON.parse(readFileSync(join(path, 'run.json'), 'utf8'));

/** A record without what a clock decides. */
function timeless(record: RunRecord) {
  return {
    ...record,
    evaluations: record.evaluations.map(({ seconds: _, metrics: { time: __, ...metrics }, ...rest }) => ({
      ...rest,
      metrics,
    })),
  };
}

/** A folder as a process leaves it that was killed when so many bytes of its journal were on disk. */
function killed(name: string, bytes: number): string {
  const path = join(folder, name);
  mkdirSync(join(path, '.unfinished', 'front'), { recursive: true });
  writeFileSync(join(path, 'journal.jsonl'), readFileSync(join(whole, 'journal.jsonl')).subarray(0, bytes));
  return path;
}
const journalLength = () => readFileSync(join(whole, 'journal.jsonl')).length;

describe('fronteira compress --resume', () => {
  it('goes on with a run that was killed, to the results of one that never was', async () => {
    const out = killed('killed', Math.round(0.6 * journalLength()));
    const { code, stderr } = await fronteira(['compress', '--resume', out]);
    expect(stderr).toMatch(
      /^fronteira: the last line of .* was cut short by an interruption and is left out\n$/,
    );
    expect(code).toBe(0);
    const [resumed, uninterrupted] = [recordIn(out), recordIn(whole)];
    expect(timeless(resumed)).toEqual(timeless(uninterrupted));
    // What was paid for before the interruption is as it was, times included.
    const kept = readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n');
    const before = readFileSync(join(whole, 'journal.jsonl'), 'utf8').split('\n');
    const same = kept.filter((line, i) => line !== '' && line === before[i]).length - 1;
    expect(same).toBeGreaterThan(2);
    expect(resumed.evaluations.slice(0, same)).toEqual(uninterrupted.evaluations.slice(0, same));
    expect(readdirSync(join(out, 'front'))).toEqual(readdirSync(join(whole, 'front')));
    for (const name of readdirSync(join(out, 'front')).filter((file) => file.endsWith('.onnx')))
      expect(readFileSync(join(out, 'front', name)).equals(readFileSync(join(whole, 'front', name)))).toBe(
        true,
      );
    expect(readdirSync(out).sort()).toEqual(['front', 'journal.jsonl', 'report.html', 'run.json']);
  });

  it('goes on after kill -9 in the middle of an evaluation', async () => {
    const out = join(folder, 'shot');
    const journal = join(out, 'journal.jsonl');
    const shot = await fronteira(['compress', '--model', model, ...quick, '--out', out], (kill) =>
      onceEvaluated(out, 3, () => kill('SIGKILL')),
    );
    expect(shot.code).toBe(null);
    expect(existsSync(join(out, 'run.json'))).toBe(false);
    const { code } = await fronteira(['compress', '--resume', out]);
    expect(code).toBe(0);
    expect(timeless(recordIn(out))).toEqual(timeless(recordIn(whole)));
    expect(existsSync(`${journal}.lock`)).toBe(false);
  });

  it('goes on after Ctrl-C, from the results of that time', async () => {
    const out = join(folder, 'stopped');
    const stopped = await fronteira(['compress', '--model', model, ...quick, '--out', out], (kill) =>
      onceEvaluated(out, 3, () => kill('SIGINT')),
    );
    expect(stopped.code).toBe(0);
    expect(stopped.stdout).toContain(`to go on: fronteira compress --resume ${out}`);
    expect(recordIn(out).ended).toBe('aborted');
    expect((await fronteira(['compress', '--resume', out])).code).toBe(0);
    expect(timeless(recordIn(out))).toEqual(timeless(recordIn(whole)));
  });

  const refusals: [string, () => string[], RegExp][] = [
    [
      'a folder without a journal',
      () => ['--resume', join(folder, 'none')],
      /must hold a journal\.jsonl, got none/,
    ],
    [
      'another seed, floor and data',
      () => [
        '--resume',
        killed('other', journalLength()),
        '--seed',
        '2',
        '--min-accuracy',
        '0.7',
        '--limit',
        '90',
      ],
      /constraints\.0 was "accuracy >= 0\.8", is "accuracy >= 0\.7";.* options\.seed was 1, is 2; inputs\.data was "/,
    ],
    [
      'another folder to write to',
      () => ['--resume', killed('there', journalLength()), '--out', join(folder, 'here')],
      /--resume writes to the folder of its run, got another with --out/,
    ],
    [
      'replacing what it resumes',
      () => ['--resume', killed('both', journalLength()), '--force'],
      /--force replaces a run and --resume goes on with it, got both/,
    ],
    [
      'a journal damaged in the middle',
      () => {
        const out = killed('damaged', journalLength());
        const text = readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n');
        text[3] = text[3].replace('"round":0', '"round":9');
        writeFileSync(join(out, 'journal.jsonl'), text.join('\n'));
        return ['--resume', out];
      },
      /journal\.jsonl" with line 4 damaged/,
    ],
  ];
  it.each(refusals)('refuses %s', async (_, args, message) => {
    const { code, stdout, stderr } = await fronteira(['compress', ...args()]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  it('goes on without a damaged line with --salvage', async () => {
    const { code, stderr } = await fronteira(['compress', '--resume', join(folder, 'damaged'), '--salvage']);
    expect(stderr).toMatch(/line 4 of ".*" is damaged and left out/);
    expect(code).toBe(0);
    expect(timeless(recordIn(join(folder, 'damaged')))).toEqual(timeless(recordIn(whole)));
  });

  it('points to itself where a folder holds an interrupted run', async () => {
    const out = killed('again', journalLength());
    const { code, stderr } = await fronteira(['compress', '--model', model, ...quick, '--out', out]);
    expect(stderr).toMatch(/must be empty \(or give --force, or --resume for the run in it\)/);
    expect(code).toBe(2);
  });

  it('refuses another model under the same name', async () => {
    const out = killed('changed', journalLength());
    const other = join(folder, 'other.onnx');
    const bytes = readFileSync(model);
    bytes[bytes.length >> 1] ^= 1; // one bit of a weight
    writeFileSync(other, bytes);
    const { code, stderr } = await fronteira(['compress', '--resume', out, '--model', other]);
    expect(stderr).toMatch(/got inputs\.model was "[0-9a-f]{64}", is "[0-9a-f]{64}"$/m);
    expect(code).toBe(2);
  });
});
