import { type Arena, integers } from './arena.js';

/*
 * A list of rows in some order: row s is followed by `links[2 s + 2]` and preceded by `links[2 s + 3]`. END, standing for
 * row -1, closes it to a ring: it is followed by the first row and preceded by the last.
 */
export const END = -1;

/** The room that a list of up to `count` rows takes. */
export const linksFor = (arena: Arena, count: number): Int32Array => integers(arena, 2 * count + 2);

export function clear(links: Int32Array): void {
  links[0] = END;
  links[1] = END;
}

export function insertAfter(links: Int32Array, before: number, row: number): void {
  const after = links[2 * before + 2];
  links[2 * row + 2] = after;
  links[2 * row + 3] = before;
  links[2 * before + 2] = row;
  links[2 * after + 3] = row;
}

export function unlink(links: Int32Array, row: number): void {
  const after = links[2 * row + 2];
  const before = links[2 * row + 3];
  links[2 * before + 2] = after;
  links[2 * after + 3] = before;
}
