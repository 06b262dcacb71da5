import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinFence, withinViolation } from '../../../src/surrogates/auto/far-values.js';

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('values far beyond everything of interest', () => {
  // Median 4 and lower quartile 2 above the best value, so that the scale is log(1 + y / 4), and 4 (2 (4 / 3)^6 - 1) the fence.
  const y = Float64Array.of(1e8, 1, 2, 3, 4, 5, 6, 0);
  const fence = 4 * (2 * (4 / 3) ** 6 - 1);

  it('are put at a fence, worked by hand', () => {
    const fenced = withinFence(y, []);
    expect(fenced[0]).toBeCloseTo(fence, 10);
    expect(fenced.subarray(1)).toEqual(y.subarray(1));
  });

  it('are followed to ten widths of the front beyond it, and to ten times the median', () => {
    expect(withinFence(y, [0, 6])[0]).toBe(66);
    // The lower quartile 3 draws the fence near: 4 (2 (8 / 7)^6 - 1) is below 40.
    expect(withinFence(Float64Array.of(1e8, 2, 3, 3, 4, 5, 6, 0), [])[0]).toBe(40);
  });

  it('do not draw the fence after them while they are less than half', () => {
    const many = Float64Array.of(0, 1, 2, 3, 4, 1e6, 1e7, 1e8, 1e9);
    expect(Math.max(...withinFence(many, []))).toBeCloseTo(fence, 10);
  });

  it('are violations alone in a constraint, whatever the slack', () => {
    const g = Float64Array.of(1e8, -1, 2, -3, 4, 5, 6, 0, -1e8);
    const fenced = withinViolation(g);
    expect(fenced[8]).toBe(-1e8);
    expect(fenced[0]).toBeGreaterThanOrEqual(40);
    expect(fenced[0]).toBeLessThan(1e3);
    expect(fenced.subarray(1)).toEqual(g.subarray(1));
  });

  it('are none where nothing is ten times as far as the median', () => {
    fc.assert(
      fc.property(values, (list) => {
        const sorted = Float64Array.from(list).sort();
        const best = sorted[0];
        const reach = best + 10 * (sorted[list.length >> 1] - best);
        const near = Float64Array.from(list, (value) => Math.min(value, reach));
        expect(withinFence(near, [])).toEqual(near);
      }),
    );
  });

  it('keep their order, and their side of 0', () => {
    fc.assert(
      fc.property(values, (list) => {
        const y = Float64Array.from(list, (value) => value ** 3).sort();
        const [f, g] = [withinFence(y, []), withinViolation(y)];
        for (let i = 0; i < y.length; i++) {
          if (i > 0) expect(f[i]).toBeGreaterThanOrEqual(f[i - 1]);
          if (i > 0) expect(g[i]).toBeGreaterThanOrEqual(g[i - 1]);
          expect(g[i] > 0).toBe(y[i] > 0);
        }
      }),
    );
  });
});
