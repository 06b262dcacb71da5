import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { additiveEpsilon, multiplicativeEpsilon } from '../../src/indicators/epsilon.js';
import {
  generationalDistance,
  generationalDistancePlus,
} from '../../src/indicators/generational-distance.js';
import {
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
} from '../../src/indicators/inverted-generational-distance.js';

const indicators = {
  generationalDistance,
  generationalDistancePlus,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  additiveEpsilon,
  multiplicativeEpsilon,
};
const distances = {
  generationalDistance,
  generationalDistancePlus,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
};

// Two points against a front of three. Distances, rows by front:
// (4, 5) to (1, 9): 5; to (4, 2): 3; to (9, 1): sqrt(41). (9, 5): to (1, 9): sqrt(80); to (4, 2): sqrt(34); to (9, 1): 4.
// Worse parts: (4, 5): (3, 0) -> 3; (0, 3) -> 3; (0, 4) -> 4. (9, 5): (8, 0) -> 8; (5, 3) -> sqrt(34); (0, 4) -> 4.
const set = [4, 5, 9, 5];
const front = [1, 9, 4, 2, 9, 1];

describe('the distances between a set and a front', () => {
  it('are as worked by hand', () => {
    expect(generationalDistance(set, 2, front, 3, 2)).toBe((3 + 4) / 2);
    expect(generationalDistancePlus(set, 2, front, 3, 2)).toBe((3 + 4) / 2);
    expect(invertedGenerationalDistance(set, 2, front, 3, 2)).toBe((5 + 3 + 4) / 3);
    expect(invertedGenerationalDistancePlus(set, 2, front, 3, 2)).toBe((3 + 3 + 4) / 3);
  });

  it('tell GD from GD+ where a row is better than the front in one objective', () => {
    // (0, 4) to (3, 0): 5, of which only the 4 is for the worse.
    expect(generationalDistance([0, 4], 1, [3, 0], 1, 2)).toBe(5);
    expect(generationalDistancePlus([0, 4], 1, [3, 0], 1, 2)).toBe(4);
  });

  it('agree with the example of Ishibuchi et al. (2015): IGD+ prefers the set that dominates, IGD does not', () => {
    // Figure 2 there: the front, and two sets of which A dominates B.
    const z = [0, 10, 1, 6, 2, 2, 6, 1, 10, 0];
    const a = [2, 4, 3, 3, 4, 2];
    const b = [2, 8, 4, 4, 8, 2];
    expect(invertedGenerationalDistance(a, 3, z, 5, 2)).toBeCloseTo(3.707, 3);
    expect(invertedGenerationalDistance(b, 3, z, 5, 2)).toBeCloseTo(2.591, 3);
    expect(invertedGenerationalDistancePlus(a, 3, z, 5, 2)).toBeCloseTo(1.483, 3);
    expect(invertedGenerationalDistancePlus(b, 3, z, 5, 2)).toBeCloseTo(2.26, 2);
  });

  it('are 0 between a set and itself', () => {
    for (const distance of Object.values(distances)) expect(distance(front, 3, front, 3, 2)).toBe(0);
  });

  it('are 0 in the plus forms for a set that dominates the front', () => {
    expect(generationalDistancePlus([0, 0], 1, front, 3, 2)).toBe(0);
    expect(invertedGenerationalDistancePlus([0, 0], 1, front, 3, 2)).toBe(0);
  });

  it('turn into one another when the two sets change places', () => {
    const sets = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(generationalDistance(a.flat(), a.length, b.flat(), b.length, 3)).toBe(
          invertedGenerationalDistance(b.flat(), b.length, a.flat(), a.length, 3),
        );
        // d+ looks one way: it is turned by the sign.
        const turned = (rows: number[][]) => rows.flat().map((value) => -value);
        expect(generationalDistancePlus(a.flat(), a.length, b.flat(), b.length, 3)).toBe(
          invertedGenerationalDistancePlus(turned(b), b.length, turned(a), a.length, 3),
        );
      }),
    );
  });
});

describe('the epsilon indicators', () => {
  it('are as worked by hand', () => {
    // For (1, 9): (4, 5) needs 3, (9, 5) needs 8. For (4, 2): 3. For (9, 1): 4.
    expect(additiveEpsilon(set, 2, front, 3, 2)).toBe(4);
    // For (1, 9): 4. For (4, 2): 2.5. For (9, 1): 5.
    expect(multiplicativeEpsilon(set, 2, front, 3, 2)).toBe(5);
  });

  it('are 0 and 1 for the front itself, below for a set better throughout', () => {
    expect(additiveEpsilon(front, 3, front, 3, 2)).toBe(0);
    expect(multiplicativeEpsilon(front, 3, front, 3, 2)).toBe(1);
    expect(additiveEpsilon([0, 0], 1, front, 3, 2)).toBe(-1);
    expect(multiplicativeEpsilon([0.5, 0.5], 1, front, 3, 2)).toBe(0.5);
  });

  it('refuse, in the multiplicative form, what is not positive', () => {
    expect(() => multiplicativeEpsilon([0, 1], 1, front, 3, 2)).toThrow('above 0, got 0');
    expect(() => multiplicativeEpsilon(set, 2, [1, -2], 1, 2)).toThrow('above 0, got -2');
  });
});

describe.each(Object.entries(indicators))('%s', (_, indicator) => {
  it('never calls a set worse for another point, and is smallest or equal with the front added', () => {
    if (indicator === generationalDistance || indicator === generationalDistancePlus) return; // means over the set
    const rows = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 2 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(rows, (points) => {
        const f = points.flat();
        const fewer = indicator(f, points.length - 1, front, 3, 2);
        expect(indicator(f, points.length, front, 3, 2)).toBeLessThanOrEqual(fewer);
      }),
    );
  });

  it('leaves out rows with a NaN, and is infinite where no row is left', () => {
    expect(indicator([...set, 1, Number.NaN], 3, front, 3, 2)).toBe(indicator(set, 2, front, 3, 2));
    expect(indicator([], 0, front, 3, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(indicator([Number.NaN, 1], 1, front, 3, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses a front that is empty or not finite, and rows that are not there', () => {
    expect(() => indicator(set, 2, [], 0, 2)).toThrow(InputError);
    expect(() => indicator(set, 2, [1, Number.NaN], 1, 2)).toThrow('must be finite, got NaN in row 0');
    expect(() => indicator(set, 3, front, 3, 2)).toThrow('3 rows of 2 objectives need 6 values, got 4');
    expect(() => indicator(set, 2, front, 4, 2)).toThrow(InputError);
    expect(() => indicator(set, 2, front, 3, 0)).toThrow(InputError);
    expect(() => indicator(set, Number.POSITIVE_INFINITY, front, 3, 2)).toThrow(
      'whole number from 0, got Infinity',
    );
    expect(() => indicator(undefined as never, 2, front, 3, 2)).toThrow('an array of numbers, got undefined');
    expect(() => indicator(set, 2, null as never, 3, 2)).toThrow('an array of numbers, got null');
  });
});
