import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizers } from '../../../problems/compression/coding/quantizers/catalogue.js';
import { centroidOffsets, centroidTable } from '../../../problems/compression/coding/quantizers/centroid.js';
import { muLaw } from '../../../problems/compression/coding/quantizers/mu-law.js';
import { perChannel } from '../../../problems/compression/coding/quantizers/per-channel.js';
import { rangeOf, stepOf } from '../../../problems/compression/coding/quantizers/scalar.js';
import { smallFloat } from '../../../problems/compression/coding/quantizers/small-float.js';
import { deadZone, midrise, midtread } from '../../../problems/compression/coding/quantizers/uniform.js';
import { reconstruct } from '../../../problems/compression/coding/rule.js';
import { fromFloat16, toFloat16 } from '../../../problems/compression/onnx/float16.js';
import { InputError } from '../../../src/index.js';

const number = fc.float({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true });
const numbers = fc.array(number, { minLength: 1, maxLength: 60 }).map((list) => Float32Array.from(list));
const back = (levels: Int32Array, quantizer: ReturnType<typeof midtread>) =>
  reconstruct(levels, quantizer.rule, { rows: 1 });
const gap = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

const cases = quantizers.flatMap((family) =>
  (family.levels ? [family.levels] : [4, 32, 256]).map((levels) => ({
    family,
    levels,
    name: `${family.name}, ${levels} levels`,
  })),
);

describe.each(cases)('$name', ({ family, levels }) => {
  const unit = family.of(1, levels);

  it('gives a larger number no smaller level', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [low, high] = unit.quantize([Math.min(a, b), Math.max(a, b)]);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('keeps the level of what a level stands for', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const q = unit.quantize(values);
        expect(unit.quantize(back(q, unit))).toEqual(q);
      }),
    );
  });

  it('is odd, and zero stays zero', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const q = back(unit.quantize(values), unit);
        expect(back(unit.quantize(values.map((x) => -x)), unit)).toEqual(q.map((x) => 0 - x));
      }),
    );
    expect([...back(unit.quantize([0, -0]), unit)]).toEqual([0, 0]);
  });

  it('is off by less than half the gap between the numbers that it can give, dead zones apart', () => {
    const grid = Float32Array.from({ length: 4001 }, (_, i) => -1 + i / 2000);
    const given = [...new Set(back(unit.quantize(grid), unit))].sort((a, b) => a - b);
    const widest = Math.max(...given.slice(1).map((value, i) => value - given[i]));
    const rebuilt = back(unit.quantize(grid), unit);
    // The dead zone and the companded cells are not centred on what they stand for.
    expect(gap(grid, rebuilt)).toBeLessThanOrEqual(widest * (/zone|mu-law/.test(family.name) ? 1 : 0.5001));
  });

  it('takes tensors of zeros and of one element', () => {
    const zeros = family.of(rangeOf([0, 0, 0]), levels);
    expect([...back(zeros.quantize([0, 0, 0]), zeros)]).toEqual([0, 0, 0]);
    const one = family.of(rangeOf([-0.3]), levels);
    expect(Math.abs(back(one.quantize([-0.3]), one)[0] + 0.3)).toBeLessThanOrEqual(0.3 * (4 / levels) + 1e-7);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %s', (bad) => {
    expect(() => unit.quantize([0, bad])).toThrow(InputError);
    expect(() => rangeOf([0, bad])).toThrow(/must be finite/);
  });
});

