import { expect, test } from 'vitest';
import { choice, integer, real, spaceOf } from '../../src/space.js';
import { encodingOf } from '../../src/surrogates/encoding.js';

const space = spaceOf({ width: real(-1, 3), kind: choice('a', 'b', 'c'), layers: integer(1, 5) });

test('reals and integers are scaled by their bounds, a choice takes a column a value', () => {
  const { width, encode } = encodingOf(space);
  expect(width).toBe(5);
  const out = new Float64Array(15);
  encode(Float64Array.of(-1, 0, 1, 3, 2, 5, 1, 1, 3), 3, out);
  expect([...out]).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0.5, 0, 1, 0, 0.5]);
});

test('only the rows asked for are written', () => {
  const out = new Float64Array(10).fill(-1);
  encodingOf(space).encode(Float64Array.of(3, 0, 1, 3, 0, 1), 1, out);
  expect([...out.subarray(5)]).toEqual([-1, -1, -1, -1, -1]);
});

test('every column knows its variable', () => {
  expect([...encodingOf(space).variable]).toEqual([0, 1, 1, 1, 2]);
});
