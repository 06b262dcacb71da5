import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBytes } from '../../../problems/compression/coding/arithmetic/byte-coder.js';
import { SQUASH, STRETCH, UNIT, WIDEST } from '../../../problems/compression/coding/arithmetic/logistic.js';
import { LEAST, LEAST_COST } from '../../../problems/compression/coding/arithmetic/mixer.js';
import { bitDecoder, bitEncoder } from '../../../problems/compression/coding/arithmetic/range-coder.js';
import {
  frequenciesOf,
  ransDecode,
  ransEncode,
  TOTAL,
} from '../../../problems/compression/coding/arithmetic/rans.js';
import { packRepeats, unpackRepeats } from '../../../problems/compression/coding/container/repeats.js';
import { tabled, untabled } from '../../../problems/compression/coding/container/tabled.js';
import { levelCoder, shiftFor } from '../../../problems/compression/coding/levels/level-coder.js';
import { InputError, randomOf } from '../../../src/index.js';

const entropy = (values: ArrayLike<number>) => {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  return [...counts.values()].reduce((bits, n) => bits - n * Math.log2(n / values.length), 0);
};

/** Element by element; `toEqual` takes seconds for so many. */
const same = (a: Int32Array, b: Int32Array) => a.length === b.length && a.every((value, i) => value === b[i]);

/** Levels of a normal distribution whose spread is that of its row and column. */
function kernels(rows: number, columns: number, taps: number, spread: number, seed = 1) {
  const random = randomOf(seed);
  const scale = (n: number) => Array.from({ length: n }, () => Math.exp(0.7 * random.normal()));
  const [row, column] = [scale(rows), scale(columns)];
  return Int32Array.from({ length: rows * columns * taps }, (_, i) =>
    Math.round(
      spread * random.normal() * row[Math.floor(i / columns / taps)] * column[Math.floor(i / taps) % columns],
    ),
  );
}

describe('the logistic tables', () => {
  it('hold the logistic function and its inverse', () => {
    for (let x = -WIDEST; x <= WIDEST; x += 7)
      expect(Math.abs(SQUASH[x + WIDEST] - 65536 / (1 + Math.exp(-x / UNIT)))).toBeLessThanOrEqual(1);
    for (let p = 40; p < 4056; p += 13) {
      const chance = (p + 0.5) / 4096;
      expect(Math.abs(STRETCH[p] - UNIT * Math.log(chance / (1 - chance)))).toBeLessThanOrEqual(2);
    }
  });
});

describe('the range coder', () => {
  const decisions = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 65535 })), {
    maxLength: 400,
  });

  it('gives back the bits, reads all the bytes, and takes the length of the code', () => {
    fc.assert(
      fc.property(decisions, (bits) => {
        const encoder = bitEncoder();
        for (const [bit, p] of bits) encoder.code(bit, p);
        const bytes = encoder.finish();
        const decoder = bitDecoder(bytes);
        for (const [bit, p] of bits) expect(decoder.code(0, p)).toBe(bit);
        expect(decoder.position).toBe(bytes.length);
        const ideal = bits.reduce((sum, [bit, p]) => sum - Math.log2((bit ? p : 65536 - p) / 65536), 0);
        expect(bytes.length).toBeLessThanOrEqual(ideal / 8 + 4 + bits.length / 500);
      }),
    );
  });

  it('carries through long runs of 255', () => {
    for (let length = 1; length < 60; length++) {
      const encoder = bitEncoder();
      // The upper end of the range again and again, then the end of that: every byte before it counts up.
      const bits = [...Array.from({ length }, () => [0, 32768]), [1, 1], [0, 65535], [0, 65535], [0, 1]];
      for (const [bit, p] of bits) encoder.code(bit, p);
      const decoder = bitDecoder(encoder.finish());
      for (const [bit, p] of bits) expect(decoder.code(0, p)).toBe(bit);
    }
  });

  it('refuses to read past the end', () => {
    expect(() => bitDecoder(new Uint8Array(3))).toThrow(InputError);
    const decoder = bitDecoder(new Uint8Array(4));
    expect(() => {
      for (let i = 0; i < 100; i++) decoder.code(0, 32768);
    }).toThrow(/complete/);
  });
});

