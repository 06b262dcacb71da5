import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bnh } from '../../problems/index.js';
import { type OptimizeOptions, optimize, type Run } from '../../src/index.js';
import { beam, direct, emptyFolder, lasting } from './small-run.js';

const assisted: OptimizeOptions = {
  surrogate: 'mse',
  budget: 12,
  initial: 6,
  populationSize: 10,
  generations: 10,
};

/** Runs until so many evaluations are done, as if the process had been killed then. */
async function interrupted(journal: string, options: OptimizeOptions, after: number) {
  const stop = new AbortController();
  const calls: number[][] = [];
  const onProgress = ({ evaluations }: { evaluations: readonly unknown[] }) => {
    if (evaluations.length === after) stop.abort();
  };
  const run = await optimize(beam(calls), { ...options, journal, signal: stop.signal, onProgress });
  return { run, calls };
}

describe('a run with a journal', () => {
  for (const [name, options] of Object.entries({ direct, assisted }))
    it(`(${name}) is the run without, and goes on after an interruption without paying twice`, async () => {
      const whole = lasting((await optimize(beam(), options)) as Run);
      const folder = emptyFolder();
      for (const after of [1, 3, 7]) {
        const journal = join(folder, `${after}.jsonl`);
        const first = await interrupted(journal, options, after);
        expect(first.run.ended).toBe('aborted');
        expect(first.calls).toHaveLength(after);
        const calls: number[][] = [];
        const run = await optimize(beam(calls), { ...options, journal });
        expect(lasting(run as Run)).toEqual(whole);
        expect(run.notices).toEqual([]);
        expect(calls).toHaveLength(whole.evaluations.length - after);
        expect(existsSync(`${journal}.lock`)).toBe(false);
      }
    });

  it('takes times from the journal, and reads a finished run without evaluating anything', async () => {
    const journal = join(emptyFolder(), 'journal.jsonl');
    const first = await optimize(beam(), { ...direct, journal });
    const before = readFileSync(journal);
    const calls: number[][] = [];
    const again = await optimize(beam(calls), { ...direct, journal });
    expect(calls).toEqual([]);
    expect(again.evaluations).toEqual(first.evaluations);
    expect(readFileSync(journal)).toEqual(before);
  });

  it('keeps what evaluateBatch computed', async () => {
    const journal = join(emptyFolder(), 'journal.jsonl');
    const first = await optimize(bnh(), { ...direct, journal });
    const again = await optimize(bnh(), { ...direct, journal });
    expect(again.evaluations).toEqual(first.evaluations);
  });

  it('is resumed from its bytes cut anywhere, to the same run', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'whole.jsonl');
    const options = { ...direct, budget: 4, populationSize: 3 };
    const whole = lasting((await optimize(beam(), { ...options, journal: path })) as Run);
    const bytes = readFileSync(path);
    expect(bytes.toString().split('\n')).toHaveLength(6); // header, four evaluations, the end
    const ends = [...bytes.keys()].filter((i) => bytes[i] === 10);
    for (let length = 0; length <= bytes.length; length++) {
      const journal = join(folder, 'cut.jsonl');
      writeFileSync(journal, bytes.subarray(0, length));
      const calls: number[][] = [];
      const run = await optimize(beam(calls), { ...options, journal });
      expect(lasting(run as Run)).toEqual(whole);
      const kept = Math.max(0, ends.filter((end) => end <= length).length - 1);
      expect(calls).toHaveLength(4 - kept);
      const atLineEnd = length === 0 || ends.some((end) => end === length || end === length - 1);
      expect(run.notices).toHaveLength(atLineEnd ? 0 : 1);
      expect(contentsOf(readFileSync(journal))).toEqual(contentsOf(bytes));
    }
  });
});

/** The lines of a journal without what a clock decides. */
function contentsOf(journal: Buffer): unknown[] {
  return journal
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ ...JSON.parse(line), seconds: 0, elapsed: 0, sum: '' }));
}
