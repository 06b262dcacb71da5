import { readModel } from '../onnx/read.js';
import { prepare } from '../plan.js';
import type { CodedTensor } from './container/layout.js';
import { writeContainer } from './container/write.js';
import { codedIntegers } from './packing/integers.js';
import { packablesOf } from './packing/packables.js';
import { rangeOf, stepOf } from './quantizers/scalar.js';
import { deadZone } from './quantizers/uniform.js';

/** The fixed quantizer of {@link packedSizeOf}. */
export interface PackedSizeSettings {
  /** Levels on the range of each weight tensor, 2^2 to 2^24; 64 where not given. */
  readonly levels?: number;
  /** The dead zone in steps, 0 to 1; 0.5 where not given. */
  readonly sigma?: number;
  /** `mixing` where not given; `table` is some ten times faster and a little larger. */
  readonly method?: 'mixing' | 'table';
}

/** Levels on the range of a bias. */
const BIAS_LEVELS = 256;

/**
 * Bytes of the container of a model whose weights are quantized by one dead-zone quantizer, without a search and without data: the
 * exact length, as the container is written to know it. Zeros stay zeros and cost almost nothing. Weights in int8 are coded as they are.
 * `file` is an .onnx file, complete in itself. Some 0.1 s of CPU a megabyte of float32 weights. Throws an InputError on
 * weights that are NaN or infinite.
 */
export function packedSizeOf(file: Uint8Array, settings: PackedSizeSettings = {}): number {
  return packedAt(file, settings).length;
}

/** The container itself. */
export function packedAt(file: Uint8Array, settings: PackedSizeSettings = {}): Uint8Array<ArrayBuffer> {
  const { levels = 64, sigma = 0.5, method = 'mixing' } = settings;
  const prepared = prepare(readModel(file, 'the model'));
  const model = readModel(prepared.bytes, 'the model');
  const tensors = packablesOf(model).map(({ role, values, offset, dataType, grid }): CodedTensor => {
    const step = stepOf(rangeOf(values), role === 'weight' ? levels : BIAS_LEVELS);
    const quantizer = deadZone(step, role === 'weight' ? sigma : 0.5);
    return { offset, dataType, grid, levels: quantizer.quantize(values), rule: quantizer.rule };
  });
  return writeContainer(prepared.bytes, [...tensors, ...codedIntegers(model)], method);
}
