import { describe, expect, it } from 'vitest';
import { checkStudy } from '../../src/index.js';
import { pathOf } from '../../src/study/finish-cell.js';
import { cellsOf } from '../../src/study/study.js';

const good = { problems: ['zdt1'], configurations: { a: {}, b: { budget: 9 } } };

describe('the description of a study', () => {
  it('has five seeds unless it says otherwise', () => {
    expect(checkStudy(good).seeds).toEqual([1, 2, 3, 4, 5]);
    expect(checkStudy({ ...good, seeds: 2 }).seeds).toEqual([1, 2]);
    expect(checkStudy({ ...good, seeds: [7, 0] }).seeds).toEqual([7, 0]);
  });

  it("gives a cell the options of all, then the configuration's own, then the seed", () => {
    const study = checkStudy({ ...good, options: { budget: 5, infill: 3 }, seeds: [4] });
    expect(cellsOf(study, 'zdt1')).toEqual([
      { problem: 'zdt1', configuration: 'a', seed: 4, options: { budget: 5, infill: 3, seed: 4 } },
      { problem: 'zdt1', configuration: 'b', seed: 4, options: { budget: 9, infill: 3, seed: 4 } },
    ]);
  });

  it.each([
    [[], 'a study must be an object, got []'],
    [{ ...good, problem: 'x' }, 'a study has name, problems, configurations, options, seeds, got "problem"'],
    [{ ...good, problems: [] }, 'the problems of a study must be a list of at least one, got []'],
    [
      { ...good, problems: [{}] },
      'a problem of a study must be a name, or have a name and a module or a compression, got {}',
    ],
    [{ ...good, problems: ['a', 'a'] }, 'the problems of a study must have different names, got "a" twice'],
    [{ ...good, configurations: {} }, 'a study needs at least one configuration, got none'],
    [{ ...good, configurations: { a: 3 } }, 'the configuration "a" must be an object, got 3'],
    [{ ...good, options: { seed: 3 } }, 'the options of a study must leave seed to the study, got 3'],
    [
      { ...good, seeds: [1, 1] },
      'the seeds of a study must be a number of them, or a list of different whole numbers, got [1,1]',
    ],
    [
      { ...good, seeds: 0 },
      'the seeds of a study must be a number of them, or a list of different whole numbers, got 0',
    ],
    [
      { ...good, seeds: 2.5 },
      'the seeds of a study must be a number of them, or a list of different whole numbers, got 2.5',
    ],
  ])('is refused where it breaks a law: %j', (value, message) => {
    expect(() => checkStudy(value)).toThrow(message);
  });
});

describe('the folder of a cell', () => {
  it.each([
    ['C-TAEA_5.x', 'C-TAEA_5.x'],
    ['mse / mape', 'mse=20=2F=20mape'],
    ['..', '=..'],
    ['a:b*c', 'a=3Ab=2ac'],
  ])('of %s is %s', (name, folder) => {
    expect(pathOf(name)).toBe(folder);
  });
  it('is another for another name', () => {
    const names = ['a b', 'a=20b', 'a%20b', 'a+b', '.', '..', '=.', 'ä'];
    expect(new Set(names.map(pathOf)).size).toBe(names.length);
  });
});
