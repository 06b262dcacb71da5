import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, fronteira } from './command-line.js';

function fileWith(content: unknown, name = 'study.json'): string {
  const path = join(emptyFolder(), name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const small = {
  problems: ['bnh'],
  configurations: {
    'random search': { algorithm: 'random' },
    'NSGA-II': { algorithm: 'nsga2', populationSize: 4 },
  },
  options: { surrogate: false, budget: 12 },
  seeds: 4,
};

describe('fronteira study', () => {
  it('prints a table and the pairs, writes the page, and runs nothing twice', async () => {
    const out = join(emptyFolder(), 'out');
    const file = fileWith(small);
    const { code, stdout, stderr } = await fronteira(['study', file, '--out', out, '--svg']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^bnh: hypervolume of 4 runs each\nconfiguration +mean +deviation +lower +median +upper +wins\n/,
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
      Math.max(80, out.length + 11),
    );
    expect(readdirSync(out).sort()).toEqual([
      'bnh',
      'study-boxes.svg',
      'study-courses.svg',
      'study.html',
      'study.json',
    ]);
    const run = join(out, 'bnh', 'NSGA-II', 'seed-1', 'run.json');
    const before = readFileSync(run, 'utf8');
    const again = await fronteira(['study', file, '--out', out, '--json']);
    expect(readFileSync(run, 'utf8')).toBe(before);
    const { problems } = JSON.parse(again.stdout);
    expect(
      problems[0].configurations.map(({ configuration }: { configuration: string }) => configuration),
    ).toEqual(['random search', 'NSGA-II']);
  });

  it('takes a module as the study, and modules as its problems', async () => {
    const index = new URL('../../dist/src/index.js', import.meta.url).href;
    const file = fileWith(
      `export default { problems: [{ name: 'mine', module: 'mine.mjs', options: { scale: 3 } }],
         configurations: { only: { surrogate: false, budget: 6, populationSize: 4 } }, seeds: [9] };`,
      'study.mjs',
    );
    writeFileSync(
      join(file, '..', 'mine.mjs'),
      `import { defineProblem, minimize, real } from ${JSON.stringify(index)};
       export default ({ scale }) => defineProblem({ name: 'mine', variables: { a: real(0, 1) },
         metrics: { f: minimize(), g: minimize() }, evaluate: ({ a }) => ({ f: scale * a, g: scale - scale * a }) });`,
    );
    const out = join(emptyFolder(), 'out');
    const { stdout, stderr } = await fronteira(['study', file, '--out', out, '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).problems[0].problem).toBe('mine');
    expect(existsSync(join(out, 'mine', 'only', 'seed-9', 'journal.jsonl'))).toBe(true);
  });

  it('measures the factorial of a file', async () => {
    const file = fileWith({
      name: 'corners',
      problem: 'zdt1-m2-n7',
      factors: [
        { variables: ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'], levels: [0, 1] },
        { variables: ['x7'], levels: [0, 0.5, 1] },
      ],
      marks: { far: ['x1'] },
    });
    const out = join(emptyFolder(), 'out');
    const { code, stdout } = await fronteira(['study', file, '--out', out, '--json', '--svg']);
    expect(code).toBe(0);
    const { points, groups, correlations } = JSON.parse(stdout);
    expect(points.map(({ group }: { group: string }) => group)).toEqual([
      'none',
      'none',
      'none',
      'far',
      'far',
      'far',
    ]);
    expect(groups).toEqual(['none', 'far']);
    expect(correlations[0][0]).toBeCloseTo(1, 12);
    expect(readdirSync(out).sort()).toEqual([
      'factors.html',
      'factors.json',
      'factors.svg',
      'journal.jsonl',
      'run.json',
    ]);
  });

  it('measures the factorial of a network with --factors', async () => {
    const out = join(emptyFolder(), 'out');
    const { code, stdout } = await fronteira(['study', '--factors', '--limit', '20', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^90 combinations: 5 none, 40 pruned, 5 quantized, 40 both\n/);
    expect(stdout).toMatch(/rank correlation +accuracy +nonZeroRate +size +time/);
  });

  it.each([
    ['no file', () => [], 'study needs a file, or --factors, got neither'],
    [
      'a file that is not there',
      () => ['/no/study.json'],
      'the file of a study must be readable, got "/no/study.json"',
    ],
    ['a file that is no JSON', () => [fileWith('{')], 'the file of a study must be JSON or a module'],
    [
      'an unknown problem',
      () => [fileWith({ ...small, problems: ['zdt9'] })],
      'a problem must be one of zdt1, ',
    ],
    ['an unknown option', () => [fileWith({ ...small, options: { budgett: 3 } })], 'got "budgett"'],
    ['a file beside --factors', () => [fileWith(small), '--factors'], '--factors takes no file'],
    [
      'a module that is not there',
      () => [fileWith({ ...small, problems: [{ name: 'mine', module: 'gone.mjs' }] })],
      'the module of a problem must be loadable, got "gone.mjs"',
    ],
    [
      'factors that are none',
      () => [fileWith({ problem: 'bnh', factors: 3 })],
      'the factors must be a list of',
    ],
  ])('refuses %s in one sentence', async (_, args, message) => {
    const { code, stdout, stderr } = await fronteira([
      'study',
      ...args(),
      '--out',
      join(emptyFolder(), 'out'),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
