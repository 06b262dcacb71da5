/**
 * The input breaks a law of the interface. The message is one sentence that states the law, then the value:
 * `crossover probability must lie in [0, 1], got 1.4`. The command line prints it alone and exits with 2.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The run could not go on although its input was good. The command line prints it and exits with 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** How a value is shown in an error: short, quoted when it is a string, never `[object Object]`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null)
    return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  const text = described(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** What was thrown, in words: anything can be. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : show(thrown);
}

function described(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_, part) =>
      typeof part === 'bigint'
        ? `${part}n`
        : typeof part === 'number' && !Number.isFinite(part)
          ? String(part)
          : part,
    );
    return text ?? typeof value;
  } catch {
    return 'an object that cannot be shown'; // circular, or with a getter that throws
  }
}
