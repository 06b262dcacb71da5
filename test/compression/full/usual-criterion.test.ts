import { expect, test } from 'vitest';
import { applyFullPlan } from '../../../problems/compression/full/apply-full-plan.js';
import type { FullPlan } from '../../../problems/compression/full/full-plan.js';
import { STAND_IN_MODEL, standInDataset } from '../../../problems/compression/index.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';

const model = loadModel(STAND_IN_MODEL);
const calibration = standInDataset({ split: 'train', count: 32 });

async function bytesOf(channels: Partial<FullPlan['channels']>, recovery: FullPlan['recovery']) {
  const plan: FullPlan = { channels: { keep: 0.5, ...channels }, recovery };
  const applied = await applyFullPlan(model, plan, { calibration, threads: 1 });
  return Buffer.from(writeModel(applied.model)).toString('base64');
}

test.each([
  ['local', 'least-squares', 'least-squares', 'l1'],
  ['local', 'least-squares+channel-statistics', 'least-squares', 'l1'],
  ['local', 'channel-statistics', 'l1', 'least-squares'],
  ['global', 'least-squares', 'l1', 'least-squares'],
  ['local', 'none', 'l1', 'least-squares'],
] as const)(
  'of %s channels that are recovered by %s, those to keep are chosen by %s where the plan does not say',
  async (scope, recovery, usual, other) => {
    const silent = await bytesOf({ scope }, recovery);
    expect(silent === (await bytesOf({ scope, criterion: usual }, recovery))).toBe(true);
    expect(silent === (await bytesOf({ scope, criterion: other }, recovery))).toBe(false);
  },
);
