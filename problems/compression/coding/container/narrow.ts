import { toFloat16 } from '../../onnx/float16.js';

/** Writes numbers as the elements of an ONNX type, little-endian, to the front of `out`. */
export function writeElements(values: Float32Array<ArrayBuffer>, dataType: number, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, out.length);
  const n = values.length;
  if (dataType === 1) for (let i = 0; i < n; i++) view.setFloat32(4 * i, values[i], true);
  else if (dataType === 11) for (let i = 0; i < n; i++) view.setFloat64(8 * i, values[i], true);
  else if (dataType === 3) out.set(Int8Array.from(values));
  else if (dataType === 10) {
    const bits = toFloat16(values);
    for (let i = 0; i < n; i++) view.setUint16(2 * i, bits[i], true);
  } else {
    const words = new Uint32Array(values.buffer, values.byteOffset, n);
    // To the nearest bfloat16, ties to even.
    for (let i = 0; i < n; i++)
      view.setUint16(2 * i, (words[i] + 0x7fff + ((words[i] >>> 16) & 1)) >>> 16, true);
  }
}
