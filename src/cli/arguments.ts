import type { Command } from 'commander';
import { InputError, show } from '../errors.js';

/** Adds the seed of a run. */
export const withSeed = (command: Command): Command =>
  command.option(
    '--seed <n>',
    'a 32-bit integer that decides everything drawn at random',
    wholeNumber('--seed', 0, 2 ** 32 - 1),
    1,
  );

/** A whole number from `least` to `most`, from an option's text. */
export const wholeNumber =
  (option: string, least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      const range = most === Number.POSITIVE_INFINITY ? `from ${least}` : `from ${least} to ${most}`;
      throw new InputError(`${option} must be a whole number ${range}, got ${show(text)}`);
    }
    return value;
  };

/** A number in [low, high], from an option's text. */
export const numberIn =
  (option: string, low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high))
      throw new InputError(`${option} must be a number in [${low}, ${high}], got ${show(text)}`);
    return value;
  };

/** Numbers separated by commas. */
export const numberList =
  (option: string) =>
  (text: string): number[] =>
    text.split(',').map((part) => {
      const value = Number(part);
      if (part.trim() === '' || !Number.isFinite(value))
        throw new InputError(`${option} must be numbers separated by commas, got ${show(text)}`);
      return value;
    });

/** Names separated by commas, each at most once. */
export const nameList =
  (option: string) =>
  (text: string): string[] => {
    const names = text.split(',').map((part) => part.trim());
    if (names.includes('') || new Set(names).size !== names.length)
      throw new InputError(`${option} must be different names separated by commas, got ${show(text)}`);
    return names;
  };

/** `mape`, `none`, or `objectives=mape,constraints=spearman` (or output names in place of those two). */
export function surrogateOption(text: string): false | string | Record<string, string> {
  if (text === 'none') return false;
  if (!text.includes('=')) return text;
  const metrics: Record<string, string> = {};
  for (const part of text.split(',')) {
    const at = part.lastIndexOf('=');
    const name = part.slice(0, at).trim();
    if (at < 1 || name in metrics)
      throw new InputError(
        `--surrogate must be a metric, none, or NAME=METRIC pairs separated by commas, got ${show(text)}`,
      );
    metrics[name] = part.slice(at + 1).trim();
  }
  return metrics;
}
