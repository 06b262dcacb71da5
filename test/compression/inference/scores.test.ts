import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBatch, emptyTally, macroF1 } from '../../../problems/compression/inference/scores.js';

const count = (rows: number[][], labels: number[]) => {
  const tally = emptyTally(rows.length);
  countBatch(tally, rows.flat(), rows[0].length, rows.length, Int32Array.from(labels), 0);
  return tally;
};

describe('countBatch', () => {
  it('lets the first of equal scores win', () => {
    expect([
      ...count(
        [
          [1, 2, 2],
          [0, 0, 0],
        ],
        [1, 1],
      ).predictions,
    ]).toEqual([1, 0]);
    expect(
      count(
        [
          [1, 2, 2],
          [0, 0, 0],
        ],
        [1, 1],
      ).correct,
    ).toBe(1);
  });

  it('orders equal scores by class for the five best', () => {
    const equal = [0, 0, 0, 0, 0, 0, 0];
    expect(count([equal, equal], [4, 5]).withinFive).toBe(1);
  });

  it('counts every class among the five best when there are five', () => {
    expect(count([[5, 4, 3, 2, 1]], [4]).withinFive).toBe(1);
  });

  it('counts a row with a NaN anywhere as wrong, and predicts nothing for it', () => {
    const tally = count(
      [
        [9, Number.NaN, 1],
        [Number.NaN, 9, 1],
        [Number.NaN, Number.NaN, Number.NaN],
        [1, 2, 3],
      ],
      [0, 1, 0, 2],
    );
    expect(tally).toEqual({ correct: 1, withinFive: 1, predictions: Int32Array.of(-1, -1, -1, 2) });
  });

  it('takes infinities as the numbers they are', () => {
    const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number;
    expect([
      ...count(
        [
          [low, low],
          [0, high],
          [low, -1],
        ],
        [0, 1, 1],
      ).predictions,
    ]).toEqual([0, 1, 1]);
  });

  it('goes on where the last batch ended, and passes the rows after the last sample over', () => {
    const tally = emptyTally(3);
    const labels = Int32Array.of(0, 1, 1);
    countBatch(tally, [1, 0, 0, 1], 2, 2, labels, 0);
    countBatch(tally, [0, 1, 1, 0], 2, 1, labels, 2);
    expect(tally).toEqual({ correct: 3, withinFive: 3, predictions: Int32Array.of(0, 1, 1) });
  });

  it('agrees with sorting the classes by score', () => {
    const rows = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 8, maxLength: 8 }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(rows, fc.array(fc.nat(7), { minLength: 20, maxLength: 20 }), (scores, labels) => {
        const orders = scores.map((row) => [...row.keys()].sort((a, b) => row[b] - row[a] || a - b));
        const tally = count(scores, labels);
        expect([...tally.predictions]).toEqual(orders.map(([best]) => best));
        expect(tally.correct).toBe(orders.filter(([best], i) => best === labels[i]).length);
        expect(tally.withinFive).toBe(orders.filter((o, i) => o.slice(0, 5).includes(labels[i])).length);
      }),
    );
  });
});

describe('macroF1', () => {
  const f1 = (labels: number[], predictions: number[], classes: number) =>
    macroF1(Int32Array.from(labels), Int32Array.from(predictions), classes);

  it('is the mean over the classes that occur', () => {
    // class 0: TP 1, FN 1 -> 2/3; class 1: TP 1, FP 2 -> 2/4; class 2: missed -> 0; class 3 does not occur
    expect(f1([0, 0, 1, 2], [0, 1, 1, 1], 4)).toBeCloseTo((2 / 3 + 1 / 2) / 3, 15);
    // class 2 occurs among the predictions alone
    expect(f1([0, 0], [0, 2], 3)).toBeCloseTo((2 / 3 + 0) / 2, 15);
  });

  it('takes a prediction of -1 as a miss of its label', () => {
    expect(f1([0, 0, 1], [0, -1, 1], 2)).toBeCloseTo((2 / 3 + 1) / 2, 15);
    expect(f1([0, 1], [-1, -1], 2)).toBe(0);
  });

  it('is 1 when all is right and 0 for no samples', () => {
    expect(f1([3, 1, 4], [3, 1, 4], 9)).toBe(1);
    expect(f1([], [], 3)).toBe(0);
  });
});
