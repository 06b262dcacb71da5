import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder } from './cli/command-line.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = emptyFolder();
let tarball = '';
const quiet = { encoding: 'utf8', stdio: 'pipe' } as const;
const npm = (args: string[], cwd: string) =>
  execFileSync('npm', [...args, '--loglevel=error'], { ...quiet, cwd });

function runScript(name: string, code: string) {
  writeFileSync(join(project, name), code);
  return spawnSync(process.execPath, [name], { ...quiet, cwd: project });
}

/** As a user meets the package: packed, then installed into an empty project. The install needs the npm registry. */
describe('the packed tarball', () => {
  beforeAll(() => {
    npm(['pack', '--ignore-scripts', '--pack-destination', project], root);
    tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
    npm(['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], project);
  }, 240_000);

  it('installs with a plain npm install, without scripts that must succeed', () => {
    expect(existsSync(join(project, 'node_modules/fronteira/dist/src/index.js'))).toBe(true);
    expect(
      existsSync(join(project, 'node_modules/fronteira/dist/problems/compression/stand-in/network.onnx')),
    ).toBe(true);
  });

  it.each([
    ['publint', '--strict'],
    ['attw', '--profile=esm-only'],
  ])('passes %s', (tool, option) => {
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin', tool), [tarball, option], {
      ...quiet,
      cwd: project,
    });
    expect(status, stdout).toBe(0);
  });

  it('carries no source, test or benchmark', () => {
    expect(readdirSync(join(project, 'node_modules/fronteira')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
    ]);
    expect(readdirSync(join(project, 'node_modules/fronteira/dist')).sort()).toEqual(['problems', 'src']);
  });

  it('gives types to a strict TypeScript project', () => {
    writeFileSync(
      join(project, 'typed.ts'),
      `import { choice, defineProblem, maximize, minimize, optimize, real } from 'fronteira';
       import { zdt1 } from 'fronteira/problems';
       import { compressionProblem, type Dataset } from 'fronteira/compression';
       const problem = defineProblem({
         name: 'typed',
         variables: { a: real(0, 1), b: choice('x', 'y') },
         metrics: { cost: minimize(), gain: maximize() },
         evaluate: ({ a, b }) => ({ cost: a, gain: b === 'x' ? a : -a }),
       });
       const run = await optimize(problem, { surrogate: false, budget: 4 });
       const letter: 'x' | 'y' = run.front[0].variables.b;
       const cost: number = run.front[0].metrics.cost;
       // @ts-expect-error there is no such metric
       run.front[0].metrics.weight;
       export { cost, letter, zdt1, compressionProblem, type Dataset };`,
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, '--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', 'typed.ts'],
      { ...quiet, cwd: project },
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('where onnxruntime-node is absent optimizes, and says in one sentence how to add it for compression', () => {
    rmSync(join(project, 'node_modules/onnxruntime-node'), { recursive: true, force: true });
    const optimized = runScript(
      'optimize.js',
      `import { optimize } from 'fronteira';
       import { bnh } from 'fronteira/problems';
       const run = await optimize(bnh(), { budget: 14, generations: 10 });
       console.log(run.evaluations.length, run.front.length > 0);`,
    );
    expect(optimized.stderr).toBe('');
    expect(optimized.stdout).toBe('14 true\n');
    const bin = join(project, 'node_modules/.bin/fronteira');
    const compressed = spawnSync(
      bin,
      ['compress', '--model', 'stand-in', '--data', 'stand-in', '--min-accuracy', '0.5', '--out', 'run'],
      { ...quiet, cwd: project },
    );
    expect(compressed.status).toBe(1);
    expect(compressed.stderr).toMatch(
      /^fronteira: .*ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node\n$/,
    );
    expect(existsSync(join(project, 'run'))).toBe(false);
  });

  it('makes reports without a plotting library beside it', () => {
    expect(existsSync(join(project, 'node_modules/echarts'))).toBe(false);
    const { stderr } = runScript(
      'report.js',
      `import { mkdirSync, writeFileSync } from 'node:fs';
       import { optimize, reportPage, runRecord } from 'fronteira';
       import { bnh } from 'fronteira/problems';
       const record = runRecord(await optimize(bnh(), { surrogate: false, budget: 12 }), {}, {});
       mkdirSync('bnh', { recursive: true });
       writeFileSync('bnh/run.json', JSON.stringify(record));
       writeFileSync('page.html', reportPage([{ name: 'bnh', record, files: {} }]));`,
    );
    expect(stderr).toBe('');
    expect(readFileSync(join(project, 'page.html'), 'utf8')).toContain('<title>bnh · fronteira</title>');
    const bin = join(project, 'node_modules/.bin/fronteira');
    const reported = spawnSync(bin, ['report', 'bnh', '--svg'], { ...quiet, cwd: project });
    expect(reported.stderr).toBe('');
    expect(readFileSync(join(project, 'bnh/report-front.svg'), 'utf8')).toMatch(/^<svg/);
  });

  it('runs the command line where onnxruntime-node is present', () => {
    mkdirSync(join(project, 'node_modules'), { recursive: true });
    for (const name of ['onnxruntime-node', 'onnxruntime-common'])
      cpSync(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
    const bin = join(project, 'node_modules/.bin/fronteira');
    const args = [
      'evaluate',
      '--model',
      'stand-in',
      '--data',
      'stand-in',
      '--limit',
      '50',
      '--x',
      '0,0,0,0,0,0,0',
      '--json',
    ];
    const { stdout, status } = spawnSync(bin, args, { ...quiet, cwd: project });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).of).toBe(50);
  });
});
