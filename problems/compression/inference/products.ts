import { buildModel, node, valueInfo } from '../onnx/build.js';
import { writeModel } from '../onnx/write.js';
import { loadRuntime, type RuntimeSession } from './runtime.js';
import { sessionSettings } from './session.js';

/** Products of matrices, float32, row-major, computed by ONNX Runtime: some fifty times faster than loops in JavaScript. */
export interface Products {
  /** a (m x k) times b (k x n). */
  multiply(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Promise<Float32Array>;
  /** The transpose of a (k x m) times b (k x n). */
  multiplyTransposed(
    a: Float32Array,
    b: Float32Array,
    k: number,
    m: number,
    n: number,
  ): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Rows of a factor that are multiplied at a time: what the processor's memory near it holds; 4608 at a time take half as long again. */
const ROWS = 768;

/** Throws a RunError where onnxruntime-node is absent. */
export async function openProducts(threads: number): Promise<Products> {
  const runtime = await loadRuntime();
  const sessions = new Map<number, Promise<RuntimeSession>>();
  const sessionOf = (transA: number) => {
    const open = () =>
      runtime.create(
        writeModel(
          buildModel({
            opset: 17,
            inputs: [valueInfo('a', 'float32', [null, null]), valueInfo('b', 'float32', [null, null])],
            outputs: [valueInfo('c', 'float32', [null, null])],
            nodes: [node('Gemm', ['a', 'b'], ['c'], { transA })],
          }),
        ),
        sessionSettings({ threads, optimization: 'all' }),
      );
    const session = sessions.get(transA) ?? open();
    sessions.set(transA, session);
    return session;
  };
  const product = async (
    transA: number,
    a: Float32Array,
    aDims: readonly number[],
    b: Float32Array,
    bDims: readonly number[],
  ) => {
    const session = await sessionOf(transA);
    const feeds = { a: runtime.tensor('float32', a, aDims), b: runtime.tensor('float32', b, bDims) };
    return (await session.run(feeds, ['c'])).c.data as Float32Array;
  };
  return {
    async multiply(a, b, m, k, n) {
      if (m <= ROWS) return product(0, a, [m, k], b, [k, n]);
      const whole = new Float32Array(m * n);
      for (let row = 0; row < m; row += ROWS) {
        const rows = Math.min(ROWS, m - row);
        const part = a.subarray(row * k, (row + rows) * k);
        whole.set(await product(0, part, [rows, k], b, [k, n]), row * n);
      }
      return whole;
    },
    multiplyTransposed: (a, b, k, m, n) => product(1, a, [k, m], b, [k, n]),
    async release() {
      for (const session of sessions.values()) await (await session).release();
      sessions.clear();
    },
  };
}
