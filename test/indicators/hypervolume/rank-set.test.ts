import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArena } from '../../../src/indicators/hypervolume/arena.js';
import { add, below, createRankSet, remove } from '../../../src/indicators/hypervolume/rank-set.js';

describe('the set of ranks', () => {
  for (const size of [1, 31, 32, 33, 1024, 1025, 40_000])
    it(`finds the greatest member below, as a plain set of up to ${size} does`, () => {
      const rank = fc.integer({ min: 0, max: size - 1 });
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.boolean(), rank, rank), { maxLength: 60 }), (steps) => {
          const set = createRankSet(createArena(0), size);
          const plain = new Set<number>();
          for (const [adds, changed, asked] of steps) {
            if (adds) {
              add(set, changed);
              plain.add(changed);
            } else if (plain.delete(changed)) remove(set, changed);
            const expected = Math.max(-1, ...[...plain].filter((member) => member < asked));
            expect(below(set, asked)).toBe(expected);
          }
        }),
      );
    });
});
