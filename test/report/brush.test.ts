import { describe, expect, it } from 'vitest';
import { brushWords, isWithin, rangeOf, withBrush } from '../../src/report/brush.js';
import type { Column, RunView } from '../../src/report/report-data.js';

const open = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const column = (label: string, words: readonly string[] | null = null): Column => ({
  ...{ name: label, label, group: 'metric', role: null, words, lowest: words ? 1 : 0 },
});
const run = (...values: (number | null)[][]) => ({ values }) as unknown as RunView;

describe('a brush', () => {
  it('keeps what lies within all of them, both ends included, and nothing that has no number', () => {
    const given = run([1, 2, 3, null], [9, 9, 8, 9]);
    const kept = (...brushes: Parameters<typeof isWithin>[0]) =>
      [0, 1, 2, 3].filter((i) => isWithin(brushes, given, i));
    expect(kept()).toEqual([0, 1, 2, 3]);
    expect(kept({ column: 0, low: 2, high: 3 })).toEqual([1, 2]);
    expect(kept({ column: 0, ...open, low: 2 }, { column: 1, low: 9, high: 9 })).toEqual([1]);
  });

  it('takes the place of the one of its column, and goes where both of its ends are open', () => {
    const two = withBrush([{ column: 0, low: 1, high: 2 }], { column: 1, low: 0, high: 1 });
    expect(withBrush(two, { column: 0, low: 5, high: 6 })).toEqual([
      { column: 1, low: 0, high: 1 },
      { column: 0, low: 5, high: 6 },
    ]);
    expect(withBrush(two, { column: 1, ...open })).toEqual([{ column: 0, low: 1, high: 2 }]);
  });

  it('is said in words, a choice by the values it keeps', () => {
    const columns = [column('accuracy'), column('roof', ['tile', 'slate', 'turf'])];
    expect(brushWords(columns, { column: 0, low: 0.9, high: 0.95 })).toBe('accuracy from 0.9 to 0.95');
    expect(brushWords(columns, { ...open, column: 0, high: 0.95 })).toBe('accuracy to 0.95');
    expect(brushWords(columns, { column: 1, low: 1.5, high: 3 })).toBe('roof slate or turf');
    expect(brushWords(columns, { column: 1, low: 1.2, high: 1.8 })).toBe('roof nothing');
  });

  it('knows the range of a column, and that an empty one has none', () => {
    expect(rangeOf({ runs: [run([3, null]), run([-1, 2])] }, 0)).toEqual([-1, 3]);
    expect(rangeOf({ runs: [run([null])] }, 0)).toEqual([Number.NaN, Number.NaN]);
  });
});
