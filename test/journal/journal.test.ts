import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineProblem, InputError, minimize, optimize, type Run, RunError, real } from '../../src/index.js';
import { differences } from '../../src/journal/header.js';
import { sealed } from '../../src/journal/line.js';
import { beam, direct, emptyFolder, lasting } from './small-run.js';

/** A finished journal of eight evaluations: its path and its lines. */
async function finished() {
  const journal = join(emptyFolder(), 'journal.jsonl');
  const run = await optimize(beam(), { ...direct, journal });
  return { journal, run: run as Run, lines: readFileSync(journal, 'utf8').trimEnd().split('\n') };
}
const resume = (journal: string, changes: object = {}) =>
  optimize(beam(), { ...direct, journal, ...changes });

describe('a journal', () => {
  it('begins with problem, options, versions and hash, and has a line an evaluation', async () => {
    const { lines, run } = await finished();
    const [header, ...entries] = lines.map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      journal: 'fronteira',
      format: 1,
      problem: { name: 'beam', constraints: ['strength >= 0.5'], variables: { ribs: { kind: 'integer' } } },
      options: { algorithm: 'ctaea', seed: 3, budget: 8 },
      versions: { node: process.versions.node },
    });
    expect(header.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(entries.map(({ error }) => error ?? null)).toEqual(run.evaluations.map(({ error }) => error));
    for (let i = 1; i < 8; i++) expect(entries[i].elapsed).toBeGreaterThanOrEqual(entries[i - 1].elapsed);
  });

  it('of another problem or other options is refused with every difference', async () => {
    const { journal } = await finished();
    const changed = resume(journal, { seed: 4, algorithm: 'nsga2' });
    await expect(changed).rejects.toThrow(InputError);
    await expect(changed).rejects.toThrow(
      'a journal must be resumed with its own problem and options, got options.algorithm was "ctaea", is "nsga2"; options.seed was 3, is 4',
    );
    const other = defineProblem({
      name: 'rod',
      variables: { thickness: real(-1, 2) },
      metrics: { weight: minimize() },
      evaluate: ({ thickness }) => ({ weight: thickness }),
    });
    await expect(optimize(other, { ...direct, journal })).rejects.toThrow(
      /problem\.name was "beam", is "rod"; problem\.variables\.thickness\.upper was 1, is 2; .*ribs was \{.*\}, is undefined/,
    );
  });

  it('of other inputs is refused, and other notes are not', async () => {
    const path = join(emptyFolder(), 'journal.jsonl');
    await resume(path, { journal: { path, inputs: { model: 'a1' }, notes: { began: 'monday' } } });
    await resume(path, { journal: { path, inputs: { model: 'a1' }, notes: { began: 'friday' } } });
    expect(readFileSync(path, 'utf8')).toContain('monday');
    await expect(resume(path, { journal: { path, inputs: { model: 'b2' } } })).rejects.toThrow(
      /got inputs\.model was "a1", is "b2"$/,
    );
  });

  it('with a damaged line is refused by its number, and salvaged without it', async () => {
    const { journal, run, lines } = await finished();
    const damaged = lines.map((line, i) =>
      i === 3 || i === 6 ? line.replace('"round":', '"round":1') : line,
    );
    writeFileSync(journal, `${damaged.join('\n')}\n`);
    await expect(resume(journal)).rejects.toThrow(InputError);
    await expect(resume(journal)).rejects.toThrow(/with line 4, 7 damaged/);
    expect(existsSync(`${journal}.lock`)).toBe(false);
    const calls: number[][] = [];
    const salvaged = await optimize(beam(calls), { ...direct, journal: { path: journal, salvage: true } });
    expect(calls).toHaveLength(2);
    expect(lasting(salvaged as Run)).toEqual(lasting(run));
    expect(salvaged.notices).toEqual([expect.stringMatching(/^line 4, 7 of ".*" is damaged and left out/)]);
    expect(readFileSync(`${journal}.damaged`, 'utf8')).toBe(`${damaged.join('\n')}\n`);
    const again = await resume(journal);
    expect(lasting(again as Run)).toEqual(lasting(run));
    expect(again.notices).toEqual([]);
  });

  it('with a damaged first line is salvaged too', async () => {
    const { journal, run, lines } = await finished();
    writeFileSync(journal, `${[lines[0].replace('ctaea', 'nsga2'), ...lines.slice(1)].join('\n')}\n`);
    await expect(resume(journal)).rejects.toThrow(/with line 1 damaged/);
    const calls: number[][] = [];
    const salvaged = await optimize(beam(calls), { ...direct, journal: { path: journal, salvage: true } });
    expect(calls).toEqual([]);
    expect(lasting(salvaged as Run)).toEqual(lasting(run));
    expect((await resume(journal)).notices).toEqual([]);
  });

  it('with a line twice, or an entry that fits no evaluation of the problem, counts that line as damaged', async () => {
    const { journal, lines } = await finished();
    for (const odd of [lines[2], sealed({ index: 20, x: [1], metrics: [] }).trimEnd()]) {
      writeFileSync(journal, `${[...lines.slice(0, 5), odd, ...lines.slice(5)].join('\n')}\n`);
      await expect(resume(journal)).rejects.toThrow(/with line 6 damaged/);
    }
  });

  it('whose vectors are not those of the search ends the run with both', async () => {
    const { journal, lines } = await finished();
    const { sum: _, ...content } = JSON.parse(lines[3]);
    lines[3] = sealed({ ...content, x: [0.25, 1, 0] }).trimEnd();
    writeFileSync(journal, `${lines.join('\n')}\n`);
    await expect(resume(journal)).rejects.toThrow(RunError);
    await expect(resume(journal)).rejects.toThrow(
      /^evaluation 2 of the journal must be .* got \[0\.25, 1, 0\]/,
    );
  });

  it('begun by another version goes on with a notice', async () => {
    const { journal, lines } = await finished();
    const { sum: _, ...header } = JSON.parse(lines[0]);
    lines[0] = sealed({ ...header, versions: { ...header.versions, node: '18.0.0' } }).trimEnd();
    writeFileSync(journal, `${lines.join('\n')}\n`);
    const { notices } = await resume(journal);
    expect(notices).toEqual([expect.stringMatching(/^the version of node was "18\.0\.0", is "/)]);
  });

  it('of a later format is refused', async () => {
    const { journal, lines } = await finished();
    const { sum: _, ...header } = JSON.parse(lines[0]);
    writeFileSync(journal, sealed({ ...header, format: 2 }));
    await expect(resume(journal)).rejects.toThrow(/of format 1, got format 2, written by fronteira \d/);
  });

  it('is refused to a second run while the first goes on', async () => {
    const journal = join(emptyFolder(), 'journal.jsonl');
    let second: Promise<unknown> | undefined;
    const first = optimize(beam(), {
      ...direct,
      journal,
      onProgress: () => {
        second ??= resume(journal).then(
          () => 'not refused',
          (error: Error) => error.message,
        );
      },
    });
    await first;
    expect(await second).toMatch(/in use by one process alone, got one in use by process \d+/);
  });

  it('never takes the place of a file that is none', async () => {
    const folder = emptyFolder();
    for (const text of ['dear diary\n', '{"journal":"mine"}\n', '\n\n', 'x']) {
      const path = join(folder, 'letter.txt');
      writeFileSync(path, text);
      for (const salvage of [false, true])
        await expect(resume(path, { journal: { path, salvage } })).rejects.toThrow(
          /^a journal must begin with the line that names its run, got .*letter\.txt" beginning with/,
        );
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('that cannot be written is refused before anything is evaluated', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    for (const path of [
      join(folder, 'file', 'journal'),
      join(folder, 'folder'),
      join(folder, 'none', 'journal'),
    ]) {
      const calls: number[][] = [];
      const run = optimize(beam(calls), { ...direct, journal: path });
      await expect(run).rejects.toThrow(InputError);
      await expect(run).rejects.toThrow(/^the journal must be a file that can be written, got "/);
      expect(calls).toEqual([]);
    }
    await expect(optimize(beam(), { journal: '' })).rejects.toThrow(/must be the path of a file, got ""/);
  });
});

describe('differences', () => {
  it('names every leaf, and another order of the same members', () => {
    expect(differences({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 3] }, d: null })).toEqual([
      'b.c.1 was 2, is 3',
      'd was undefined, is null',
    ]);
    expect(differences({ v: { a: 1, b: 2 } }, { v: { b: 2, a: 1 } })).toEqual([
      'v came in the order a, b, comes as b, a',
    ]);
    expect(differences({ x: Float64Array.of(1, -0) }, { x: [1, -0] })).toEqual([]);
    expect(differences({ x: -0 }, { x: 0 })).toEqual(['x was "-0", is 0']);
  });
});
