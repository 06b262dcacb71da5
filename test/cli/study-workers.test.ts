import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, fronteira, onceEvaluated } from './command-line.js';

const index = new URL('../../dist/src/index.js', import.meta.url).href;

/** A study of a problem that comes with the package and of one of a module, which tells where it is evaluated. */
function studyFile() {
  const folder = emptyFolder();
  const file = join(folder, 'study.json');
  writeFileSync(
    file,
    JSON.stringify({
      problems: ['bnh', { name: 'mine', module: 'mine.mjs' }],
      configurations: {
        'random search': { algorithm: 'random' },
        'NSGA-II': { algorithm: 'nsga2', populationSize: 4 },
        'a surrogate': { surrogate: 'mse', initial: 6, populationSize: 10, generations: 5 },
      },
      options: { surrogate: false, budget: 10 },
      seeds: 2,
    }),
  );
  writeFileSync(
    join(folder, 'mine.mjs'),
    `import { appendFileSync } from 'node:fs';
     import { defineProblem, minimize, real } from ${JSON.stringify(index)};
     const log = ${JSON.stringify(join(folder, 'log'))};
     const evaluate = ({ a, b }) => {
       appendFileSync(log, process.pid + '\\n');
       console.log('measured');
       return { f: a + b, g: (1 - a) ** 2 + b };
     };
     export default defineProblem({ name: 'mine', variables: { a: real(0, 1), b: real(0, 1) },
       metrics: { f: minimize(), g: minimize() }, evaluate });`,
  );
  const processes = () => new Set(readFileSync(join(folder, 'log'), 'utf8').trim().split('\n'));
  return { folder, file, processes };
}

/** Every run of a study's folder without what a clock decides. */
function runsIn(out: string) {
  const folders = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('run.json'),
  );
  return Object.fromEntries(
    folders.sort().map((path) => {
      const {
        problem,
        options,
        evaluations,
        front,
        hypervolume,
        models,
        seconds: _,
        ...rest
      } = JSON.parse(readFileSync(join(out, path), 'utf8'));
      return [
        path,
        {
          ...{ problem, options, front, hypervolume, models, keys: Object.keys(rest) },
          evaluations: evaluations.map(({ seconds: __, ...one }: { seconds: number }) => one),
        },
      ];
    }),
  );
}

