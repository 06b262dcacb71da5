import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeBytes } from '../../../problems/compression/coding/arithmetic/byte-coder.js';
import { bitEncoder } from '../../../problems/compression/coding/arithmetic/range-coder.js';
import { byteReader, byteWriter } from '../../../problems/compression/coding/container/bytes.js';
import { crc32 } from '../../../problems/compression/coding/container/checksum.js';
import type { CodedTensor, Method } from '../../../problems/compression/coding/container/layout.js';
import { withLevels, writeContainer } from '../../../problems/compression/coding/container/write.js';
import { containerFacts, unpack } from '../../../problems/compression/coding/unpack.js';
import { InputError, randomOf } from '../../../src/index.js';

const model = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) % 11);
const levelsOf = (count: number, spread: number, seed = 1) => {
  const random = randomOf(seed);
  return Int32Array.from({ length: count }, () => Math.round(spread * random.normal()));
};
const steps = (step: number) =>
  ({ kind: 'steps', steps: Float32Array.of(step), offsets: [0.25, 0] }) as const;

/** A tensor of every type and rule, between bytes that stay. */
function everything(): { file: Uint8Array; tensors: CodedTensor[] } {
  const grid = { rows: 4, columns: 3, taps: 9, width: 3 };
  // The indices of multiples of 4 are even, which leads from state 0 to itself: every path allows them.
  const onPaths = { dataType: 1, grid, levels: levelsOf(108, 1, 7).map((q) => 4 * q), rule: steps(0.2) };
  return {
    file: model(3500),
    tensors: [
      {
        offset: 2000,
        dataType: 1,
        grid,
        levels: levelsOf(108, 2, 5),
        rule: { kind: 'gains', step: 0.3, gains: Uint8Array.of(128, 64, 255, 160) },
      },
      { offset: 10, dataType: 1, grid, levels: levelsOf(108, 2), rule: steps(0.1) },
      { offset: 442, dataType: 10, grid, levels: levelsOf(108, 3, 2), rule: steps(0.01) },
      {
        offset: 700,
        dataType: 11,
        grid,
        levels: levelsOf(108, 5, 3),
        rule: { kind: 'steps', steps: Float32Array.of(1, 0.5, 0.25, 3), offsets: [0.4 - 0.5, 0.1] }, // neither is a float32
      },
      {
        offset: 1600,
        dataType: 16,
        grid: { rows: 1, columns: 5, taps: 1, width: 1 },
        levels: Int32Array.of(-1, 0, 1, 1, 0),
        rule: { kind: 'table', first: -1, values: Float32Array.of(-0.7, 0, 0.9) },
      },
      { ...onPaths, offset: 2440, path: 'down' },
      { ...onPaths, offset: 2440 + 432, path: 'along' },
    ],
  };
}

