import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, fronteira } from './command-line.js';

const folder = emptyFolder();
const planFile = (name: string, plan: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof plan === 'string' ? plan : JSON.stringify(plan));
  return path;
};
const network = ['--model', 'stand-in', '--data', 'stand-in', '--limit', '400', '--threads', '1'];
const apply = (plan: string, out: string, ...more: string[]) =>
  fronteira(['apply', '--plan', plan, ...network, '-o', join(folder, out), ...more]);

describe('fronteira apply', () => {
  it('makes the stand-in network six times smaller and keeps its answers', async () => {
    const plan = planFile('plan.json', {
      channels: { keep: 0.75, multipleOf: 8 },
      recovery: 'least-squares',
      quantization: { kind: 'static-int8' },
    });
    const { code, stdout, stderr } = await apply(plan, 'small.onnx', '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.size).toBe(readFileSync(join(folder, 'small.onnx')).length);
    expect(report.size).toBeLessThan(report.baseline.size / 6);
    expect(report.accuracy).toBeGreaterThan(report.baseline.accuracy - 0.03);
    expect(report.agreement).toBeGreaterThan(0.93);
    expect(report.images).toBe(350);
  });

  it('says what is better, and refuses to write over a file', async () => {
    const plan = planFile('zeros.json', { zeros: { share: 0.3 } });
    const first = await apply(plan, 'zeros.onnx');
    expect(first.stdout).toMatch(/accuracy +\d+\.\d\d % +\d+\.\d\d %/);
    const second = await apply(plan, 'zeros.onnx');
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(
      /^fronteira: the output file must be a new one \(or give --force\), got .*\n$/,
    );
  });

  it.each([
    ['no JSON', '{', 'the plan must be JSON, got '],
    [
      'an unknown part',
      { prune: 1 },
      'a plan has channels, blocks, zeros, recovery, quantization, got "prune"',
    ],
    [
      'an unknown layer',
      { quantization: { kind: 'static-int8', exclude: ['head', 'nope'] } },
      'the layers that stay in float must be layers of the model (',
    ],
    ['an unknown group', { channels: { keep: 1, groups: { w9: 0.5 } } }, 'the groups of channels are '],
  ])('refuses a plan with %s in a sentence', async (name, plan, sentence) => {
    const { code, stderr } = await apply(planFile('bad.json', plan), `${name}.onnx`);
    expect(stderr).toContain(`fronteira: ${sentence}`);
    expect(stderr.trim().split('\n').length).toBe(1);
    expect(code).toBe(2);
    expect(existsSync(join(folder, `${name}.onnx`))).toBe(false);
  });

  it('refuses a plan file that is not there', async () => {
    const { code, stderr } = await apply(join(folder, 'none.json'), 'none.onnx');
    expect(stderr).toMatch(/^fronteira: the plan must be a file that can be read, got ENOENT.*\n$/);
    expect(code).toBe(2);
  });
});
