import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkOutputFile, writeWhole } from '../../src/cli/output-file.js';
import { InputError, RunError } from '../../src/errors.js';
import { emptyFolder } from './command-line.js';

const folder = emptyFolder();
const at = (name: string) => join(folder, name);
const refusal = (path: string, force: boolean) => {
  try {
    checkOutputFile(path, force);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return null;
};

it('a new file is taken, and one that exists by force alone', () => {
  writeFileSync(at('old'), 'old');
  expect(refusal(at('new'), false)).toBeNull();
  expect(refusal(at('old'), false)).toMatch(
    /must be a new one \(or give --force\), got ".*old", which exists$/,
  );
  expect(refusal(at('old'), true)).toBeNull();
  expect(refusal('here', false)).toBeNull();
});

it('what is no file is never replaced: a folder, a pipe, a device', () => {
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  for (const name of ['folder', 'pipe'])
    expect(refusal(at(name), true)).toMatch(/^only a file can be replaced, got ".*", which is none$/);
  expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
});

it('a folder that is missing, or no folder, is refused before the work', () => {
  writeFileSync(at('file'), '');
  for (const path of [at('missing/x.onnx'), at('file/x.onnx')])
    expect(refusal(path, true)).toMatch(
      /^the output file must lie in a folder that can be written to, got ".*x\.onnx"/,
    );
  expect(refusal('', true)).toMatch(/^the output file must have a name, got ""$/);
});

it('a file is written whole, and nothing is left beside it where that fails', () => {
  const apart = emptyFolder();
  writeWhole(join(apart, 'x'), Uint8Array.of(1, 2));
  expect([...readFileSync(join(apart, 'x'))]).toEqual([1, 2]);
  mkdirSync(join(apart, 'taken'));
  expect(() => writeWhole(join(apart, 'taken'), Uint8Array.of(1))).toThrow(RunError);
  expect(readdirSync(apart).sort()).toEqual(['taken', 'x']);
});
