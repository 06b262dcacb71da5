import { expect, test } from 'vitest';
import { checkFullPlan } from '../../../problems/compression/full/full-plan.js';
import { InputError } from '../../../src/index.js';

test('a plan of every part passes as it is', () => {
  const plan = {
    channels: { keep: 0.5, scope: 'global', criterion: 'l2', multipleOf: 8, groups: { w: 1 } },
    blocks: ['layer1.0.conv1.weight'],
    zeros: { share: 0.3, scope: 'layer', criterion: 'second-order' },
    recovery: 'least-squares',
    quantization: { kind: 'static-int8', perChannel: false, calibration: 'entropy', exclude: ['head'] },
  };
  expect(checkFullPlan(plan)).toBe(plan);
  expect(checkFullPlan({})).toEqual({});
});

test.each([
  [null, 'a plan must be an object, got null'],
  [{ prune: 1 }, 'a plan has channels, blocks, zeros, recovery, quantization, got "prune"'],
  [{ channels: {} }, 'the share of channels to keep must lie in (0, 1], got undefined'],
  [{ channels: { keep: 0 } }, 'the share of channels to keep must lie in (0, 1], got 0'],
  [{ channels: { keep: 1, scope: 'all' } }, 'the scope of channels must be one of local, global, got "all"'],
  [
    { channels: { keep: 1, criterion: 'l3' } },
    'the criterion of channels must be one of l1, l2, batch-norm, mean-activation, least-squares, random, got "l3"',
  ],
  [
    { channels: { keep: 1, multipleOf: 1.5 } },
    'channels are kept in multiples of a whole number from 1, got 1.5',
  ],
  [{ channels: { keep: 1, groups: { w: 2 } } }, 'the share of channels to keep must lie in (0, 1], got 2'],
  [{ blocks: 'layer1' }, 'the blocks that leave must be a list of names, got "layer1"'],
  [{ zeros: { share: '0.5' } }, 'the share of zeros must lie in [0, 1], got "0.5"'],
  [
    { zeros: { share: 0.5, criterion: 'l1' } },
    'the criterion of zeros must be one of magnitude, second-order, got "l1"',
  ],
  [
    { recovery: 'training' },
    'recovery must be one of none, least-squares, channel-statistics, least-squares+channel-statistics, got "training"',
  ],
  [
    { quantization: {} },
    'quantization needs a kind (none, dynamic-int8, static-int8, weight-int8, float16), got none',
  ],
  [
    { quantization: { kind: 'static-int8', calibration: 'max' } },
    'calibration must be one of squared-error, min-max, percentile, entropy, got "max"',
  ],
  [
    { quantization: { kind: 'static-int8', exclude: 'head' } },
    'the layers that stay in float must be a list of names, got "head"',
  ],
])('%j is refused in a sentence', (plan, sentence) => {
  expect(() => checkFullPlan(plan)).toThrow(new InputError(sentence));
});
