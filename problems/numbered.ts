/** `count` entries named by a letter and their place from 1: `numbered('x', 2, ...)` has the keys x1 and x2. */
export function numbered<T>(letter: string, count: number, make: (place: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${letter}${i + 1}`, make(i + 1)]));
}
