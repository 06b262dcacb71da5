import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAND_IN_MODEL } from '../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../problems/compression/onnx/build.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { emptyFolder, fronteira } from './command-line.js';

const folder = emptyFolder();
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const whole = readFileSync(STAND_IN_MODEL);
const out = join(folder, 'out');

/** A valid command line, to be spoilt in one place. */
function compress(changes: Readonly<Record<string, string>> = {}): string[] {
  const options = {
    '--model': 'stand-in',
    '--data': 'stand-in',
    '--limit': '20',
    '--min-accuracy': '0.5',
    '--out': out,
    '--budget': '4',
    ...changes,
  };
  return ['compress', ...Object.entries(options).flat()];
}

function evaluate(changes: Readonly<Record<string, string>>): string[] {
  const options = {
    '--model': 'stand-in',
    '--data': 'stand-in',
    '--limit': '20',
    '--x': '0,0,0,0,0,0,0',
    ...changes,
  };
  return ['evaluate', ...Object.entries(options).flat()];
}

/** A CIFAR-10 file of two records with these labels. */
const records = (...labels: number[]) => {
  const bytes = new Uint8Array(labels.length * 3073);
  labels.forEach((label, i) => {
    bytes[i * 3073] = label;
  });
  return bytes;
};

/** A classifier of three classes on 3 x 32 x 32 images. */
const threeClasses = () =>
  writeModel(
    buildModel({
      opset: 17,
      inputs: [valueInfo('input', 'float32', ['batch', 3, 32, 32])],
      outputs: [valueInfo('logits', 'float32', ['batch', 3])],
      nodes: [node('Flatten', ['input'], ['flat']), node('Gemm', ['flat', 'w'], ['logits'], { transB: 1 })],
      initializers: [tensor('w', 'float32', [3, 3072], new Float32Array(3 * 3072))],
    }),
  );

const cases: [string, () => string[], RegExp][] = [
  [
    'a misspelt option that must be there',
    () => ['compress', '--modle', 'stand-in', '--data', 'stand-in', '--min-accuracy', '0.5', '--out', out],
    /unknown option '--modle'/,
  ],
  [
    'a missing model',
    () => compress({ '--model': join(folder, 'none.onnx') }),
    /model must be an existing file, got .*none\.onnx/,
  ],
  ['a folder for a model', () => compress({ '--model': folder }), /model must be a file, got/],
  ['an empty model', () => compress({ '--model': file('empty.onnx', '') }), /empty\.onnx/],
  [
    'a truncated model',
    () => compress({ '--model': file('cut.onnx', whole.subarray(0, 100_000)) }),
    /cut\.onnx/,
  ],
  [
    'a text for a model',
    () => compress({ '--model': file('text.onnx', 'not a model at all\n') }),
    /text\.onnx/,
  ],
  ['missing data', () => compress({ '--data': `cifar10:${join(folder, 'none.bin')}` }), /none\.bin/],
  [
    'data of a broken size',
    () => compress({ '--data': `cifar10:${file('broken.bin', records(1).subarray(0, 3000))}` }),
    /3073.*broken\.bin|broken\.bin.*3073|3000/,
  ],
  [
    'an unknown kind of data',
    () => compress({ '--data': 'mnist:file' }),
    /data must be .*cifar10:.*got "mnist:file"/,
  ],
  [
    'a label outside the format',
    () => compress({ '--data': `cifar10:${file('label.bin', records(1, 11))}` }),
    /11/,
  ],
  [
    'labels outside the classes of the model',
    () =>
      compress({
        '--model': file('three.onnx', threeClasses()),
        '--data': `cifar10:${file('seven.bin', records(1, 7))}`,
      }),
    /label.* 7|7.*label/,
  ],
  [
    'a folder without images',
    () => {
      const empty = join(folder, 'empty-images');
      mkdirSync(empty, { recursive: true });
      return compress({ '--data': `images:${empty}` });
    },
    /empty-images/,
  ],
  [
    'a floor above the accuracy',
    () => compress({ '--min-accuracy': '1' }),
    /accuracy floor must not be above the accuracy of the uncompressed model, 0\.\d+ .*got 1/,
  ],
  [
    'a floor that is no number',
    () => compress({ '--min-accuracy': 'high' }),
    /--min-accuracy must be a number in \[0, 1\], got "high"/,
  ],
  [
    'a floor in percent',
    () => compress({ '--min-accuracy': '85' }),
    /--min-accuracy must be a number in \[0, 1\], got "85"/,
  ],
  [
    'a budget that is no number',
    () => compress({ '--budget': 'ten' }),
    /--budget must be a whole number from 1, got "ten"/,
  ],
  [
    'a negative limit',
    () => compress({ '--limit': '-5' }),
    /--limit must be a whole number from 1, got "-5"/,
  ],
  ['an unknown metric', () => compress({ '--surrogate': 'r2' }), /metric must be one of mse, .*got "r2"/],
  [
    'a malformed pair of metrics',
    () => compress({ '--surrogate': 'objectives=mape' }),
    /"constraints" must be one of/,
  ],
  [
    'an unknown objective',
    () => compress({ '--objectives': 'accuracy,beauty' }),
    /objectives must be among accuracy, .*got "beauty"/,
  ],
  [
    'a time to optimise where no time is measured',
    () => [...compress({ '--objectives': 'accuracy,time' }), '--untimed'],
    /untimed problem has no time to optimise, got the objective "time"/,
  ],
  [
    'an unknown algorithm',
    () => compress({ '--algorithm': 'magic' }),
    /algorithm must be one of .*got "magic"/,
  ],
  ['an initial sample above the budget', () => compress({ '--initial': '9' }), /budget of 4, got 9/],
  [
    'a seed of more than 32 bits',
    () => compress({ '--seed': '9999999999' }),
    /--seed must be a whole number from 0 to 4294967295, got "9999999999"/,
  ],
  [
    'a mean of two channels',
    () =>
      compress({
        '--data': `cifar10:${file('two.bin', records(1, 2))}`,
        '--mean': '0.5,0.5',
        '--std': '1,1,1',
      }),
    /mean/,
  ],
  [
    'a standard deviation of zero',
    () => compress({ '--data': `cifar10:${file('zero.bin', records(1, 2))}`, '--std': '1,0,1' }),
    /std/,
  ],
  [
    'a missing option',
    () => ['compress', '--model', 'stand-in'],
    /required option '--data <spec>' not specified/,
  ],
  ['an unknown option', () => [...compress(), '--speed', 'fast'], /unknown option '--speed'/],
  ['an unknown command', () => ['shrink'], /unknown command 'shrink'/],
  ['six entries for x', () => evaluate({ '--x': '0,0,0,0,0,0' }), /seven|7/],
  [
    'an x outside its domain',
    () => evaluate({ '--x': '2,3,0.5,0.3,2,1,0' }),
    /x2 .*must be one of 0, 1, 2, got 3/,
  ],
  [
    'an intensity above one',
    () => evaluate({ '--x': '2,2,0.5,1.3,2,1,0' }),
    /x4 .*must lie in \[0, 1\], got 1\.3/,
  ],
  [
    'an x that is no number',
    () => evaluate({ '--x': '2,2,half,0.3,2,1,0' }),
    /--x must be numbers separated by commas, got "2,2,half/,
  ],
];

