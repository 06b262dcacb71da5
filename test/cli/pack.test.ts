import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAND_IN_MODEL, unpack } from '../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../problems/compression/onnx/build.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { emptyFolder, fronteira, type Outcome } from './command-line.js';

const folder = emptyFolder();
const packed = join(folder, 'net.onnz');
const common = ['--data', 'stand-in', '--limit', '400', '--max-loss', '1', '--threads', '1'];

describe('fronteira pack and unpack', () => {
  let first: Outcome;
  beforeAll(async () => {
    first = await fronteira(['pack', 'stand-in', ...common, '-o', packed, '--json']);
  }, 180_000);

  it('make a file within the loss that is several times smaller, and say so as JSON', () => {
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report.size).toBe(statSync(packed).size);
    expect(report.images).toBe(350);
    expect(report.baselineAccuracy - report.accuracy).toBeLessThanOrEqual(0.01 + 1e-12);
    expect(report.ratio).toBeGreaterThan(6);
    expect(report.bytes).toBeUndefined();
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('give back the .onnx file', async () => {
    const out = join(folder, 'back.onnx');
    const { code, stdout } = await fronteira(['unpack', packed, '-o', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ bytes from \d+, written to /);
    expect(new Uint8Array(readFileSync(out))).toEqual(unpack(readFileSync(packed)));
    const again = await fronteira(['unpack', packed, '-o', out]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/must be a new one \(or give --force\)/);
    expect((await fronteira(['unpack', packed, '-o', out, '--force', '--json'])).code).toBe(0);
  });

  it('explain themselves', async () => {
    for (const command of ['pack', 'unpack']) {
      const { code, stdout } = await fronteira([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('--out <file>');
    }
  });

  const nan = writeModel(
    buildModel({
      opset: 17,
      inputs: [valueInfo('input', 'float32', ['batch', 3, 32, 32])],
      outputs: [valueInfo('logits', 'float32', ['batch', 10])],
      nodes: [node('Flatten', ['input'], ['flat']), node('Gemm', ['flat', 'w'], ['logits'], { transB: 1 })],
      initializers: [tensor('w', 'float32', [10, 3072], new Float32Array(30720).fill(Number.NaN))],
    }),
  );
  const damaged = () => {
    const bytes = readFileSync(packed);
    bytes[bytes.length >> 1] ^= 4;
    return bytes;
  };
  const newer = () => {
    const bytes = readFileSync(packed);
    bytes[4] = 9;
    return bytes;
  };
  const file = (name: string, content: () => Uint8Array) => () => {
    writeFileSync(join(folder, name), content());
    return join(folder, name);
  };

  it.each<[string, () => string[], RegExp]>([
    ['no model', () => ['pack', join(folder, 'none.onnx'), ...common, '-o', 'x'], /must be an existing file/],
    ['no file to write', () => ['pack', 'stand-in', ...common], /required option '-o, --out <file>'/],
    [
      'a loss that is none',
      () => ['pack', 'stand-in', '--data', 'stand-in', '--max-loss', 'much', '-o', 'x'],
      /--max-loss must be a number in \[0, 100\], got "much"/,
    ],
    [
      'weights that are NaN',
      () => [
        'pack',
        file('nan.onnx', () => nan)(),
        '--data',
        'stand-in',
        '--limit',
        '20',
        '-o',
        join(folder, 'x'),
      ],
      /weights must be finite, got NaN at 0 of tensor "w"/,
    ],
    [
      'a model for a container',
      () => ['unpack', STAND_IN_MODEL, '-o', join(folder, 'x')],
      /must begin with ONNZ/,
    ],
    [
      'a damaged container',
      () => ['unpack', file('damaged.onnz', damaged)(), '-o', join(folder, 'x')],
      /is damaged/,
    ],
    [
      'a newer container',
      () => ['unpack', file('newer.onnz', newer)(), '-o', join(folder, 'x')],
      /version 2 at most for this program, got version 9/,
    ],
    [
      'a device',
      () => ['unpack', '/dev/zero', '-o', join(folder, 'x')],
      /must be a readable file.*no regular file/,
    ],
    ['a folder', () => ['unpack', folder, '-o', join(folder, 'x')], /must be a readable file/],
  ])('refuse %s in one sentence, with exit code 2', async (_, args, sentence) => {
    const { code, stdout, stderr } = await fronteira(args());
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});