describe('the coder of levels', () => {
  const roundTrip = (
    tensors: readonly { levels: Int32Array; grid: Parameters<ReturnType<typeof levelCoder>['code']>[2] }[],
  ) => {
    const encoder = bitEncoder();
    const coder = levelCoder();
    for (const { levels, grid } of tensors) coder.code(encoder, levels.slice(), grid, shiftFor(levels));
    const bytes = encoder.finish();
    const decoder = bitDecoder(bytes);
    const back = levelCoder();
    for (const { levels, grid } of tensors) {
      const out = new Int32Array(levels.length);
      back.code(decoder, out, grid, shiftFor(levels));
      expect(same(out, levels)).toBe(true);
    }
    expect(decoder.position).toBe(bytes.length);
    return bytes.length * 8;
  };

  it('gives back any levels of any shape', () => {
    const side = fc.integer({ min: 1, max: 6 });
    const tensor = fc
      .tuple(side, side, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 24 }))
      .chain(([rows, columns, taps, bits]) =>
        fc.record({
          grid: fc.integer({ min: 1, max: taps }).map((width) => ({ rows, columns, taps, width })),
          levels: fc
            .array(fc.integer({ min: -(2 ** bits), max: 2 ** bits }), {
              minLength: rows * columns * taps,
              maxLength: rows * columns * taps,
            })
            .map((list) => Int32Array.from(list)),
        }),
      );
    fc.assert(
      fc.property(fc.array(tensor, { minLength: 1, maxLength: 4 }), (tensors) => void roundTrip(tensors)),
      { numRuns: 150 },
    );
  });

  it('is far below the order-0 entropy where rows and columns differ, and near it where nothing is to be known', () => {
    const grid = { rows: 64, columns: 64, taps: 9, width: 3 };
    const levels = kernels(64, 64, 9, 1.5);
    expect(roundTrip([{ levels, grid }])).toBeLessThan(0.93 * entropy(levels));
    const random = randomOf(2);
    const plain = Int32Array.from({ length: 36864 }, () => Math.round(2 * random.normal()));
    expect(roundTrip([{ levels: plain, grid }])).toBeLessThan(1.012 * entropy(plain));
  });

  it('takes next to nothing for zeros', () => {
    const grid = { rows: 256, columns: 32, taps: 9, width: 3 };
    const levels = new Int32Array(256 * 32 * 9);
    expect(roundTrip([{ levels, grid }])).toBeLessThan(levels.length * 3e-3);
    for (let i = 0; i < levels.length; i += 997) levels[i] = i % 2 ? 1 : -1;
    expect(roundTrip([{ levels, grid }])).toBeLessThan(1.25 * entropy(levels));
    // A pruned half of the channels: half the bits.
    const half = kernels(64, 64, 9, 2).map((q, i) => (Math.floor(i / 576) % 2 ? q : 0));
    const kept = half.filter((_, i) => Math.floor(i / 576) % 2 === 1);
    const small = { rows: 32, columns: 64, taps: 9, width: 3 };
    expect(roundTrip([{ levels: half, grid: { ...small, rows: 64 } }])).toBeLessThan(
      roundTrip([{ levels: kept, grid: small }]) * 1.05,
    );
  });

  it('has no bit that costs less than the least', () => {
    expect(-Math.log2(1 - LEAST / 65536)).toBeGreaterThan(LEAST_COST);
  });
});

