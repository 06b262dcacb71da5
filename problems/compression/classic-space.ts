import { InputError, show } from '../../src/index.js';
import type { DesignSpace } from './design-space.js';
import { canonicalValues, compressionVariables, decodeVector, variableWords } from './design-vector.js';
import type { Model } from './onnx/model.js';
import { applyPlan, nonZeroOf, type Plan, planCounts, prepare } from './plan.js';
import { quantizable } from './quantization/dynamic-int8.js';

/**
 * The seven variables on one network (see `decodeVector`). `name` is that of the model, `seed` draws the random subsets of layers.
 * Throws an InputError when there is no layer to prune.
 */
export function openClassicSpace(model: Model, name: string, seed: number): DesignSpace<Plan> {
  const prepared = prepare(model);
  const { layers, bytes, total, notes } = prepared;
  if (layers.length === 0)
    throw new InputError(
      `a model must have Conv, ConvTranspose, Gemm or MatMul layers with constant weights, got none in ${show(name)}${because(notes)}`,
    );
  const able = quantizable(model);
  return {
    variables: compressionVariables,
    words: variableWords,
    layers,
    baseline: { bytes, nonZero: nonZeroOf(prepared.tensors), total },
    notes: able.ok ? notes : [...notes, `x7 has no effect: ${able.reason}`],
    seeds: [],
    canonical: (values) => canonicalValues(values, layers, able.ok),
    planOf(x) {
      const plan = decodeVector(x, layers, seed);
      return able.ok ? plan : { ...plan, quantization: 'none' };
    },
    make: async (plan) => applyPlan(prepared, plan),
    counts: (plan) => planCounts(prepared, plan),
  };
}

function because(notes: readonly string[]): string {
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}
