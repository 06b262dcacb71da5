import { expect, test } from 'vitest';
import { applyFullPlan } from '../../../problems/compression/full/apply-full-plan.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { rawOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { feedbackWeights } from '../../../problems/compression/quantization/feedback-weights.js';
import type { Int8Weights } from '../../../problems/compression/quantization/int8-weights.js';
import { quantizeWeights } from '../../../problems/compression/quantization/int8-weights.js';
import { dataset, meanError, model } from '../recovery/network.js';

const NAMES = ['w1', 'w2', 'w3', 'w4', 'w5'];

/** The model with the weights that the levels stand for; channels as rows, but those of w5, which lie as columns. */
function dequantized(weights: ReadonlyMap<string, Int8Weights>): Model {
  const constants = constantsOf(model.graph);
  const changed = [...weights].map(([name, { values, scales }]) => {
    const tensor = constants.get(name)!;
    const inner = values.length / scales.length;
    const channel = (i: number) => (name === 'w5' ? i % scales.length : Math.floor(i / inner));
    const floats = Float32Array.from(
      values,
      (level, i) => level * scales[scales.length > 1 ? channel(i) : 0],
    );
    return [name, withRawData(tensor, rawOf(tensor.dataType, floats))] as const;
  });
  return { ...model, graph: withConstants(model.graph, new Map(changed)) };
}

test.each([true, false])(
  'rounding with feedback loses less than rounding (a scale a channel: %s)',
  async (perChannel) => {
    const levels = 7;
    const plain = new Map(
      NAMES.map((name) => {
        const tensor = constantsOf(model.graph).get(name)!;
        const channels = perChannel ? tensor.dims[name === 'w5' ? 1 : 0] : 1;
        const all = toFloat32(tensor);
        return [
          name,
          quantizeWeights(all, channels, perChannel && name === 'w5' ? 1 : all.length / channels, levels),
        ];
      }),
    );
    const feedback = await feedbackWeights(model, {
      calibration: dataset,
      count: 64,
      threads: 1,
      perChannel,
      levels,
    });
    expect([...feedback.keys()]).toEqual(NAMES);
    for (const [name, { values, scales }] of feedback) {
      expect(scales).toEqual(plain.get(name)!.scales);
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(levels);
    }
    expect(await meanError(dequantized(feedback))).toBeLessThan(0.8 * (await meanError(dequantized(plain))));
  },
);

test('a plan of static int8 takes it', async () => {
  const quantize = async (errorFeedback: boolean) =>
    (
      await applyFullPlan(
        model,
        { quantization: { kind: 'static-int8', errorFeedback } },
        { calibration: dataset, threads: 1 },
      )
    ).model;
  const [plain, feedback] = [await quantize(false), await quantize(true)];
  expect(writeModel(feedback).length).toBe(writeModel(plain).length);
  expect(writeModel(feedback)).not.toEqual(writeModel(plain));
  expect(await meanError(feedback)).toBeLessThan(2 * (await meanError(plain)));
});
