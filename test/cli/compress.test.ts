import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInference, standInDataset } from '../../problems/compression/index.js';
import type { RunRecord } from '../../src/index.js';
import { emptyFolder, fronteira, onceEvaluated } from './command-line.js';

const small = [
  'compress',
  '--model',
  'stand-in',
  '--data',
  'stand-in',
  '--limit',
  '200',
  '--min-accuracy',
  '0.8',
];
const quick = ['--budget', '12', '--initial', '8', '--population', '10', '--generations', '20'];

const readRecord = (folder: string): RunRecord => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));

/** A record without what a clock decides. */
function timeless(record: RunRecord) {
  return {
    ...record,
    problem: { ...record.problem, facts: { ...record.problem.facts, baseline: undefined } },
    evaluations: record.evaluations.map(({ seconds: _, metrics: { time: __, ...metrics }, ...rest }) => ({
      ...rest,
      metrics,
    })),
  };
}

describe('fronteira compress', () => {
  it('writes the front as files that load and give the metrics written beside them', async () => {
    const out = join(emptyFolder(), 'run');
    const { code, stdout, stderr } = await fronteira([
      ...small,
      ...quick,
      '--surrogate',
      'mape',
      '--out',
      out,
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const record = readRecord(out);
    expect(record.evaluations).toHaveLength(12);
    expect(record.evaluations.map(({ origin }) => origin)).toEqual([
      ...Array(8).fill('initial'),
      ...Array(4).fill('infill'),
    ]);
    expect(record.models.map(({ round, metric }) => `${round} ${metric}`)).toEqual([
      ...Array(3).fill('1 mape'),
      ...Array(3).fill('2 mape'),
    ]);
    expect(record.front.length).toBeGreaterThan(0);
    const files = record.front.map((i) => `${String(i).padStart(3, '0')}`);
    expect(readdirSync(join(out, 'front')).sort()).toEqual(files.flatMap((f) => [`${f}.json`, `${f}.onnx`]));
    for (const file of files) expect(stdout).toContain(`${file}.onnx`);

    const dataset = standInDataset({ split: 'test', count: 200 });
    for (const [position, file] of files.entries()) {
      const bytes = readFileSync(join(out, 'front', `${file}.onnx`));
      const beside = JSON.parse(readFileSync(join(out, 'front', `${file}.json`), 'utf8'));
      const { metrics } = record.evaluations[record.front[position]];
      expect(beside.metrics).toEqual(metrics);
      expect(beside.measuredOn).toMatchObject({ images: 200, batchSize: 32 });
      expect(metrics['accuracy']).toBeGreaterThanOrEqual(0.8);
      expect(bytes.length).toBe(metrics['size']);
      const inference = await openInference({ baseline: new Uint8Array(bytes), dataset });
      const again = await inference.evaluate(new Uint8Array(bytes));
      await inference.close();
      expect([again.accuracy, again.top5, again.macroF1]).toEqual([
        metrics['accuracy'],
        metrics['top5'],
        metrics['macroF1'],
      ]);
    }
  });

  it('gives the same run.json for the same seed, but for times', async () => {
    const [one, two] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')];
    for (const out of [one, two])
      await fronteira([
        ...small,
        ...quick,
        '--seed',
        '5',
        '--surrogate',
        'objectives=mse,constraints=random',
        '--out',
        out,
      ]);
    expect(timeless(readRecord(two))).toEqual(timeless(readRecord(one)));
  });

  it('prints the run record with --json and nothing else', async () => {
    const out = join(emptyFolder(), 'run');
    const { stdout, stderr } = await fronteira([
      ...small,
      '--budget',
      '4',
      '--surrogate',
      'none',
      '--json',
      '--out',
      out,
    ]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(readRecord(out));
  });

  it('optimises the metrics that it is told to', async () => {
    const out = join(emptyFolder(), 'run');
    await fronteira([
      ...small,
      '--budget',
      '4',
      '--surrogate',
      'none',
      '--objectives',
      'accuracy,size',
      '--out',
      out,
    ]);
    const { problem, hypervolume } = readRecord(out);
    expect(Object.keys(hypervolume.referencePoint)).toEqual(['accuracy', 'size']);
    expect(problem.metrics['nonZeroRate']).toEqual({ role: 'record' });
  });

  it('leaves times out where it is told to, and finds the same', async () => {
    const search = async (...more: string[]) => {
      const out = join(emptyFolder(), 'run');
      await fronteira([...small, '--budget', '4', '--surrogate', 'none', '--out', out, ...more]);
      return readRecord(out);
    };
    const [timed, untimed] = [await search(), await search('--untimed', '--workers', '2')];
    expect(timed.evaluations.every(({ metrics }) => metrics['time']! > 0)).toBe(true);
    expect(Object.keys(untimed.problem.metrics)).not.toContain('time');
    const found = (record: RunRecord) => timeless(record).evaluations;
    expect(found(untimed)).toEqual(found(timed));
  });

  it('ends cleanly on Ctrl-C with what was found', async () => {
    const out = join(emptyFolder(), 'run');
    const { code, stdout } = await fronteira(
      [...small, '--surrogate', 'none', '--budget', '100000', '--out', out],
      (kill) => onceEvaluated(out, 3, () => kill('SIGINT')),
    );
    expect(code).toBe(0);
    const record = readRecord(out);
    expect(record.ended).toBe('aborted');
    expect(record.evaluations.length).toBeGreaterThan(0);
    expect(record.evaluations.length).toBeLessThan(100000);
    expect(stdout).toContain(`stopped after ${record.evaluations.length} of 100000 evaluations`);
    for (const i of record.front)
      expect(existsSync(join(out, 'front', `${String(i).padStart(3, '0')}.onnx`))).toBe(true);
  });
});

describe('a result that cannot be finished', () => {
  const long = [...small, '--surrogate', 'none', '--budget', '100000'];

  it('leaves its journal alone when it is interrupted twice, and keeps the earlier result', async () => {
    const out = join(emptyFolder(), 'run');
    await fronteira([...small, '--budget', '4', '--surrogate', 'none', '--out', out]);
    const before = readFileSync(join(out, 'run.json'), 'utf8');
    const { code } = await fronteira([...long, '--force', '--out', out], (kill) => {
      // Both must come while it runs: the second right behind the first, before it has written anything.
      onceEvaluated(out, 6, () => {
        kill('SIGINT');
        setTimeout(() => kill('SIGTERM'), 1);
      });
    });
    if (code === 130) expect(readFileSync(join(out, 'run.json'), 'utf8')).toBe(before);
    else expect(readRecord(out).ended).toBe('aborted');
    expect(readdirSync(out).sort()).toEqual(['front', 'journal.jsonl', 'report.html', 'run.json']);
  });

  it('ends quietly when nobody reads what it prints', async () => {
    const command = [
      'evaluate',
      '--model',
      'stand-in',
      '--data',
      'stand-in',
      '--limit',
      '20',
      '--x',
      '0,0,0,0,0,0,0',
    ];
    const { code, stderr } = await fronteira([...command, '--json'], undefined, 'closed');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

describe('fronteira evaluate', () => {
  const evaluate = ['evaluate', '--model', 'stand-in', '--data', 'stand-in', '--limit', '100'];

  it('prints metrics and the non-zero count of every tensor', async () => {
    const { code, stdout } = await fronteira([...evaluate, '--x', '2,2,0.5,0.25,1,2,0', '--json']);
    expect(code).toBe(0);
    const { metrics, nonZeroByTensor, totalByTensor, nonZero, total, correct, of } = JSON.parse(stdout);
    expect(of).toBe(100);
    expect(metrics.accuracy).toBe(correct / 100);
    expect(metrics.nonZeroRate).toBe(nonZero / total);
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b);
    expect([sum(nonZeroByTensor), sum(totalByTensor)]).toEqual([nonZero, total]);
    for (const [name, elements] of Object.entries<number>(totalByTensor)) {
      const rate = name.startsWith('conv') ? 0.25 : name.endsWith('.bias') ? 0 : 0.5;
      expect(Math.abs(nonZeroByTensor[name] - (1 - rate) * elements)).toBeLessThanOrEqual(0.5);
    }
  });

  it('means the same network by the same vector and seed, and another subset by another seed', async () => {
    const at = async (seed: string) => {
      const { stdout } = await fronteira([...evaluate, '--x', '1,1,0.5,0.5,2,2,0', '--seed', seed, '--json']);
      return JSON.parse(stdout).nonZeroByTensor;
    };
    const first = await at('1');
    expect(await at('1')).toEqual(first);
    const others = await Promise.all(['2', '3', '4'].map(at));
    expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(first))).toBe(true);
  });

  it('shows a table to people', async () => {
    const { stdout } = await fronteira([...evaluate, '--x', '0,0,0,0,0,0,0']);
    expect(stdout).toMatch(/accuracy +0\.\d+/);
    expect(stdout).toMatch(/fc1\.weight +\d+ +\d+/);
  });
});
