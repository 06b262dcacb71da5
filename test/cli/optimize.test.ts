import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problems } from '../../problems/index.js';
import { emptyFolder, fronteira, onceEvaluated } from './command-line.js';

const index = new URL('../../dist/src/index.js', import.meta.url).href;

/** A module with a problem of one variable of each kind, whose evaluations take `wait` milliseconds. */
function moduleWith(wait = 0): string {
  const path = join(emptyFolder(), 'mine.mjs');
  writeFileSync(
    path,
    `import { atLeast, choice, defineProblem, integer, maximize, minimize, real } from ${JSON.stringify(index)};
export default defineProblem({
  name: 'mine',
  variables: { width: real(0, 1), layers: integer(1, 8), kind: choice('thin', 'thick') },
  metrics: { cost: minimize(), strength: maximize() },
  constraints: [atLeast('strength', 1)],
  evaluate: async ({ width, layers, kind }) => {
    await new Promise((done) => setTimeout(done, ${wait}));
    return { cost: width * layers * (kind === 'thick' ? 2 : 1), strength: layers * (kind === 'thick' ? 3 : 1) };
  },
});
`,
  );
  return path;
}
const recordIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
const evaluationsIn = (folder: string) =>
  recordIn(folder).evaluations.map(({ x, metrics }: { x: number[]; metrics: object }) => ({ x, metrics }));

describe('fronteira optimize', () => {
  it('searches a problem of the catalogue, and writes the record, the page and the journal', async () => {
    const out = join(emptyFolder(), 'out');
    const args = ['optimize', 'tnk', '--budget', '24', '--surrogate', 'none', '--population', '8', '--out'];
    const { code, stdout, stderr } = await fronteira([...args, out]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^24 evaluations\n/);
    expect(stdout).toMatch(/\nevaluation +f1 +f2/);
    expect(readdirSync(out).sort()).toEqual(['journal.jsonl', 'report.html', 'run.json']);
    const again = await fronteira([...args, join(out, '..', 'again'), '--json']);
    expect(JSON.parse(again.stdout)).toEqual(recordIn(join(out, '..', 'again')));
    expect(evaluationsIn(join(out, '..', 'again'))).toEqual(evaluationsIn(out));
  });

  it('shows the variables of a problem of a module, the same with two workers', async () => {
    const module = moduleWith();
    const [here, there] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')];
    const { code, stdout } = await fronteira(['optimize', module, '--budget', '16', '--out', here]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nevaluation +cost +strength +width +layers +kind\n/);
    const spread = await fronteira(['optimize', module, '--budget', '16', '--workers', '2', '--out', there]);
    expect(spread.code).toBe(0);
    expect(evaluationsIn(there)).toEqual(evaluationsIn(here));
  });

  it('goes on with a run that was killed, without the problem being named again', async () => {
    const module = moduleWith(20);
    const [whole, cut] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')];
    const args = ['optimize', module, '--budget', '20', '--surrogate', 'none', '--population', '6', '--out'];
    await fronteira([...args, whole]);
    await fronteira([...args, cut], (kill) => onceEvaluated(cut, 8, () => kill('SIGKILL')));
    const { code } = await fronteira(['optimize', '--resume', cut]);
    expect(code).toBe(0);
    expect(evaluationsIn(cut)).toEqual(evaluationsIn(whole));
  });

  it.each([
    [[], 'optimize needs a problem: a name of `fronteira problems`, or a module, got none'],
    [['nothing'], 'a problem must be one of zdt1, '],
    [['./nowhere.mjs'], 'the module of a problem must be loadable, got "./nowhere.mjs" ('],
    [['tnk', '--algorithm', 'best'], 'the algorithm must be one of '],
    [['tnk', '--budget', '0'], '--budget must be a whole number from 1, got "0"'],
  ])('%j is refused in a sentence', async (args, sentence) => {
    const out = join(emptyFolder(), 'out');
    const { code, stdout, stderr } = await fronteira(['optimize', ...args, '--out', out]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(`fronteira: ${sentence}`)).toBe(true);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('fronteira problems', () => {
  it('lists every problem of the catalogue', async () => {
    const { code, stdout } = await fronteira(['problems']);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(head).toMatch(/^name +variables +integers +choices +objectives +constraints$/);
    expect(lines.map((line) => line.split(/ +/)[0])).toEqual(problems.map(({ name }) => name));
    const listed = JSON.parse((await fronteira(['problems', '--json'])).stdout);
    expect(listed.find(({ name }: { name: string }) => name === 'osy')).toEqual({
      name: 'osy',
      variables: 6,
      integers: 0,
      choices: 0,
      objectives: 2,
      constraints: 6,
    });
  });
});