/** With a checksum that fits, so that what is behind it is reached. */
function sealed(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(5, bytes.length, true);
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

/** A container with this head, uncoded, and these bytes behind it. */
function withHead(head: Uint8Array, modelSize: number, behind: Uint8Array): Uint8Array {
  const encoder = bitEncoder();
  codeBytes(encoder, head.slice());
  const coded = Uint8Array.of(0, ...encoder.finish());
  const bytes = new Uint8Array(25 + coded.length + behind.length + 4);
  bytes.set([0x4f, 0x4e, 0x4e, 0x5a, 1]);
  const view = new DataView(bytes.buffer);
  view.setUint32(9, modelSize, true);
  view.setUint32(17, head.length, true);
  view.setUint32(21, coded.length, true);
  bytes.set(coded, 25);
  bytes.set(behind, 25 + coded.length);
  return sealed(bytes);
}

describe('a container', () => {
  it.each<Method>(['mixing', 'table'])(
    'gives back the model of its levels, byte for byte, by %s',
    (method) => {
      const { file, tensors } = everything();
      expect(unpack(writeContainer(file, tensors, method))).toEqual(withLevels(file, tensors));
      const wide = { rows: 64, columns: 16, taps: 9, width: 3 };
      const large = { offset: 5, dataType: 1, grid: wide, levels: levelsOf(9216, 2), rule: steps(0.5) };
      const fine = { ...large, offset: 36880, levels: levelsOf(9216, 5000) };
      const both = writeContainer(model(80000), [fine, large], method);
      expect(crc32(unpack(both))).toBe(crc32(withLevels(model(80000), [large, fine])));
    },
  );

  it('writes the numbers that the rule says into the types that the model has', () => {
    const { file, tensors } = everything();
    const out = unpack(writeContainer(file, tensors));
    const view = new DataView(out.buffer);
    const numberOf = (q: number) =>
      q === 0 ? 0 : Math.sign(q) * (Math.abs(q) + (Math.abs(q) === 1 ? 0.25 : 0));
    tensors[1].levels.forEach((q, i) => {
      expect(view.getFloat32(10 + 4 * i, true)).toBe(Math.fround(Math.fround(0.1) * numberOf(q)));
    });
    // Rows of 27 whose gains are 1, 1/2, 255/128 and 5/4.
    tensors[0].levels.forEach((q, i) => {
      const step = Math.fround(Math.fround(0.3) * [1, 0.5, 255 / 128, 1.25][Math.floor(i / 27)]);
      expect(view.getFloat32(2000 + 4 * i, true)).toBe(Math.fround(step * q));
    });
    // 1, 0.9 and -0.7 as bfloat16: 0x3f80 0x3f66 0xbf33
    expect([0, 1, 2, 3, 4].map((i) => view.getUint16(1600 + 2 * i, true))).toEqual([
      0xbf33, 0, 0x3f66, 0x3f66, 0,
    ]);
    expect([...out.subarray(0, 10)]).toEqual([...file.subarray(0, 10)]);
    expect([...out.subarray(2432, 2440)]).toEqual([...file.subarray(2432, 2440)]);
    expect([...out.subarray(3304)]).toEqual([...file.subarray(3304)]);
  });

  it('holds a model without tensors, an empty tensor, one of a single number and one of zeros', () => {
    const file = model(100);
    expect(unpack(writeContainer(file, []))).toEqual(file);
    const one = { rows: 1, columns: 1, taps: 1, width: 1 };
    const tensors: CodedTensor[] = [
      { offset: 4, dataType: 1, grid: { ...one, columns: 0 }, levels: new Int32Array(0), rule: steps(1) },
      { offset: 4, dataType: 1, grid: one, levels: Int32Array.of(-3), rule: steps(2) },
      { offset: 8, dataType: 1, grid: { ...one, columns: 10 }, levels: new Int32Array(10), rule: steps(1) },
    ];
    const out = unpack(writeContainer(file, tensors));
    expect(new DataView(out.buffer).getFloat32(4, true)).toBe(-6);
    expect([...out.subarray(8, 48)]).toEqual(new Array(40).fill(0));
  });

  it('refuses tensors that overlap or leave the model, and levels past 2^24', () => {
    const grid = { rows: 1, columns: 4, taps: 1, width: 1 };
    const at = (offset: number, level = 1) => ({
      offset,
      dataType: 1,
      grid,
      levels: Int32Array.of(0, 0, 0, level),
      rule: steps(1),
    });
    expect(() => writeContainer(model(40), [at(0), at(12)])).toThrow(/apart from each other/);
    expect(() => writeContainer(model(40), [at(30)])).toThrow(InputError);
    expect(() => writeContainer(model(40), [at(0, 2 ** 24 + 1)])).toThrow(/2\^24/);
  });
});

describe('a damaged container', () => {
  const { file, tensors } = everything();
  const grid = { rows: 16, columns: 29, taps: 9, width: 3 };
  const small = {
    mixing: writeContainer(model(300), [
      { ...tensors[1], grid: { rows: 2, columns: 3, taps: 9, width: 3 }, levels: levelsOf(54, 2) },
    ]),
    table: writeContainer(
      model(17000),
      [{ offset: 7, dataType: 1, grid, levels: levelsOf(4176, 0.3), rule: steps(1) }],
      'table',
    ),
    trellis: writeContainer(model(300), [
      {
        ...tensors[1],
        grid: { rows: 2, columns: 3, taps: 9, width: 3 },
        levels: levelsOf(54, 1).map((q) => 4 * q),
        path: 'down',
      },
    ]),
  };
  const methods = ['mixing', 'table', 'trellis'] as const;

  it.each(methods)('is refused for every bit flipped (%s)', (method) => {
    const whole = small[method];
    const bytes = whole.slice();
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(() => unpack(bytes), `bit ${bit}`).toThrow(InputError);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect(bytes).toEqual(whole);
  });

  it.each(methods)('is refused for every truncation, and for bytes behind its end (%s)', (method) => {
    const whole = small[method];
    for (let length = 0; length < whole.length; length++)
      expect(() => unpack(whole.subarray(0, length)), `${length} bytes`).toThrow(InputError);
    expect(() => unpack(Uint8Array.of(...whole, 0))).toThrow(/must have \d+ bytes as it says/);
  });

  it('is refused with a checksum made to fit too: an InputError, or the wrong model never', () => {
    for (const whole of methods.map((method) => small[method])) {
      const right = unpack(whole);
      for (let at = 5; at < whole.length - 4; at++) {
        for (const flip of [1, 0x80, 0xff]) {
          const bytes = whole.slice();
          bytes[at] ^= flip;
          try {
            // A bit that the coder does not need may change; the model may not.
            expect(unpack(sealed(bytes))).toEqual(right);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }
    }
  });

  it('of a newer version is refused with both versions named', () => {
    const bytes = small.mixing.slice();
    bytes[4] = 3;
    expect(() => unpack(sealed(bytes))).toThrow(
      'a container must be of version 2 at most for this program, got version 3: update fronteira',
    );
    bytes[4] = 0;
    expect(() => unpack(sealed(bytes))).toThrow(/must be of version 1 at least, got version 0/);
  });

  it('is refused where it is something else', () => {
    for (const bytes of [new Uint8Array(0), file, new TextEncoder().encode('ONNX files are not these')])
      expect(() => unpack(bytes)).toThrow(/must begin with ONNZ/);
    expect(containerFacts(small.mixing)).toEqual({ version: 1, size: small.mixing.length, modelSize: 300 });
  });
});

describe('the version of a container', () => {
  it('is 2 where levels follow a trellis, and 1, which older programs read, where none do', () => {
    const { file, tensors } = everything();
    const free = tensors.filter(({ path }) => !path);
    expect(containerFacts(writeContainer(file, free)).version).toBe(1);
    expect(containerFacts(writeContainer(file, tensors)).version).toBe(2);
  });

  it('may be 1: a file of before there were trellises comes apart as it did', () => {
    const old =
      'T05OWgFtAAAAWAIAAHR3hva6AAAAJQAAAADzKSqdEw84+F73dz4XoyOBJJB37IEWF3PUMBr6YJedCTwrmoYIgshEDADyWFKm2CGQixxvKRgpdhpqwwazclfy7qiVeaDqU5XEDKtP3ve4PDOmkQ==';
    const out = unpack(Uint8Array.from(atob(old), (character) => character.charCodeAt(0)));
    const levels = Array.from(
      { length: 108 },
      (_, i) => ((i * i * 31 + i * 17) % 7) - 3 - (i % 5 === 0 ? 1 : 0),
    );
    const gains = [128, 64, 255, 160];
    const view = new DataView(out.buffer);
    for (const [i, level] of levels.entries()) {
      const step = Math.fround((Math.fround(0.3) * gains[Math.floor(i / 27)]) / 128);
      expect(view.getFloat32(100 + 4 * i, true)).toBe(Math.fround(step * level));
    }
  });
});

describe('a malicious head', () => {
  const record = (fields: readonly number[]) => {
    const out = byteWriter();
    out.whole(1);
    out.whole(0);
    out.byte(1);
    for (const side of fields) out.whole(side);
    out.byte(0);
    out.byte(0);
    out.whole(1);
    for (let i = 0; i < 3; i++) out.float(1);
    out.whole(4);
    return out.finish();
  };

  it.each([
    ['a tensor of 2 GB', [2 ** 29 - 1, 1, 1, 1], 4 * (2 ** 29 - 1)],
    ['a tensor of 200 MB', [50_000_000, 1, 1, 1], 200_000_000],
    ['a product past 2^53', [2 ** 50, 2 ** 50, 2 ** 50, 1], 0],
    ['no elements', [0, 1, 1, 1], 0],
    ['a kernel wider than it is', [2, 2, 4, 9], 64],
  ])('that claims %s is refused before anything is allocated', (_, sides, size) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => unpack(withHead(record(sides), size, new Uint8Array(4)))).toThrow(InputError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16e6);
  });

  it('that claims a long head is refused', () => {
    const bytes = new Uint8Array(60);
    bytes.set([0x4f, 0x4e, 0x4e, 0x5a, 1]);
    const view = new DataView(bytes.buffer);
    view.setUint32(17, 2 ** 32 - 1, true);
    view.setUint32(21, 10, true);
    expect(() => unpack(sealed(bytes))).toThrow(/justified/);
  });

  it('of random fields is refused or decodes to what it says', () => {
    const random = randomOf('heads');
    for (let run = 0; run < 1500; run++) {
      const out = byteWriter();
      out.whole(random.integer(3));
      const fields = random.integer(30);
      for (let i = 0; i < fields; i++) {
        const kind = random.integer(4);
        if (kind === 0) out.byte(random.integer(256));
        else if (kind === 1) out.whole(Math.floor(2 ** (53 * random.uniform())));
        else if (kind === 2) out.whole(random.integer(6));
        else out.float(random.normal());
      }
      const behind = Uint8Array.from({ length: random.integer(40) }, () => random.integer(256));
      try {
        const size = random.integer(200);
        expect(unpack(withHead(out.finish(), size, behind)).length).toBe(size);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  }, 60_000);
});

describe('the fields of a head', () => {
  it('come back as they were written', () => {
    const values = [0, 127, 128, 300, 2 ** 31, 2 ** 53 - 1];
    const out = byteWriter();
    for (const value of values) out.whole(value);
    out.float(1.5);
    out.bytes(Uint8Array.of(9, 8));
    const input = byteReader(out.finish());
    expect(values.map(() => input.whole())).toEqual(values);
    expect([input.float(), ...input.bytes(2), input.left]).toEqual([1.5, 9, 8, 0]);
    expect(() => input.byte()).toThrow(InputError);
    expect(() => byteReader(new Uint8Array(9).fill(255)).whole()).toThrow(/2\^53/);
  });
});

describe('the checksum', () => {
  it('is that of zip', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('the unpacker', () => {
  it('imports nothing of Node and no package, so that a browser can load it', () => {
    const seen = new Set<string>();
    const visit = (url: URL) => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      const source = readFileSync(fileURLToPath(url), 'utf8');
      expect(source).not.toMatch(/\b(Buffer|process|require|__dirname)\b[.(]/);
      for (const [, from] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
        expect(from, url.pathname).toMatch(/^\.\.?\//);
        visit(new URL(from.replace(/\.js$/, '.ts'), url));
      }
    };
    visit(new URL('../../../problems/compression/coding/unpack.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(10);
  });
});
