import { describe, expect, it } from 'vitest';
import { pickByDistance, pickByHypervolume } from '../../src/surrogates/infill.js';

const points = (...rows: number[][]) => ({ f: Float64Array.from(rows.flat()), count: rows.length });

describe('infill by hypervolume', () => {
  const front = points([0, 1], [1, 0]);

  it('takes the candidate that adds most to the measured front', () => {
    // Box to (1.1, 1.1): (0.5, 0.5) adds 0.5 x 0.5, (0.2, 0.9) adds 0.8 x 0.1, (2, 2) nothing.
    expect(pickByHypervolume(points([0.2, 0.9], [0.5, 0.5], [2, 2]), front, 1, 2)).toEqual([1]);
  });

  it('counts those already chosen, so that the second pick is not the twin of the first', () => {
    // After (0.5, 0.5) its neighbour (0.49, 0.51) adds almost nothing, (0.1, 0.8) more.
    expect(pickByHypervolume(points([0.5, 0.5], [0.49, 0.51], [0.1, 0.8]), front, 2, 2)).toEqual([0, 2]);
  });

  it('takes the farthest where none adds anything', () => {
    expect(pickByHypervolume(points([1.01, 0.01], [1, 1], [0.01, 1.01]), front, 1, 2)).toEqual([1]);
  });

  it('gives all candidates when there are fewer than asked for, and none for none', () => {
    expect(pickByHypervolume(points([0.5, 0.5], [0.4, 0.7]), front, 5, 2).sort()).toEqual([0, 1]);
    expect(pickByHypervolume(points(), front, 2, 2)).toEqual([]);
  });

  it('works without a measured front', () => {
    expect(pickByHypervolume(points([0, 3], [1, 1], [3, 0]), points(), 1, 2)).toEqual([1]);
  });
});

describe('infill by distance', () => {
  it('takes the candidate farthest from the measured front, and then from that one too', () => {
    const front = points([0, 1], [1, 0]);
    // Distances to the nearest end: 0.28, 0.71, 0.64; then, from (0.5, 0.5) too: 0.28, 0.14.
    const candidates = points([0.2, 0.8], [0.5, 0.5], [0.6, 0.5]);
    expect(pickByDistance(candidates, front, 2, 2)).toEqual([1, 0]);
  });

  it('measures objectives by the width of the front', () => {
    const front = points([0, 1000], [1, 0]);
    // In raw units (0.01, 900) is the farthest; of the widths it is 0.1 away, (0.5, 450) half.
    expect(pickByDistance(points([0.01, 900], [0.5, 450]), front, 1, 2)).toEqual([1]);
  });
});
