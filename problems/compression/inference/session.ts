import { InputError } from '../../../src/index.js';
import { fromFloat16 } from '../onnx/float16.js';
import {
  loadRuntime,
  type RuntimePort,
  type RuntimeTensor,
  type ScoreArray,
  type ScoreType,
} from './runtime.js';

/** A loaded model. Hold it only as long as needed: its memory is outside JavaScript's and comes back by `release` alone. */
export interface Session {
  /** Inputs that must be fed: those with an initializer of their own are not among them. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Milliseconds that creating the session took. */
  readonly created: number;
  /** A batch for the only input. Throws a RangeError when the data does not fill the dims. */
  batch(data: ScoreArray, dims: readonly number[]): RuntimeTensor;
  /**
   * Runs the model on its first input and gives its first output. The event loop turns once before, so that signals and
   * timers are heard between runs, and stands still meanwhile. Throws an InputError with the runtime's reason.
   */
  run(batch: RuntimeTensor): Promise<Scores>;
  /** The same for the outputs named, in that order. */
  values(batch: RuntimeTensor, names: readonly string[]): Promise<readonly Scores[]>;
  /** Frees the memory. A second call does nothing. */
  release(): Promise<void>;
}

export interface Port {
  readonly name: string;
  /** Element type as ONNX Runtime names it, or `no tensor`. */
  readonly type: string;
  /** Sizes; a name (maybe empty) where the size is free. Empty where the model does not say. */
  readonly shape: readonly (number | string)[];
}

export interface Scores {
  readonly dims: readonly number[];
  /** Row-major. */
  readonly data: Float32Array | Float64Array;
}

export interface SessionOptions {
  readonly threads: number;
  /**
   * How far the graph is optimised, `all` by default: on ResNet-20 it runs twice as fast as `basic` or `extended`,
   * and creating the session costs the same 5-10 ms; on 60 MB of weights creation costs 50-75 ms more and pays
   * itself back after 60 images.
   */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all';
}

/**
 * Loads a model into the runtime, on the CPU. Threads wait without spinning: with as many threads as cores that
 * costs about 8 % of speed on a quiet machine, and saves a multiple on a busy one.
 *
 * The scores don't depend on the number of threads, bit for bit, as long as a batch has two samples or more: on a
 * batch of one the runtime may split the sums of a convolution among the threads. Callers run batches of one on one
 * thread.
 *
 * Throws an InputError with the runtime's reason when the bytes are no model that it can load.
 */
export async function openSession(
  bytes: Uint8Array,
  { threads, optimization = 'all' }: SessionOptions,
): Promise<Session> {
  const runtime = await loadRuntime();
  const start = performance.now();
  const session = await runtime
    .create(unshared(bytes), sessionSettings({ threads, optimization }))
    .catch((error: unknown) => {
      const reason = shortReason(error).replace(UNKNOWN, 'it has no operator $2 of the domain $1');
      throw new InputError(
        `the model must be an ONNX file that ONNX Runtime ${runtime.version} can load, got: ${reason}`,
      );
    });
  const created = performance.now() - start;
  const inputs = session.inputMetadata.map(port);
  const outputs = session.outputMetadata.map(port);
  let released = false;
  const values = async (batch: RuntimeTensor, names: readonly string[]) => {
    try {
      const result = await session.run({ [inputs[0].name]: batch }, names);
      return names.map((name) => scores(result[name]));
    } catch (error) {
      throw new InputError(
        `the model must run on batches of shape [${batch.dims.join(', ')}], got: ${shortReason(error)}`,
      );
    }
  };
  return {
    inputs,
    outputs,
    created,
    batch: (data, dims) => runtime.tensor(inputs[0].type as ScoreType, data, dims),
    run: async (batch) => (await values(batch, [outputs[0].name]))[0],
    values,
    async release() {
      if (released) return;
      released = true;
      await session.release();
    },
  };
}

/** How the runtime is told to run a model: see {@link openSession}. */
export function sessionSettings({ threads, optimization }: Required<SessionOptions>) {
  return {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: optimization,
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/**
 * What a runtime's error says, on one line of at most 200 characters, without the file, line and C++ function of its own
 * source that stand before the sentence.
 */
export function shortReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replace(/\s+/g, ' ').replace(PLACE, '').trim();
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}

/** What the runtime says of an operator that it lacks: `com.acme:Magic(-1) is not a registered function/op`. */
const UNKNOWN = /^(?:Fatal error: )?(\S+):(\S+)\(-?\d+\) is not a registered function\/op$/;

/**
 * `/path/onnxruntime/core/graph/model.cc:202 onnxruntime::Model::Model(onnx::ModelProto&&, ...) `. The function has a
 * qualified name behind its return type, and parameters with parentheses at most two deep; `operator()` and lambdas bring
 * more of them. Some compilers give the name alone.
 */
const PLACE = (() => {
  const parameters = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
  const name = String.raw`[\w:<>,~*& ]*::~?\w+(?:<[^()]*>)?`;
  const rest = String.raw`(?:[\w:<>]*${parameters})*[\w:<>]*(?: const)?(?: \[with [^\]]*\])?`;
  const alone = String.raw`(?:\w+::)+~?\w+`;
  const file = String.raw`\S*[\\/]onnxruntime[\\/]\S+:\d+`;
  return new RegExp(`${file} (?:(?:${name}${parameters}${rest}|${alone}) )?`, 'g');
})();

function port({ name, isTensor, type, shape }: RuntimePort): Port {
  return { name, type: isTensor && type ? type : 'no tensor', shape: shape ?? [] };
}

function scores({ type, dims, data }: RuntimeTensor): Scores {
  if (type === 'float16')
    // Bits where JavaScript has no Float16Array, numbers where it has.
    return {
      dims,
      data: data instanceof Uint16Array ? fromFloat16(data) : Float32Array.from(data as ArrayLike<number>),
    };
  return { dims, data: data as Float32Array | Float64Array };
}

/** The runtime refuses shared memory. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
}
