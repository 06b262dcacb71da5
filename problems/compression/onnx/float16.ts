/** The numbers behind float16 bits (IEEE 754 binary16), exact. */
export function fromFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bits, (h) => {
    const sign = h & 0x8000 ? -1 : 1;
    const exponent = (h >> 10) & 31;
    const fraction = h & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}

/** The float16 bits nearest to each number (ties to even; past 65504 to infinity, as the halfway point 65520 says). */
export function toFloat16(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const magnitude = Math.abs(values[i]);
    const sign = values[i] < 0 || Object.is(values[i], -0) ? 0x8000 : 0;
    if (Number.isNaN(magnitude)) bits[i] = 0x7e00;
    else if (magnitude >= 65520) bits[i] = sign | 0x7c00;
    else {
      // Below 2^-14 the step is 2^-24; above, 2^-10 of the power of two below the number. A carry flows into the exponent.
      const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
      const step = 2 ** (exponent - 10);
      bits[i] = sign | (roundToEven(magnitude / step) + (exponent + 14) * 1024);
    }
  }
  return bits;
}

/** The nearest whole number, the even one of two equally near. Exact below 2^52: Python's `round`. */
export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const fraction = value - below;
  if (fraction !== 0.5) return fraction < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
