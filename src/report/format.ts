/**
 * A number for people: whole ones as they are, others with `digits` significant digits and no trailing zeros, or rounded to
 * whole ones where those are as many; a dash for none.
 */
export function figure(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  if (Math.abs(value) >= 10 ** (digits - 1) && Math.abs(value) < 1e7) return String(Math.round(value));
  const [mantissa, exponent] = value.toPrecision(digits).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

/** Text made safe for the content and the quoted attributes of HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `0.4 s`, `12.3 s`, `3 min 05 s`, `2 h 03 min`. */
export function timeSpan(seconds: number): string {
  if (seconds < 60) return `${seconds < 0.995 ? figure(seconds, 2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [large, small, units] =
    whole < 3600 ? [whole / 60, whole % 60, ['min', 's']] : [whole / 3600, (whole % 3600) / 60, ['h', 'min']];
  return `${Math.floor(large)} ${units[0]} ${String(Math.floor(small)).padStart(2, '0')} ${units[1]}`;
}

/** The last characters of a text, at most so many: the end of a name tells layers apart. */
export function ending(text: string, most: number): string {
  return text.length > most ? `…${text.slice(1 - most)}` : text;
}
