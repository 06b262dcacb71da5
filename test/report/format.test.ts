import { describe, expect, it } from 'vitest';
import { escapeHtml, figure, timeSpan } from '../../src/report/format.js';

describe('a figure', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [609091, '609091'],
    [0.30941234, '0.3094'],
    [0.5, '0.5'],
    [1234567.8, '1234568'],
    [-22480.51, '-22481'],
    [1.23456e9, '1234560000'],
    [1.2345678e20, '1.235e+20'],
    [999.96, '1000'],
    [1e-7, '1e-7'],
    [0.00001234567, '0.00001235'],
    [null, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('of %s is %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});

describe('a time span', () => {
  it.each([
    [0.25, '0.25 s'],
    [1, '1.0 s'],
    [59.94, '59.9 s'],
    [60, '1 min 00 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 00 min'],
    [7384, '2 h 03 min'],
  ])('of %s seconds is %s', (seconds, text) => {
    expect(timeSpan(seconds)).toBe(text);
  });
});

it('HTML in a text is escaped, in content and in quoted attributes', () => {
  expect(escapeHtml(`<a href="x" onclick='y'>&`)).toBe(
    '&#60;a href=&#34;x&#34; onclick=&#39;y&#39;&#62;&#38;',
  );
});
