import { readFileSync } from 'node:fs';
import { InputError } from '../../../src/index.js';
import { nodesWithin } from '../onnx/edit.js';
import { checkFinite } from '../onnx/finite.js';
import type { Model } from '../onnx/model.js';

/** The operators of numbers in few bits, ONNX's and those that ONNX Runtime adds. */
const QUANTIZED =
  /^(QLinear|QGemm|QuantizeLinear|DequantizeLinear|DynamicQuantize|ConvInteger|MatMulInteger|MatMulNBits|MatMulBnb4)/;

/**
 * Throws an InputError where a model cannot be quantized to int8: it is quantized already, in whole or in part, or a weight is NaN or
 * infinite (recovery may have made it so).
 */
export function checkForInt8(model: Model): void {
  for (const { opType, name, outputs } of nodesWithin(model.graph))
    if (QUANTIZED.test(opType))
      throw new InputError(
        `a model must be in floating point to be quantized to int8, got one that is quantized already (${opType} ${name || outputs[0]})`,
      );
  checkFinite(model);
}

/**
 * What to know of int8 on this processor, as a note. An x86 processor without VNNI adds pairs of products of 8 bits in 16 bits,
 * which overflow with weights beyond 63. Nothing is said of others, nor where the system does not tell (`/proc/cpuinfo`).
 */
export function overflowNote(cpuinfo = readCpuInfo()): string | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].split(/\s+/);
  if (!flags || flags.some((flag) => /^(avx512_vnni|avx_vnni|amx_int8)$/.test(flag))) return undefined;
  return 'this processor has no VNNI, so that sums in int8 may overflow here: static int8 with a reduced range does not';
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
