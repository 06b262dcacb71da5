import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBeside } from '../../../problems/compression/data/load-beside.js';
import { readSidecar } from '../../../problems/compression/data/sidecar.js';
import { InputError } from '../../../src/index.js';
import { scratchFolder } from './scratch-folder.js';

const folder = scratchFolder();
const beside = (name: string, content: string) => {
  writeFileSync(join(folder, `${name}.json`), content);
  return readSidecar(join(folder, `${name}.onnx`));
};

describe('readSidecar', () => {
  it('gives the normalisation and the labels beside the model', async () => {
    const sidecar = { mean: [0.1, 0.2, 0.3], std: [1, 2, 3], labels: ['a', 'b'] };
    expect(await beside('net.v2', JSON.stringify({ ...sidecar, author: 'x' }))).toEqual(sidecar);
  });

  it('is empty where there is no file', async () => {
    expect(await readSidecar(join(folder, 'alone.onnx'))).toEqual({});
    expect(await readSidecar(join(folder, 'no', 'such', 'folder.onnx'))).toEqual({});
  });

  it('leaves out what the file does not say', async () => {
    expect(await beside('partial', '{"labels":["crane","crane"]}')).toEqual({ labels: ['crane', 'crane'] });
  });

  it('passes over a byte order mark', async () => {
    expect(await beside('bom', '\uFEFF{"labels":["crane"]}')).toEqual({ labels: ['crane'] });
  });

  it.each([
    ['{"mean":', /must be JSON/],
    ['', /must be JSON/],
    ['[1]', /one JSON object, got \[1\]/],
    ['null', /one JSON object, got null/],
    ['{"mean":"0.5"}', /mean .* list of finite numbers, got "0\.5"/],
    ['{"mean":[]}', /mean .* list of finite numbers/],
    ['{"std":[1,null,1]}', /std .* list of finite numbers/],
    ['{"std":[1,0,1]}', /std .* above 0, got 0/],
    ['{"mean":[1,2],"std":[1]}', /equally long, got 2 and 1/],
    ['{"labels":{"0":"cat"}}', /labels .* list of strings/],
    ['{"labels":["cat",7]}', /labels .* list of strings/],
  ])('refuses %s', async (content, message) => {
    const error: unknown = await beside('bad', content).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  it('says nothing to the stand-in images, nor does anybody: their normalisation is their own', async () => {
    writeFileSync(join(folder, 'own.json'), '{"mean":[1,2],"std":[1,2]}');
    const model = join(folder, 'own.onnx');
    expect((await loadBeside(model, 'stand-in', { limit: 3 })).count).toBe(3);
    await expect(loadBeside(model, 'stand-in', { limit: 3, mean: [1, 2] })).rejects.toThrow(
      new InputError(
        'the stand-in images are normalised in a way of their own, without a mean or std, got [1,2]',
      ),
    );
    await expect(loadBeside(model, 'stand-in', { limit: 3, std: [2, 2, 2] })).rejects.toThrow(InputError);
  });

  it('refuses a folder in the place of the file', async () => {
    mkdirSync(join(folder, 'dir.json'));
    await expect(readSidecar(join(folder, 'dir.onnx'))).rejects.toThrow(/readable, got .*EISDIR/);
  });
});
