import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkStudy, defineProblem, minimize, real, runStudy, type Study } from '../../src/index.js';
import { emptyFolder } from '../cli/command-line.js';

/** A problem that counts what is paid for, and may stop the study after so many. */
function counting(stop?: { readonly after: number; readonly controller: AbortController }) {
  let paid = 0;
  const problem = defineProblem({
    name: 'counted',
    variables: { a: real(0, 1), b: real(0, 1) },
    metrics: { f: minimize(), g: minimize() },
    evaluate: ({ a, b }) => {
      paid++;
      if (stop && paid === stop.after) stop.controller.abort();
      return { f: a + b, g: (1 - a) ** 2 + b };
    },
  });
  return { problem, paid: () => paid };
}

const study = (options: object = {}): Study =>
  checkStudy({
    problems: ['counted'],
    configurations: { nsga2: { algorithm: 'nsga2', populationSize: 4 }, random: { algorithm: 'random' } },
    options: { surrogate: false, budget: 10, ...options },
    seeds: 2,
  });

const setting = (folder: string, { problem }: ReturnType<typeof counting>, signal?: AbortSignal) => ({
  folder,
  versions: {},
  signal,
  open: async () => ({ problem, facts: {}, versions: {}, close: async () => {} }),
});

const outcomes = (cells: Awaited<ReturnType<typeof runStudy>>) =>
  cells.map(({ configuration, seed, record }) => [configuration, seed, record.evaluations.map(({ x }) => x)]);

describe('running a study', () => {
  it('runs every configuration with every seed, and keeps each run in a folder of its own', async () => {
    const folder = emptyFolder();
    const cells = await runStudy(study(), setting(folder, counting()));
    expect(cells.map(({ configuration, seed }) => `${configuration} ${seed}`)).toEqual([
      'nsga2 1',
      'random 1',
      'nsga2 2',
      'random 2',
    ]);
    const kept = JSON.parse(readFileSync(join(folder, 'counted', 'nsga2', 'seed-2', 'run.json'), 'utf8'));
    expect(kept).toEqual(JSON.parse(JSON.stringify(cells[2].record)));
  });

  it('runs nothing again that is finished', async () => {
    const folder = emptyFolder();
    const first = await runStudy(study(), setting(folder, counting()));
    const problem = counting();
    const again = await runStudy(study(), setting(folder, problem));
    expect(problem.paid()).toBe(0);
    expect(outcomes(again)).toEqual(outcomes(first));
  });

  it.each([1, 7, 10, 11, 25, 40])(
    'goes on where it was stopped, after %i evaluations, to the same result',
    async (after) => {
      const folder = emptyFolder();
      const controller = new AbortController();
      const stopped = counting({ after, controller });
      await runStudy(study(), setting(folder, stopped, controller.signal));
      const rest = counting();
      const cells = await runStudy(study(), setting(folder, rest));
      expect(stopped.paid() + rest.paid()).toBe(40);
      expect(outcomes(cells)).toEqual(outcomes(await runStudy(study(), setting(emptyFolder(), counting()))));
    },
  );

  it('refuses a folder that holds another study', async () => {
    const folder = emptyFolder();
    await runStudy(study(), setting(folder, counting()));
    await expect(runStudy(study({ budget: 11 }), setting(folder, counting()))).rejects.toThrow(
      /^a folder of a study must hold runs of that study, got ".*seed-1\/run\.json" with budget 10 where the study has 11$/,
    );
  });

  it('names a finished run that is damaged', async () => {
    const folder = emptyFolder();
    await runStudy(study(), setting(folder, counting()));
    const path = join(folder, 'counted', 'random', 'seed-1', 'run.json');
    writeFileSync(path, '{');
    await expect(runStudy(study(), setting(folder, counting()))).rejects.toThrow(
      `a run.json must be JSON, got ${JSON.stringify(path)}`,
    );
  });
});
