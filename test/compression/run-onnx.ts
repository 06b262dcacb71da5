import * as ort from 'onnxruntime-node';

/** Runs an ONNX file in ONNX Runtime on named float32 (or boolean) inputs and returns its outputs as numbers. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<
    Record<string, { readonly data: Float32Array | boolean; readonly dims: readonly number[] }>
  >,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<Record<string, number[]>> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3, ...options });
  try {
    const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      typeof data === 'boolean'
        ? new ort.Tensor('bool', Uint8Array.of(data ? 1 : 0), dims)
        : new ort.Tensor('float32', data, dims),
    ]);
    const results = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
    );
  } finally {
    await session.release();
  }
}

/** The largest absolute difference of two lists of equal length. */
export function furthest(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
