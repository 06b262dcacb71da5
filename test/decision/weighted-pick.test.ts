import { describe, expect, it } from 'vitest';
import { weightedPick } from '../../src/decision/weighted-pick.js';
import { InputError } from '../../src/errors.js';

// Scaled: (0, 1), (0.1, 0.2), (0.5, 0.1), (1, 0); the first objective in tens, the second in thousands.
const front = [0, 1000, 1, 200, 5, 100, 10, 0];

describe('weightedPick', () => {
  it('follows the weights from one end to the other', () => {
    expect(weightedPick(front, 4, [1, 0])).toBe(0);
    expect(weightedPick(front, 4, [1, 1])).toBe(1);
    // 0.2 x 0.5 = 0.1 against 0.8 x 0.2 = 0.16 of the row before.
    expect(weightedPick(front, 4, [1, 4])).toBe(2);
    expect(weightedPick(front, 4, [0, 1])).toBe(3);
  });

  it('does not depend on the scale of the weights', () => {
    for (const scale of [5e-324, 1e-6, 7, 1e9, 4e307])
      expect(weightedPick(front, 4, [scale, 4 * scale])).toBe(2);
  });

  it('can pick from the middle of a front that bulges outwards', () => {
    // A weighted sum would prefer an end: 0.8 + 0.8 > 1.
    expect(weightedPick([0, 1, 0.8, 0.8, 1, 0], 3, [1, 1])).toBe(1);
  });

  it('never picks a dominated row, tied in the maximum or not', () => {
    // By the second objective alone rows 0 and 1 tie.
    expect(weightedPick([5, 0, 2, 0, 0, 9], 3, [0, 1])).toBe(1);
  });

  it('refuses weights that say nothing', () => {
    expect(() => weightedPick(front, 4, [0, 0])).toThrow('at least one weight must be above 0');
    expect(() => weightedPick(front, 4, [1, -1])).toThrow('not negative, got -1');
    expect(() => weightedPick(front, 4, [1, Number.NaN])).toThrow(InputError);
    expect(() => weightedPick(front, 4, [1, Number.POSITIVE_INFINITY])).toThrow(InputError);
    expect(() => weightedPick([], 0, [1, 1])).toThrow(InputError);
    expect(() => weightedPick(front, -1, [1, 1])).toThrow('a whole number from 0, got -1');
    expect(() => weightedPick(front, 4, undefined as never)).toThrow('the weights must be an array');
  });
});
