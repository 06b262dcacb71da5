/**
 * The bytes that a message of a file came from, for as long as its object lives. Only the reader sets them and only the
 * writer asks: an object that nobody replaced is written with the bytes that it had, whatever the order of its fields
 * and the width of its numbers were.
 */
const bytesOf = new WeakMap<object, Uint8Array>();

export function rememberEncoded(message: object, bytes: Uint8Array): void {
  bytesOf.set(message, bytes);
}

export function encodedOf(message: object): Uint8Array | undefined {
  return bytesOf.get(message);
}
