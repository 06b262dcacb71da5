/** Magnitudes are fixed-point numbers with 8 fractional bits, below 32. */
export const FRACTION = 8;
export const LARGEST_MAGNITUDE = (32 << FRACTION) - 1;

/** Buckets of a magnitude, four and two to the octave; the first of each holds the smallest. */
export const FINE_BUCKETS = 48;
export const COARSE_BUCKETS = 20;

/** `FINE[x]`, `COARSE[x]`: the bucket of a magnitude from 0 to {@link LARGEST_MAGNITUDE}. */
export const FINE = buckets(FINE_BUCKETS, 3, 4);
export const COARSE = buckets(COARSE_BUCKETS, 5, 2);

/** The lower edges of the buckets from the second on are `first` times the powers of 2^(1 / perOctave), rounded up. */
function buckets(count: number, first: number, perOctave: 2 | 4): Uint8Array {
  // 2^(i / 4) times 2^16: products of integers, as the powers of fractions are not the same on every engine.
  const quarter = [65536, 77936, 92682, 110218];
  const table = new Uint8Array(LARGEST_MAGNITUDE + 1);
  for (let x = 0, bucket = 0; x < table.length; x++) {
    while (bucket < count - 1 && x * 65536 >= edge(bucket)) bucket++;
    table[x] = bucket;
  }
  return table;

  function edge(i: number): number {
    return first * quarter[((i % perOctave) * 4) / perOctave] * 2 ** Math.floor(i / perOctave);
  }
}
