import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError, readRun } from '../../src/index.js';
import { emptyFolder } from '../cli/command-line.js';
import { handMade } from './records.js';

const good = handMade({
  points: [
    [1, 2],
    [2, 3],
  ],
  front: [0],
});

function folderWith(content: string): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'run.json'), content);
  return folder;
}

const failure = (folder: string) => {
  try {
    readRun(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.replaceAll(folder, 'DIR');
  }
  throw new Error('it was read');
};

describe('reading a run', () => {
  it('gives the record and the files of its front', () => {
    const folder = folderWith(JSON.stringify(good));
    mkdirSync(join(folder, 'front'));
    for (const name of ['000.onnx', '000.json', 'notes.txt']) writeFileSync(join(folder, 'front', name), '');
    const { record, files } = readRun(folder, 'runs/a/');
    expect(record).toEqual(good);
    expect(files).toEqual({ 0: 'runs/a/front/000.onnx' });
  });

  it('names an empty folder, a folder of other files, and no folder', () => {
    const other = emptyFolder();
    writeFileSync(join(other, 'notes.txt'), '');
    const law = 'the folder of a run must hold a run.json, got "DIR"';
    expect(failure(emptyFolder())).toBe(`${law} (an empty folder)`);
    expect(failure(other)).toBe(`${law} (other files only)`);
    expect(failure('/no/such/folder')).toMatch(/\(no such folder\)$/);
  });

  it.each([
    ['{"problem":', /^a run.json must be JSON, got "DIR\/run.json" \(/],
    ['[]', /\(it is no object\)$/],
    ['{}', /\(it names no problem\)$/],
    [JSON.stringify({ ...good, evaluations: 3 }), /\(it has no evaluations\)$/],
    [JSON.stringify({ ...good, options: null }), /\(it has no options\)$/],
    [JSON.stringify({ ...good, hypervolume: {} }), /\(it has no hypervolume\)$/],
    [JSON.stringify({ ...good, front: [7] }), /\(its front points at evaluations that are not there\)$/],
    [
      JSON.stringify({ ...good, evaluations: [good.evaluations[0], { x: [1], metrics: {} }] }),
      /^a run.json must be a run record of fronteira, got "DIR\/run.json" \(its evaluation 1 has no 2 variables and metrics\)$/,
    ],
  ])('names what is wrong with a corrupt run.json: %s', (content, message) => {
    expect(failure(folderWith(content))).toMatch(message);
  });
});
