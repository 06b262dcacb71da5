import { expect, test } from 'vitest';
import { effortOf, recoveryWork, usualRidge } from '../../../problems/compression/recovery/effort.js';

test('wide layers are fitted with less effort', () => {
  const [narrow, wide] = [effortOf({ size: 576, features: 64 }), effortOf({ size: 4608, features: 512 })];
  expect(wide.rounds).toBeLessThan(narrow.rounds);
  expect(wide.usual).toBeLessThan(narrow.usual);
  expect(wide.enough).toBeGreaterThan(narrow.enough);
});

test('the multiplications of a layer, worked by hand', () => {
  const geometry = { groups: 1, features: 4, size: 10, rows: true };
  const { usual, rounds, iterations } = effortOf(geometry);
  // Half of 100 places x 10 x 10; 10 x 10 x 4 an iteration, and in a round twice 100 x 10 x 4 besides.
  const plain = { moments: 5000, fitting: usual * 400 };
  expect(recoveryWork(geometry, 100, false)).toEqual(plain);
  const fitting = plain.fitting + rounds * (8000 + iterations * 400);
  expect(recoveryWork(geometry, 100, true)).toEqual({ moments: 5000, fitting });
  // Groups share the features among them, not the moments.
  expect(recoveryWork({ ...geometry, groups: 2 }, 100, false)).toEqual({ ...plain, moments: 10_000 });
});

test('the fewer places for its numbers, the nearer a layer stays', () => {
  const [few, some, many] = [100, 1000, 100_000].map((places) => usualRidge({ size: 100, places }));
  expect(few).toBeCloseTo(0.301, 12);
  expect(some).toBeCloseTo(0.004, 12);
  expect(many / 1e-3).toBeCloseTo(1, 3);
});
