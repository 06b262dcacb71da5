import { expect, test } from 'vitest';
import { hasRow, sameRow } from '../../src/operators/duplicates.js';

test('rows are the same when every entry is, and 0 is -0', () => {
  expect(sameRow([9, 9, 1, 2], 1, [1, 2], 0, 2)).toBe(true);
  expect(sameRow([9, 9, 1, 2], 1, [1, 3], 0, 2)).toBe(false);
  expect(sameRow([0, 1], 0, [-0, 1], 0, 2)).toBe(true);
});

test('only the first rows are searched', () => {
  const x = [1, 2, 3, 4, 5, 6];
  expect(hasRow(x, 2, [0, 0, 3, 4], 1, 2)).toBe(true);
  expect(hasRow(x, 2, [5, 6], 0, 2)).toBe(false);
  expect(hasRow(x, 3, [5, 6], 0, 2)).toBe(true);
  expect(hasRow(x, 3, [2, 3], 0, 2)).toBe(false); // across a row's end
  expect(hasRow(x, 0, [1, 2], 0, 2)).toBe(false);
});