describe('fronteira study --workers', () => {
  it('runs cells in processes of their own, to the results of one process', async () => {
    const { folder, file, processes } = studyFile();
    const [alone, together] = [join(folder, 'alone'), join(folder, 'together')];
    const one = await fronteira(['study', file, '--out', alone]);
    expect(one.code).toBe(0);
    expect(processes().size).toBe(1);
    const two = await fronteira(['study', file, '--out', together, '--workers', '2']);
    expect(two.code).toBe(0);
    expect(processes().size).toBeGreaterThan(1);
    expect(Object.keys(runsIn(together))).toHaveLength(12);
    expect(runsIn(together)).toEqual(runsIn(alone));
    // What a problem prints in a worker is not among the results.
    expect(two.stdout).toBe(one.stdout.replaceAll('measured\n', '').replace(alone, together));
    // Nothing of it is run again.
    const paid = readFileSync(join(folder, 'log'), 'utf8');
    expect((await fronteira(['study', file, '--out', together, '--workers', '2'])).code).toBe(0);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(paid);
  });

  it.each([
    ['with workers goes on without', ['--workers', '2'], []],
    ['without workers goes on with them', [], ['--workers', '2']],
  ])('stopped %s', async (_, first, second) => {
    const { folder, file } = studyFile();
    const [whole, out] = [join(folder, 'whole'), join(folder, 'out')];
    await fronteira(['study', file, '--out', whole]);
    const stopped = await fronteira(['study', file, '--out', out, ...first], (kill) =>
      onceEvaluated(join(out, 'bnh', 'NSGA-II', 'seed-1'), 4, () => kill('SIGINT')),
    );
    expect(stopped.stderr).toContain('stopping after the evaluation that is running');
    const kept = Object.keys(runsIn(out)).length;
    expect(kept).toBeLessThan(12);
    const gone = await fronteira(['study', file, '--out', out, ...second]);
    expect(gone.code).toBe(0);
    expect(runsIn(out)).toEqual(runsIn(whole));
  });

  it.each([
    ['evaluates a network in workers, run after run, and times each candidate alone', false],
    ['runs cells of a network without times beside each other', true],
  ])('%s', async (_, untimed) => {
    const network = {
      name: 'net',
      compression: { model: 'stand-in', data: 'stand-in', limit: 60, minAccuracy: 0.5, untimed },
    };
    const folder = emptyFolder();
    const file = join(folder, 'study.json');
    writeFileSync(
      file,
      JSON.stringify({
        problems: [network],
        configurations: { random: { surrogate: false, algorithm: 'random' } },
        options: { budget: 3 },
        seeds: untimed ? 2 : 1,
      }),
    );
    const [alone, together] = [join(folder, 'alone'), join(folder, 'together')];
    expect(await fronteira(['study', file, '--out', alone])).toMatchObject({ code: 0, stderr: '' });
    expect(await fronteira(['study', file, '--out', together, '--workers', '2'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    const plain = (out: string) =>
      Object.values(runsIn(out)).flatMap(({ evaluations }) =>
        (evaluations as { x: number[]; metrics: Record<string, number> }[]).map(({ x, metrics }) => ({
          x,
          ...metrics,
          time: metrics['time'] > 0,
        })),
      );
    expect(plain(together)).toEqual(plain(alone));
    expect(plain(alone).every(({ time }) => time !== untimed)).toBe(true);
  });

  it('evaluates the factorial of a module in workers, and says where a problem of the package is', async () => {
    const { folder, processes } = studyFile();
    const factors = (problem: unknown, variables: string[]) => {
      const file = join(folder, `factors-${variables[0]}.json`);
      writeFileSync(
        file,
        JSON.stringify({
          problem,
          factors: variables.map((name) => ({ variables: [name], levels: [0, 1] })),
        }),
      );
      return ['study', file, '--out', join(folder, variables[0]), '--workers', '2'];
    };
    const mine = await fronteira(factors({ name: 'mine', module: 'mine.mjs' }, ['a', 'b']));
    expect(mine).toMatchObject({ code: 0, stderr: '' });
    expect(mine.stdout).toContain('4 combinations: 4 none');
    // Two workers, of which one may have found nothing left to do.
    expect([1, 2]).toContain(processes().size);
    const bnh = await fronteira(factors('bnh', ['x1', 'x2']));
    expect([bnh.code, bnh.stderr]).toEqual([
      0,
      'fronteira: bnh is no module of its own, and is evaluated in this process\n',
    ]);
  });

  it('names the run whose process was lost, and goes on with it by the same command', async () => {
    const { folder, file } = studyFile();
    const module = join(folder, 'mine.mjs');
    const good = readFileSync(module, 'utf8');
    writeFileSync(
      module,
      good.replace('return {', `if (process.send) process.kill(process.pid, 'SIGKILL'); return {`),
    );
    const out = join(folder, 'out');
    const lost = await fronteira(['study', file, '--out', out, '--workers', '1']);
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain('the process of a run ended (signal SIGKILL): mine, random search, seed 1');
    expect(existsSync(join(out, 'bnh', 'NSGA-II', 'seed-2', 'run.json'))).toBe(true);
    writeFileSync(module, good);
    expect((await fronteira(['study', file, '--out', out, '--workers', '1'])).code).toBe(0);
  });

  it.each([
    ['no number of workers', () => [studyFile().file, '--workers', '0'], '--workers must be'],
    [
      'an option that no run has',
      () => {
        const { folder } = studyFile();
        const file = join(folder, 'odd.json');
        writeFileSync(file, JSON.stringify({ problems: ['bnh'], configurations: { one: { budgett: 3 } } }));
        return [file, '--workers', '2'];
      },
      'got "budgett"',
    ],
  ])('refuses %s in one sentence', async (_, args, message) => {
    const { code, stderr } = await fronteira(['study', ...args(), '--out', join(emptyFolder(), 'out')]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
