import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kneePoint } from '../../src/decision/knee-point.js';
import { InputError } from '../../src/errors.js';

// Scaled: (0, 1), (0.1, 0.2), (0.5, 0.1), (1, 0); the first objective in tens, the second in thousands.
const front = [0, 1000, 1, 200, 5, 100, 10, 0];

describe('kneePoint', () => {
  it('is the row farthest from the chord between the ends', () => {
    expect(kneePoint(front, 4, 2)).toBe(1);
  });

  it('is the brute-force farthest from the chord on random fronts', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (drops) => {
        let [x, y] = [0, 0];
        const rows = drops.map(([dx, dy]) => {
          x += dx;
          y -= dy;
          return [x, y];
        });
        const [[ax, ay], [bx, by]] = [rows[0], rows[rows.length - 1]];
        // Twice the area of the triangle with the chord, positive on the side of the ideal point.
        const depth = ([px, py]: number[]) => (bx - px) * (ay - py) - (ax - px) * (by - py);
        const deepest = Math.max(...rows.map(depth));
        expect(depth(rows[kneePoint(rows.flat(), rows.length, 2)])).toBeCloseTo(deepest, 6);
      }),
    );
  });

  it('passes over rows that are not finite, and does not let them set the scale', () => {
    const unbounded = Number.NEGATIVE_INFINITY;
    expect(kneePoint([Number.NaN, 0, unbounded, 0, ...front], 6, 2)).toBe(3);
  });

  it('takes the first of equal rows and the only one of one', () => {
    expect(kneePoint([0, 2, 1, 1, 2, 0], 3, 2)).toBe(0);
    expect(kneePoint([3, 4], 1, 2)).toBe(0);
  });

  it('refuses a set without a finite row', () => {
    expect(() => kneePoint([], 0, 2)).toThrow(InputError);
    expect(() => kneePoint([Number.NaN, 1], 1, 2)).toThrow(InputError);
    expect(() => kneePoint([1, 2, 3], 2, 2)).toThrow(InputError);
    expect(() => kneePoint([1], 1, 0)).toThrow(InputError);
  });
});
