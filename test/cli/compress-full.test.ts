import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/index.js';
import { emptyFolder, fronteira, onceEvaluated } from './command-line.js';

const folder = emptyFolder();
const network = '--model stand-in --data stand-in --limit 160 --threads 1'.split(' ');
const compress = (out: string, ...more: string[]) => [
  'compress',
  ...network,
  ...'--space full --min-accuracy 0.8 --budget 9 --initial 8 --population 10 --generations 5'.split(' '),
  '--out',
  join(folder, out),
  ...more,
];
const recordIn = (out: string): RunRecord => JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8'));

describe('fronteira compress --space full', { timeout: 120_000 }, () => {
  let printed = '';
  beforeAll(async () => {
    const others = join(folder, 'others.mjs');
    const built = new URL('../../dist/problems/compression/index.js', import.meta.url).href;
    writeFileSync(
      others,
      `import { standInDataset } from '${built}';\nexport default () => standInDataset({ split: 'train', count: 1000 });\n`,
    );
    const { code, stdout, stderr } = await fronteira(
      compress('run', '--report-data', others, '--objectives', 'accuracy,size'),
    );
    expect([code, stderr]).toEqual([0, '']);
    printed = stdout;
  }, 120_000);

  it('writes networks with their plans, and says which images are which', () => {
    const record = recordIn('run');
    expect(record.evaluations).toHaveLength(9);
    expect(record.problem.facts).toMatchObject({
      space: 'full',
      images: 140,
      calibrationImages: 20,
      reportImages: 1000,
    });
    expect(record.front.length).toBeGreaterThan(0);
    const reported = record.problem.facts['reported'] as Record<
      number,
      { accuracy: number; baseline: number }
    >;
    for (const i of record.front) {
      const name = join(folder, 'run/front', String(i).padStart(3, '0'));
      const beside = JSON.parse(readFileSync(`${name}.json`, 'utf8'));
      expect(beside).toMatchObject({ evaluation: i, feasible: true, metrics: record.evaluations[i].metrics });
      expect(beside.report).toMatchObject({ ...reported[i], measuredOn: { images: 1000 } });
      expect(readFileSync(`${name}.onnx`).length).toBe(record.evaluations[i].metrics['size']);
      expect(Object.keys(record.evaluations[i].parts!)).toContain('conv1');
    }
    expect(printed).toMatch(/^file +report +accuracy +size/m);
    expect(printed).toMatch(/^report: accuracy on 1000 images of /m);
    expect(readFileSync(join(folder, 'run/report.html'), 'utf8')).toContain('channels kept, conv4');
  });

  it('gives networks that apply makes again from their plans, byte for byte', async () => {
    const [first] = recordIn('run').front.map((i) => join(folder, 'run/front', String(i).padStart(3, '0')));
    const out = join(folder, 'again.onnx');
    const { code, stderr } = await fronteira(['apply', '--plan', `${first}.json`, ...network, '-o', out]);
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(out).equals(readFileSync(`${first}.onnx`))).toBe(true);
  });

  it('goes on where it was killed, in workers too, to the same networks', async () => {
    await fronteira(compress('killed', '--objectives', 'accuracy,size'), (kill) =>
      onceEvaluated(join(folder, 'killed'), 3, () => kill('SIGKILL')),
    );
    const { code } = await fronteira(['compress', '--resume', join(folder, 'killed'), '--workers', '1']);
    expect(code).toBe(0);
    const [whole, resumed] = [recordIn('run'), recordIn('killed')];
    expect(resumed.front).toEqual(whole.front);
    expect(resumed.evaluations.map(({ x }) => x)).toEqual(whole.evaluations.map(({ x }) => x));
    for (const name of readdirSync(join(folder, 'run/front')).filter((file) => file.endsWith('.onnx')))
      expect(
        readFileSync(join(folder, 'killed/front', name)).equals(
          readFileSync(join(folder, 'run/front', name)),
        ),
      ).toBe(true);
  });
});

describe('fronteira compress where nothing is feasible', () => {
  it('keeps the closest networks and says so', async () => {
    // The one vector tried prunes most of the network.
    const { code, stdout } = await fronteira([
      'compress',
      ...network,
      ...'--min-accuracy 0.93 --budget 1 --surrogate none --algorithm random --seed 2 --out'.split(' '),
      join(folder, 'none'),
    ]);
    expect(code).toBe(0);
    const record = recordIn('none');
    expect(record.front).toEqual([]);
    expect(record.closest.length).toBeGreaterThan(0);
    const files = record.closest.map((i) => String(i).padStart(3, '0'));
    expect(readdirSync(join(folder, 'none/closest')).sort()).toEqual(
      files.sort().flatMap((file) => [`${file}.json`, `${file}.onnx`]),
    );
    expect(JSON.parse(readFileSync(join(folder, `none/closest/${files[0]}.json`), 'utf8')).feasible).toBe(
      false,
    );
    for (const file of files) expect(stdout).toContain(`${file}.onnx`);
  });
});

describe('the options of the full space', () => {
  it.each([
    ['an unknown space', ['--space', 'wide'], '--space must be classic or full, got "wide"'],
    [
      'calibration images for the classic space',
      ['--space', 'classic', '--calibration', 'stand-in'],
      'calibration images are for the space "full", got them for "classic"',
    ],
    [
      'too few images',
      ['--limit', '7'],
      'there must be at least 8 images, or calibration images of their own, got 7',
    ],
  ])('refuse %s in a sentence', async (_, more, sentence) => {
    const { code, stdout, stderr } = await fronteira(compress('bad', ...more));
    expect([code, stdout, stderr]).toEqual([2, '', `fronteira: ${sentence}\n`]);
  });
});