describe('the coder of bytes', () => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const encoder = bitEncoder();
        codeBytes(encoder, bytes.slice());
        const out = new Uint8Array(bytes.length);
        codeBytes(bitDecoder(encoder.finish()), out);
        expect(out).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  it('takes next to nothing for what stood before', () => {
    const random = randomOf('bytes');
    const once = Uint8Array.from({ length: 3000 }, () => random.integer(256));
    const lengthOf = (bytes: Uint8Array) => {
      const encoder = bitEncoder();
      codeBytes(encoder, bytes);
      return encoder.finish().length;
    };
    expect(lengthOf(Uint8Array.of(...once, ...once)) - lengthOf(once)).toBeLessThan(1500);
  });

  it('makes the names of a graph a tenth of their length', () => {
    const text = Array.from(
      { length: 200 },
      (_, i) => `/layer${i % 3}/block.${i % 7}/conv${i % 2}/Conv_output_${i}`,
    ).join('\n');
    const bytes = new TextEncoder().encode(text);
    const encoder = bitEncoder();
    codeBytes(encoder, bytes);
    expect(encoder.finish().length).toBeLessThan(bytes.length / 10);
  });
});

describe('the packer of repeats', () => {
  const back = (packed: Uint8Array, length: number) => {
    const out = new Uint8Array(length);
    unpackRepeats(packed, out);
    return out;
  };

  it('gives back any bytes, and refuses every truncation and another length', () => {
    const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 300 });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), few), (list) => {
        const bytes = Uint8Array.from(list);
        const packed = packRepeats(bytes);
        expect(back(packed, bytes.length)).toEqual(bytes);
        expect(() => back(packed, bytes.length + 1)).toThrow(InputError);
        for (let length = 0; length < packed.length; length++)
          expect(() => back(packed.subarray(0, length), bytes.length)).toThrow(InputError);
      }),
      { numRuns: 60 },
    );
  });

  it('copies runs longer than it looks at and such as overlap themselves', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i % 7) + (i > 60_000 ? 1 : 0));
    const packed = packRepeats(bytes);
    expect(packed.length).toBeLessThan(250);
    expect(back(packed, bytes.length).every((byte, i) => byte === bytes[i])).toBe(true);
  });

  it('throws an InputError or gives bytes, whatever it is given', () => {
    const random = randomOf('repeats');
    const good = packRepeats(
      new TextEncoder().encode('one and one and one and two and one and two'.repeat(3)),
    );
    for (let run = 0; run < 3000; run++) {
      const bad = good.slice();
      for (let i = 0; i < 2; i++) bad[random.integer(bad.length)] = random.integer(256);
      try {
        back(bad, 129);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});

describe('the table coder', () => {
  it('has frequencies that add up, none missing and none whole', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 512 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const frequencies = frequenciesOf(counts);
        const occurring = counts.filter((count) => count > 0).length;
        expect(frequencies.reduce((sum, f) => sum + f, 0)).toBe(occurring === 1 ? TOTAL - 1 : TOTAL);
        expect([...frequencies].map((f) => f > 0)).toEqual(counts.map((count) => count > 0));
      }),
    );
  });

  it('gives back any symbols', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 500 }), (symbols) => {
        const counts = new Float64Array(41);
        for (const s of symbols) counts[s]++;
        const frequencies = frequenciesOf(counts);
        const bytes = ransEncode(symbols, frequencies);
        const out = new Int32Array(symbols.length);
        ransDecode(
          bytes,
          frequencies,
          Int32Array.from({ length: 41 }, (_, s) => s),
          out,
        );
        expect([...out]).toEqual(symbols);
        expect(() => ransDecode(bytes.subarray(2), frequencies, new Int32Array(41), out)).toThrow(InputError);
      }),
    );
  });

  it.each([0.2, 1.5, 20, 3000])('is within 3 %% of the order-0 entropy at a spread of %s', (spread) => {
    const random = randomOf(3);
    const levels = Int32Array.from({ length: 40000 }, () => Math.round(spread * random.normal()));
    const coded = tabled(levels);
    const out = new Int32Array(levels.length);
    untabled(coded, out);
    expect(same(out, levels)).toBe(true);
    // Where nearly every number occurs once, the entropy that counts is that of the distribution.
    const bits = spread > 100 ? 40000 * Math.log2(spread * Math.sqrt(2 * Math.PI * Math.E)) : entropy(levels);
    expect(coded.stream.length * 8).toBeLessThan(1.03 * bits);
  });
});
