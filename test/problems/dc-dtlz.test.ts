import { describe, expect, test } from 'vitest';
import * as dc from '../../problems/dc-dtlz.js';
import { dtlz1, dtlz3 } from '../../problems/dtlz.js';
import { evaluateAt } from './evaluate-at.js';

describe('the DC-DTLZ problems', () => {
  test('they have the objectives of DTLZ1 and DTLZ3', () => {
    const x = [0.3, 0.6, 0.2, 0.9, 0.45];
    for (const make of [dc.dc1Dtlz1, dc.dc2Dtlz1, dc.dc3Dtlz1])
      expect(evaluateAt(make(3, 5), x).f).toEqual(evaluateAt(dtlz1(3, 5), x).f);
    for (const make of [dc.dc1Dtlz3, dc.dc2Dtlz3, dc.dc3Dtlz3])
      expect(evaluateAt(make(3, 5), x).f).toEqual(evaluateAt(dtlz3(3, 5), x).f);
  });

  test('DC1 asks for cos(5 pi x1) >= 0.95', () => {
    for (const make of [dc.dc1Dtlz1, dc.dc1Dtlz3]) {
      const at = (x1: number) => evaluateAt(make(2, 3), [x1, 0.1, 0.7]).g;
      expect(at(0.4)).toHaveLength(1);
      expect(at(0.4)[0]).toBeCloseTo(0.95 - 1, 12); // a whole turn
      expect(at(1 / 15)[0]).toBeCloseTo(0.95 - 0.5, 12); // 60 degrees
      expect(at(0.2)[0]).toBeCloseTo(0.95 + 1, 12); // half a turn
    }
  });

  test('DC2 asks for cos(3 pi g / 100) >= 0.9 and exp(-g / 100) >= 0.9', () => {
    for (const make of [dc.dc2Dtlz1, dc.dc2Dtlz3]) {
      expect(evaluateAt(make(2, 3), [0.3, 0.5, 0.5]).g[0]).toBeCloseTo(-0.1, 12);
      expect(evaluateAt(make(2, 3), [0.3, 0.5, 0.5]).g[1]).toBeCloseTo(-0.1, 12);
      // One variable at 0.55: g / 100 = 1 + 0.0025 + 1 = 2.0025, and cos(6 pi + 0.0075 pi).
      const { g } = evaluateAt(make(2, 2), [0.3, 0.55]);
      expect(g[0]).toBeCloseTo(0.9 - Math.cos(0.0075 * Math.PI), 10);
      expect(g[1]).toBeCloseTo(0.9 - Math.exp(-2.0025), 12);
    }
  });

  test('DC3 asks for cos(5 pi g) >= 0.5 and cos(5 pi x) >= 0.5 of every position variable', () => {
    for (const make of [dc.dc3Dtlz1, dc.dc3Dtlz3]) {
      const { g } = evaluateAt(make(3, 4), [1 / 15, 0.2, 0.5, 0.5]);
      expect(g).toHaveLength(3);
      expect(g[0]).toBeCloseTo(-0.5, 12);
      expect(g[1]).toBeCloseTo(0, 12);
      expect(g[2]).toBeCloseTo(1.5, 12);
      // One variable at 0.55: g = 200.25, and cos(1001.25 pi) = cos(1.25 pi).
      expect(evaluateAt(make(2, 2), [0, 0.55]).g[0]).toBeCloseTo(0.5 + Math.SQRT1_2, 8);
    }
  });
});