describe('uniform quantizers', () => {
  it('follow their formulas on a hand-worked row', () => {
    const x = [-1.2, -0.5, -0.2, 0, 0.2, 0.5, 0.7, 1.2];
    expect([...midtread(1).quantize(x)]).toEqual([-1, -1, 0, 0, 0, 1, 1, 1].map((q) => q));
    expect([...midrise(1).quantize(x)]).toEqual([-2, -1, -1, 0, 1, 1, 1, 2]);
    expect([...deadZone(1, 0.25).quantize(x)]).toEqual([-1, -1, 0, 0, 0, 1, 1, 1]);
    const q = Int32Array.of(-2, -1, 0, 1, 2);
    expect([...back(q, midtread(0.5))]).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect([...back(q, midrise(0.5))]).toEqual([-0.75, -0.25, 0, 0.25, 0.75]);
    expect([...back(q, deadZone(0.5, 0.25))]).toEqual([-0.875, -0.375, 0, 0.375, 0.875]);
  });

  it('are a dead zone of 1/2 and of 0', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const halves = values.filter((x) => (Math.abs(x) / 0.125) % 1 !== 0.5); // a tie goes up in one and down in the other
        expect(deadZone(0.125, 0.5).quantize(halves)).toEqual(midtread(0.125).quantize(halves));
        expect(deadZone(0.125, 0).quantize(values)).toEqual(midrise(0.125).quantize(values));
      }),
    );
  });

  it('err by half a step at most outside of the dead zone, and by sigma steps inside', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(0, 0.3, 0.5, 0.8, 1), (values, sigma) => {
        const step = 0.0625;
        const q = deadZone(step, sigma);
        const rebuilt = back(q.quantize(values), q);
        values.forEach((x, i) => {
          const bound = Math.abs(x) < sigma * step ? sigma * step : step / 2;
          expect(Math.abs(x - rebuilt[i])).toBeLessThanOrEqual(bound + 1e-7);
        });
      }),
    );
  });

  it('have levels from 2^2 to 2^24 on a range', () => {
    expect(stepOf(1, 4)).toBe(0.5);
    expect(stepOf(2, 2 ** 24)).toBe(2 ** -22);
    for (const levels of [2, 3.5, 2 ** 25, Number.NaN])
      expect(() => stepOf(1, levels)).toThrow(/from 2\^2 to 2\^24/);
    expect(() => midtread(0)).toThrow('a step must be a finite number above 0, got 0');
    expect(() => deadZone(1, 1.4)).toThrow('the size of a dead zone must lie in [0, 1], got 1.4');
    expect(() => midtread(1e-9).quantize([1])).toThrow(/within 2\^24/);
  });
});

describe('small floats', () => {
  it('of 5 + 10 bits are IEEE half precision up to its largest number', () => {
    // With every code a number, the largest is 131008: twice what IEEE leaves for numbers.
    const half = smallFloat(131008, 5, 10);
    const values = Float32Array.from({ length: 2000 }, (_, i) => (i - 1000) ** 3 / 20000 + i / 7000);
    const ties = fromFloat16(toFloat16(values));
    const own = back(half.quantize(values), half);
    for (const [i, x] of values.entries())
      expect(Math.abs(own[i] - x)).toBeLessThanOrEqual(Math.abs(ties[i] - x) + 1e-12);
  });

  it('of 2 + 1 bits are 0 .5 1 1.5 2 3 4 6, as the 4-bit floats of OCP', () => {
    const tiny = smallFloat(6, 2, 1);
    expect([...(tiny.rule.kind === 'table' ? tiny.rule.values : [])].slice(7)).toEqual([
      0, 0.5, 1, 1.5, 2, 3, 4, 6,
    ]);
  });
});

describe('mu-law', () => {
  it('gives the ends of the range and a fine centre', () => {
    const law = muLaw(2, 256);
    const values = back(Int32Array.of(-128, 0, 1, 128), law);
    expect([...values]).toEqual([-2, 0, expect.closeTo((2 * (256 ** (1 / 128) - 1)) / 255, 8), 2]);
  });
});

describe('centroids', () => {
  it('are the means of their cells', () => {
    const values = Float32Array.of(0.1, 0.9, 1.3, 1.1, -2.5, -1.5);
    const levels = Int32Array.of(0, 1, 1, 1, -2, -2);
    const { first, values: table } = centroidTable(values, levels);
    expect(first).toBe(-2);
    expect([...table]).toEqual([-2, 0, 0, expect.closeTo(1.1, 6)]);
    expect(centroidOffsets(values, levels, 1).offsets).toEqual([6 / 64, 0]);
  });

  it('are never further in squares than the middles', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const quantizer = deadZone(0.2, 0.4);
        const levels = quantizer.quantize(values);
        const squares = (of: Float32Array) => of.reduce((sum, x, i) => sum + (x - values[i]) ** 2, 0);
        const middle = squares(back(levels, quantizer));
        expect(squares(reconstruct(levels, centroidTable(values, levels), { rows: 1 }))).toBeLessThanOrEqual(
          middle + 1e-9,
        );
      }),
    );
  });
});

describe('channels of their own', () => {
  it('have the step of their own range', () => {
    const values = Float32Array.of(1, -0.5, 4, 2, 0, 0);
    const { levels, rule } = perChannel(values, 3, (range) => midtread(stepOf(range, 4)));
    expect([...rule.steps]).toEqual([0.5, 2, 1]);
    expect([...levels]).toEqual([2, -1, 2, 1, 0, 0]);
    expect([...reconstruct(levels, rule, { rows: 3 })]).toEqual([...values]);
    expect(() => perChannel(values, 4, midtread)).toThrow(InputError);
  });
});
