import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { InputError } from '../src/errors.js';
import {
  CHOICE,
  checkVector,
  choice,
  decode,
  encode,
  INTEGER,
  integer,
  REAL,
  real,
  spaceOf,
} from '../src/space.js';

const variables = {
  width: real(0.1, 1),
  layers: integer(-1, 8),
  activation: choice('relu', 'gelu', 'tanh'),
};

describe('variables', () => {
  test('real wants finite bounds with lower < upper', () => {
    expect(real(-1, 2)).toEqual({ kind: 'real', lower: -1, upper: 2 });
    expect(() => real(1, 1)).toThrow(
      'the bounds of a real variable must be finite with lower < upper, got [1, 1]',
    );
    expect(() => real(0, Number.POSITIVE_INFINITY)).toThrow(InputError);
    expect(() => real(Number.NaN, 1)).toThrow(InputError);
    expect(() => real(-Number.MAX_VALUE, Number.MAX_VALUE)).toThrow(InputError);
    expect(() => real('0' as never, '1' as never)).toThrow(InputError);
  });

  test('integer wants whole bounds with lower < upper', () => {
    expect(integer(0, 2)).toEqual({ kind: 'integer', lower: 0, upper: 2 });
    expect(() => integer(0, 2.5)).toThrow(
      'the bounds of an integer variable must be whole numbers with lower < upper, got [0, 2.5]',
    );
    expect(() => integer(3, 2)).toThrow(InputError);
    expect(() => integer(0, 2 ** 60)).toThrow(InputError);
    expect(() => integer(-1, Number.MAX_SAFE_INTEGER)).toThrow(
      'the bounds of an integer variable must be at most 2^53 - 1 apart, got [-1, 9007199254740991]',
    );
  });

  test('choice wants two or more different values', () => {
    expect(choice('a', 'b')).toEqual({ kind: 'choice', values: ['a', 'b'] });
    expect(() => choice('a')).toThrow('a choice needs two or more different values, got ["a"]');
    expect(() => choice(1, 2, 1)).toThrow(InputError);
    expect(() => choice()).toThrow(InputError);
  });
});

describe('the space', () => {
  test('lists the variables in the order of the declaration', () => {
    const space = spaceOf(variables);
    expect(space.length).toBe(3);
    expect(space.names).toEqual(['width', 'layers', 'activation']);
    expect([...space.kind]).toEqual([REAL, INTEGER, CHOICE]);
    expect([...space.lower]).toEqual([0.1, -1, 0]);
    expect([...space.upper]).toEqual([1, 8, 2]);
  });

  test('needs a variable', () => {
    expect(() => spaceOf({})).toThrow('a problem needs at least one variable, got none');
  });

  test('holds variables that were written out to the same laws', () => {
    expect(() => spaceOf({ width: { kind: 'real', lower: 3, upper: 1 } })).toThrow(
      'the bounds of a real variable must be finite with lower < upper, got [3, 1]',
    );
    expect(() => spaceOf({ layers: { kind: 'integer' } as never })).toThrow(InputError);
    expect(() => spaceOf({ activation: { kind: 'choice', values: ['relu'] } })).toThrow(InputError);
    expect(() => spaceOf({ activation: { kind: 'choice' } as never })).toThrow(
      'the variable activation must be real(), integer() or choice(), got {"kind":"choice"}',
    );
  });
});

describe('decoding and encoding', () => {
  test('decode reads a row by name, choices as their values', () => {
    const values = decode(variables, [9, 9, 9, 0.5, 3, 2], 3);
    expect(values).toEqual({ width: 0.5, layers: 3, activation: 'tanh' });
    expectTypeOf(values).toEqualTypeOf<{
      readonly width: number;
      readonly layers: number;
      readonly activation: 'relu' | 'gelu' | 'tanh';
    }>();
  });

  test('encode is the inverse of decode', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        fc.integer({ min: -1, max: 8 }),
        fc.integer({ min: 0, max: 2 }),
        (width, layers, index) => {
          expect([...encode(variables, decode(variables, [width, layers, index]))]).toEqual([
            width,
            layers,
            index,
          ]);
        },
      ),
    );
  });

  test('encode names the variable, its domain and the value outside it', () => {
    const good = { width: 0.5, layers: 3, activation: 'relu' } as const;
    expect(() => encode(variables, { ...good, width: 1.4 })).toThrow(
      'width must be a number in [0.1, 1], got 1.4',
    );
    expect(() => encode(variables, { ...good, layers: 2.5 })).toThrow(
      'layers must be a whole number in [-1, 8], got 2.5',
    );
    expect(() => encode(variables, { ...good, activation: 'elu' as 'relu' })).toThrow(
      'activation must be one of ["relu","gelu","tanh"], got "elu"',
    );
    expect(() => encode(variables, { width: 0.5, layers: 3 } as typeof good)).toThrow(InputError);
    expect(() => encode(variables, { ...good, width: Number.NaN })).toThrow(InputError);
  });
});

describe('checking a decision vector', () => {
  const space = spaceOf(variables);

  test('accepts both ends of every domain', () => {
    checkVector(space, [0.1, -1, 0]);
    checkVector(space, [1, 8, 2]);
  });

  test.each([
    [[0.5, 3], 'a decision vector must have 3 entries (width, layers, activation), got 2'],
    [[0.05, 3, 0], 'width must be a number in [0.1, 1], got 0.05'],
    [[0.5, 9, 0], 'layers must be a whole number in [-1, 8], got 9'],
    [[0.5, 1.5, 0], 'layers must be a whole number in [-1, 8], got 1.5'],
    [[0.5, 3, 3], 'activation must be a whole number in [0, 2], got 3'],
    [[0.5, 3, Number.NaN], 'activation must be a whole number in [0, 2], got NaN'],
  ])('refuses %j', (x, message) => {
    expect(() => checkVector(space, x)).toThrow(new InputError(message));
  });
});
