import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doublesOf, plainText, sealed, unsealed } from '../../src/journal/line.js';

const bits = (values: Float64Array) => [...new BigUint64Array(Float64Array.from(values).buffer)];

describe('a line of a journal', () => {
  it('gives every double back bit for bit', () => {
    fc.assert(
      fc.property(fc.float64Array(), (x) => {
        const line = sealed({ x });
        expect(line.endsWith('\n')).toBe(true);
        const read = doublesOf(unsealed(line.slice(0, -1))!['x'])!;
        // Of the many NaNs one comes back.
        const canonical = x.map((value) => (Number.isNaN(value) ? Number.NaN : value));
        expect(bits(read)).toEqual(bits(canonical));
      }),
    );
    const odd = Float64Array.of(-0, Number.NaN, -1 / 0, 1 / 0, 5e-324, Number.MAX_VALUE, 0.1 + 0.2);
    expect(bits(doublesOf(JSON.parse(plainText(odd)))!)).toEqual(bits(odd));
  });

  it('gives any text back, on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (error) => {
        const line = sealed({ error });
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(unsealed(line.slice(0, -1))).toEqual({ error });
      }),
    );
  });

  it('is refused when any one character is changed, lost or doubled', () => {
    const line = sealed({ index: 3, x: [0.5, 2], error: 'a,"sum":"b"' }).slice(0, -1);
    expect(unsealed(line)).not.toBeNull();
    for (let i = 0; i < line.length; i++) {
      const other = line[i] === '7' ? '8' : '7';
      expect(unsealed(line.slice(0, i) + other + line.slice(i + 1))).toBeNull();
      expect(unsealed(line.slice(0, i) + line.slice(i + 1))).toBeNull();
      expect(unsealed(line.slice(0, i) + line[i] + line.slice(i))).toBeNull();
    }
    for (const text of ['', '{}', 'null', 'sum', '{"index":3,"sum":"0000000000000000"}'])
      expect(unsealed(text)).toBeNull();
  });

  it('shows what JSON has no form for', () => {
    const value = { f: Math.max, big: 3n, none: undefined, list: Int32Array.of(1, 2), deep: [Number.NaN] };
    expect(plainText(value)).toBe('{"f":"function max","big":"3n","list":[1,2],"deep":["NaN"]}');
  });

  it('takes no other list for doubles', () => {
    for (const value of [undefined, 3, '1', [1, null], [1, '2'], [[1]], { length: 0 }])
      expect(doublesOf(value)).toBeNull();
  });
});
