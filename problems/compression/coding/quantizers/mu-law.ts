import { InputError } from '../errors.js';
import { type ScalarQuantizer, scalarQuantizer } from './scalar.js';

/**
 * Even levels of the companded number: `y = sgn(x) ln(1 + mu |x| / range) / ln(1 + mu)`, `q = round(y levels / 2)`. Fine near
 * zero, coarse far from it. Numbers past the range count as its end. `mu` is 255 in telephony. At most 2^16 levels, as the
 * numbers that they stand for are listed.
 */
export function muLaw(range: number, levels: number, mu = 255): ScalarQuantizer {
  if (!(mu > 0 && mu < Number.POSITIVE_INFINITY))
    throw new InputError(`mu must be a finite number above 0, got ${mu}`);
  if (!(Number.isInteger(levels) && levels >= 4 && levels <= 2 ** 16 && levels % 2 === 0))
    throw new InputError(`the number of levels must be even, from 2^2 to 2^16, got ${levels}`);
  if (!(range >= 0 && range < Number.POSITIVE_INFINITY))
    throw new InputError(`a range must be a finite number from 0, got ${range}`);
  const furthest = levels / 2;
  const whole = range > 0 ? range : 1;
  const scale = furthest / Math.log1p(mu);
  const values = Float32Array.from({ length: levels + 1 }, (_, i) => {
    const q = i - furthest;
    return (Math.sign(q) * whole * Math.expm1(Math.abs(q) / scale)) / mu;
  });
  const rule = { kind: 'table', first: -furthest, values } as const;
  return scalarQuantizer(`mu-law ${mu}, ${levels} levels`, rule, (x) => {
    const level = Math.min(furthest, Math.round(scale * Math.log1p((mu * Math.abs(x)) / whole)));
    return x < 0 ? -level : level;
  });
}
