import { describe, expect, it } from 'vitest';
import { checkDisjoint } from '../../../problems/compression/data/disjoint.js';
import type { Dataset } from '../../../problems/compression/index.js';
import { InputError } from '../../../src/index.js';
import { dataOf } from '../inference/networks.js';

/** Samples of three numbers each, told apart by the first. */
const samples = (...firsts: number[]): Dataset =>
  dataOf(
    firsts.map((first) => [first, 0.5, -1]),
    firsts.map(() => 0),
  );
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const sets = (measure: Dataset, calibrate: Dataset, report?: Dataset) => [
  { data: measure, purpose: 'measure' },
  { data: calibrate, purpose: 'calibrate' },
  ...(report ? [{ data: report, purpose: 'are for the report' }] : []),
];

describe('sets of samples for different purposes', () => {
  it('are as they should be where no sample is in two', async () => {
    const three = sets(samples(...range(0, 100)), samples(...range(100, 230)), samples(...range(230, 300)));
    expect(await checkDisjoint(three)).toEqual([]);
  });

  it('are refused where one is part of another, whatever their order and names', async () => {
    const some = { ...samples(...range(30, 40).reverse()), name: 'others' };
    const checking = checkDisjoint(sets(samples(...range(0, 100)), some));
    await expect(checking).rejects.toThrow(InputError);
    await expect(checking).rejects.toThrow(
      'the images that calibrate must be others than those that measure, got 10 among both',
    );
  });

  it('are compared each with each', async () => {
    const checking = checkDisjoint(sets(samples(1, 2, 3), samples(4, 5), samples(6, 5)));
    await expect(checking).rejects.toThrow(
      'the images that are for the report must be others than those that calibrate, got 1 among both',
    );
  });

  it('may have a few samples in common, which are named', async () => {
    const few = sets(samples(...range(0, 100)), samples(...range(98, 200)));
    expect(await checkDisjoint(few)).toEqual(['2 of the images that calibrate are among those that measure']);
    const more = sets(samples(...range(0, 100)), samples(...range(94, 200)));
    await expect(checkDisjoint(more)).rejects.toThrow('got 6 among both');
  });

  it('that mostly repeat themselves are named', async () => {
    const notes = await checkDisjoint(sets(samples(...range(0, 10)), samples(20, 21, 20, 20, 21)));
    expect(notes).toEqual(['of 5 images that calibrate only 2 differ']);
    expect(await checkDisjoint(sets(samples(...range(0, 10)), samples(20, 21, 20, 21)))).toEqual([]);
  });

  it('are compared by the whole of a sample', async () => {
    const other = dataOf([[1, 0.5, -1.5]], [0]);
    expect(await checkDisjoint(sets(samples(1), other))).toEqual([]);
  });
});
