import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullDesign } from '../../../problems/compression/full/design-space.js';
import { fittingChoices } from '../../../problems/compression/full/fitting-choices.js';
import { checkFullPlan } from '../../../problems/compression/full/full-plan.js';
import { quantizationChoices } from '../../../problems/compression/full/quantization-choices.js';
import type { Stage } from '../../../problems/compression/full/stages.js';
import { decode, encode, InputError, spaceOf, type Variables } from '../../../src/index.js';

const group = (name: string, channels: number, weights = [name]) => ({
  name,
  weights,
  classes: Int32Array.from({ length: channels }, (_, i) => i),
  each: 1,
});
const stages: readonly Stage[] = [
  { groups: [group('a.weight', 16), group('b.weight', 16)], shortcut: false, parts: 4 },
  { groups: [group('c.weight', 64)], shortcut: false, parts: 8 },
  { groups: [group('s.weight', 32, ['s.weight', 't.weight', 'u.weight'])], shortcut: true, parts: 4 },
];
const layers = ['a', 'b', 'c', 'head'];
const design = fullDesign({
  stages,
  blocks: ['block.1.weight', 'block.0.weight'],
  layers,
  quantizations: quantizationChoices,
  zeros: true,
  fitting: fittingChoices,
});
const whole = {
  keep1: 4,
  keep2: 8,
  keep3: 4,
  criterion: 'l1',
  blocks: 0,
  zeros: 0,
  zerosScope: 'layer',
  zerosCriterion: 'magnitude',
  recovery: 'channel-statistics',
  quantization: 'float',
  calibration: 'squared-error',
  float: 'none',
};
const plan = (changes: Partial<Record<keyof typeof whole, unknown>>) =>
  design.planOf(encode(design.variables, { ...whole, ...changes } as never));

/** Any vector of a space. */
const vectorOf = (variables: Variables) => {
  const { lower, upper, kind } = spaceOf(variables);
  return fc.tuple(
    ...Array.from(kind, (k, i) =>
      k === 0
        ? fc.double({ min: lower[i], max: upper[i], noNaN: true })
        : fc.integer({ min: lower[i], max: upper[i] }),
    ),
  );
};