describe('bad input gets one sentence, exit code 2 and leaves nothing behind:', () => {
  it.concurrent.each(cases)('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await fronteira(args());
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(existsSync(out)).toBe(false);
  });

  it('an output folder that is not empty, unless forced; what is not ours stays', async () => {
    const taken = emptyFolder();
    writeFileSync(join(taken, 'letter.txt'), 'dear');
    const refused = await fronteira(compress({ '--out': taken }));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/output folder must be empty \(or give --force\), got .* with 1 entry$/m);
    expect(readdirSync(taken)).toEqual(['letter.txt']);
    const forced = await fronteira([...compress({ '--out': taken, '--surrogate': 'none' }), '--force']);
    expect(forced.code).toBe(0);
    expect(readdirSync(taken).sort()).toEqual([
      'front',
      'journal.jsonl',
      'letter.txt',
      'report.html',
      'run.json',
    ]);
  });

  it('an output folder without a name', async () => {
    const { code, stderr } = await fronteira(compress({ '--out': '' }));
    expect(code).toBe(2);
    expect(stderr).toMatch(/output folder must have a name, got ""/);
  });

  it('a loader of data that never answers', async () => {
    const loader = file('silent.mjs', 'export default () => new Promise(() => {});');
    const { code, stderr } = await fronteira(compress({ '--data': `module:${loader}` }));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fronteira: the run waits for something that can never come/);
  });

  it('an output path that is a file', async () => {
    const { code, stderr } = await fronteira(compress({ '--out': file('taken', 'x') }));
    expect(code).toBe(2);
    expect(stderr).toMatch(/must be a folder, got the file/);
  });

  it('and shows the stack only with --debug', async () => {
    const { code, stderr } = await fronteira([
      '--debug',
      ...compress({ '--model': join(folder, 'none.onnx') }),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('help', () => {
  it.each([[[]], [['compress']], [['evaluate']]])('explains %j', async (command) => {
    const { code, stdout } = await fronteira([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: fronteira/);
  });
});
