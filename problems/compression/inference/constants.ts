import type { EvaluateConstants } from '../simplify/constants.js';
import { loadRuntime } from './runtime.js';

/** Runs a model without inputs in ONNX Runtime. */
export const evaluateConstants: EvaluateConstants = async (bytes, names) => {
  const runtime = await loadRuntime();
  const session = await runtime.create(bytes, { graphOptimizationLevel: 'disabled', logSeverityLevel: 4 });
  try {
    const results = await session.run({}, names);
    return new Map(
      names.map((name) => {
        const { type, dims, data } = results[name];
        const { buffer, byteOffset, byteLength } = data as Uint8Array;
        return [name, { type, dims, data: new Uint8Array(buffer, byteOffset, byteLength).slice() }];
      }),
    );
  } finally {
    await session.release();
  }
};