describe('whole plans as decision vectors', () => {
  it('mean nothing where everything is kept', () => {
    expect(plan({})).toEqual({});
    expect(
      plan({ recovery: 'least-squares', criterion: 'l2', calibration: 'entropy', float: 'the last' }),
    ).toEqual({});
  });

  it('cut every group of a stage to whole units of channels', () => {
    expect(plan({ keep1: 3, keep2: 5, recovery: 'least-squares', criterion: 'l2' })).toEqual({
      channels: {
        keep: 1,
        criterion: 'l2',
        groups: { 'a.weight': 12 / 16, 'b.weight': 12 / 16, 'c.weight': 40 / 64 },
      },
      recovery: 'least-squares',
    });
  });

  it('leave the first and the last layer in float where they say so', () => {
    expect(
      plan({
        quantization: 'static int8',
        calibration: 'entropy',
        float: 'the first and the last',
        zeros: 0.5,
      }),
    ).toEqual({
      zeros: { share: 0.5, scope: 'layer', criterion: 'magnitude' },
      recovery: 'channel-statistics',
      quantization: {
        kind: 'static-int8',
        perChannel: false,
        calibration: 'entropy',
        exclude: ['a', 'head'],
      },
    });
    expect(plan({ quantization: 'dynamic int8', float: 'the last' })).toEqual({
      quantization: { kind: 'dynamic-int8' },
    });
  });

  it('are plans that can be checked, the same for the same vector, wherever it lies in the box', () => {
    fc.assert(
      fc.property(vectorOf(design.variables), (x) => {
        const decoded = design.planOf(x);
        expect(checkFullPlan(JSON.parse(JSON.stringify(decoded)))).toEqual(decoded);
        expect(design.planOf(Float64Array.from(x))).toEqual(decoded);
        for (const share of Object.values(decoded.channels?.groups ?? {})) {
          expect(share).toBeGreaterThanOrEqual(0.5);
          expect(share).toBeLessThan(1);
        }
      }),
    );
  });

  it('stand for all vectors of the same plan in one form', () => {
    const { canonical } = design;
    const standing = (x: readonly number[]) => canonical(decode(design.variables, x));
    fc.assert(
      fc.property(vectorOf(design.variables), vectorOf(design.variables), (x, y) => {
        // What has no effect is often all that is left of a vector without channels and zeros.
        for (const row of [x, [4, 8, 4, x[3], 0, ...x.slice(5)], [...y.slice(0, 4), 0, ...x.slice(5)]]) {
          const stands = standing(row);
          expect(design.planOf(encode(design.variables, stands as never))).toEqual(design.planOf(row));
          expect(canonical(stands)).toEqual(stands);
        }
        const others = [4, 8, 4, y[3], 0, ...y.slice(5)];
        const ones = [4, 8, 4, x[3], 0, ...x.slice(5)];
        if (JSON.stringify(design.planOf(ones)) === JSON.stringify(design.planOf(others)))
          expect(standing(ones)).toEqual(standing(others));
      }),
    );
    expect(canonical({ ...whole, recovery: 'least-squares', criterion: 'l2', float: 'the last' })).toEqual(
      whole,
    );
  });

  it('begin a search with plans that differ: each kind of numbers, fewer blocks, then fewer and fewer channels', () => {
    const plans = design.seeds.map((x) => design.planOf(x));
    const texts = plans.map((each) => JSON.stringify(each));
    expect(new Set(texts).size).toBe(texts.length);
    const kinds = plans
      .filter(({ channels, blocks, zeros }) => !channels && !blocks && !zeros)
      .map(({ quantization }) => quantization?.kind);
    expect(kinds).toEqual(quantizationChoices.slice(1).map(({ part }) => part.kind));
    expect(plans.flatMap(({ blocks }) => (blocks ? [blocks] : []))).toEqual([
      ['block.1.weight'],
      ['block.1.weight', 'block.0.weight'],
    ]);
    const cut = plans.filter(({ channels }) => channels);
    expect(cut.length).toBeGreaterThan(3);
    for (const { recovery } of cut) expect(recovery).toBe('least-squares');
    const zeros = plans.flatMap((each) => each.zeros ?? []);
    expect(zeros.map(({ share }) => share)).toEqual([0.5, 0.8]);
    for (const { criterion, scope } of zeros) expect([criterion, scope]).toEqual(['second-order', 'global']);
  });

  it('say in words what every number of a variable means', () => {
    expect(Object.keys(design.words)).toEqual(Object.keys(design.variables));
    expect(design.words['keep1']).toEqual({
      label: 'channels kept, a to b',
      values: ['8 of 16', '12 of 16', '16 of 16'],
    });
    expect(design.words['keep3'].label).toBe('channels kept along shortcuts, s');
    const { lower, upper } = spaceOf(design.variables);
    Object.entries(design.words).forEach(([name, { values }], i) => {
      if (name !== 'zeros') expect(values).toHaveLength(upper[i] - lower[i] + 1);
    });
  });

  it('have no variable for what cannot be done or cannot be seen', () => {
    const [float, , , dynamic] = quantizationChoices;
    const bare = fullDesign({
      stages: [],
      blocks: [],
      layers,
      quantizations: [float, dynamic],
      zeros: false,
      fitting: fittingChoices,
    });
    expect(Object.keys(bare.variables)).toEqual(['quantization']);
    expect(bare.planOf([1])).toEqual({ quantization: dynamic.part });
    const dear = fullDesign({
      stages,
      blocks: [],
      layers,
      quantizations: [float],
      zeros: false,
      fitting: { criteria: ['l1'], zeroCriteria: ['magnitude'], recoveries: ['channel-statistics'] },
    });
    expect(Object.keys(dear.variables)).toEqual(['keep1', 'keep2', 'keep3']);
    expect(dear.planOf([4, 8, 3])).toMatchObject({ recovery: 'channel-statistics' });
    expect(dear.planOf([4, 8, 4])).toEqual({});
    const fixed = fullDesign({
      stages,
      blocks: [],
      layers,
      quantizations: [float],
      zeros: false,
      fitting: fittingChoices,
    });
    expect(Object.keys(fixed.variables)).toEqual(['keep1', 'keep2', 'keep3', 'criterion', 'recovery']);
  });

  it('refuse a vector outside the box', () => {
    const x = [...encode(design.variables, whole as never)];
    expect(() => design.planOf(x.slice(1))).toThrow(InputError);
    expect(() => design.planOf([5, ...x.slice(1)])).toThrow('keep1 must be a whole number in [2, 4], got 5');
    expect(() => design.planOf([1.5, ...x.slice(1)])).toThrow(
      'keep1 must be a whole number in [2, 4], got 1.5',
    );
  });
});
