/**
 * Room for the arrays of one computation, handed out piece by piece from one buffer: where arrays are small, making each by
 * itself would cost more than the computation.
 */
export interface Arena {
  buffer: ArrayBuffer;
  /** Bytes handed out. */
  used: number;
}

/** With room for `numbers` numbers of 64 bits. More are found when asked for, in a buffer of twice the size or more. */
export const createArena = (numbers: number): Arena => ({ buffer: new ArrayBuffer(8 * numbers), used: 0 });

/** Takes back all that was handed out, and finds room for `numbers` numbers. */
export function restart(arena: Arena, numbers: number): void {
  if (arena.buffer.byteLength < 8 * numbers) arena.buffer = new ArrayBuffer(8 * numbers);
  arena.used = 0;
}

/** `length` numbers, of any value. */
export function floats(arena: Arena, length: number): Float64Array {
  const offset = take(arena, 8 * length);
  return new Float64Array(arena.buffer, offset, length);
}

/** `length` whole numbers, of any value. */
export function integers(arena: Arena, length: number): Int32Array {
  const offset = take(arena, 8 * ((length + 1) >>> 1));
  return new Int32Array(arena.buffer, offset, length);
}

function take(arena: Arena, bytes: number): number {
  if (arena.used + bytes > arena.buffer.byteLength) {
    arena.buffer = new ArrayBuffer(Math.max(bytes, 2 * arena.buffer.byteLength));
    arena.used = 0;
  }
  const offset = arena.used;
  arena.used += bytes;
  return offset;
}
