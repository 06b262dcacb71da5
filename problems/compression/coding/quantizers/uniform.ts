import { InputError } from '../errors.js';
import { type ScalarQuantizer, scalarQuantizer } from './scalar.js';

/** `q = round(x / step)`, halves away from zero; `x' = step q`. Off by at most half a step. */
export function midtread(wanted: number): ScalarQuantizer {
  const step = Math.fround(wanted);
  return scalarQuantizer(`midtread, step ${step}`, stepRule(step, 0), (x) => {
    const level = Math.floor(Math.abs(x) / step + 0.5);
    return x < 0 ? -level : level;
  });
}

/** `q = sgn(x) ceil(|x| / step)`; `x' = sgn(q) step (|q| - 1/2)`. Off by at most half a step; zero stays zero. */
export function midrise(wanted: number): ScalarQuantizer {
  const step = Math.fround(wanted);
  return scalarQuantizer(`midrise, step ${step}`, stepRule(step, -0.5), (x) => {
    const level = Math.ceil(Math.abs(x) / step);
    return x < 0 ? -level : level;
  });
}

/**
 * `q = 0` where `|x| < sigma step`, else `sgn(x) ceil(|x| / step - sigma)`; `x' = 0` where q = 0, else `sgn(q) step (|q| + sigma - 1/2)`.
 * A sigma of 1/2 is midtread, of 0 midrise. Off by at most half a step outside of the dead zone, by sigma steps inside.
 */
export function deadZone(wanted: number, sigma: number): ScalarQuantizer {
  const step = Math.fround(wanted);
  if (!(sigma >= 0 && sigma <= 1))
    throw new InputError(`the size of a dead zone must lie in [0, 1], got ${sigma}`);
  return scalarQuantizer(`dead zone ${sigma}, step ${step}`, stepRule(step, sigma - 0.5), (x) => {
    const magnitude = Math.abs(x) / step;
    const level = magnitude < sigma ? 0 : Math.ceil(magnitude - sigma);
    return x < 0 ? -level : level;
  });
}

/** A rule keeps its step as float32, so that is the one to quantize with. */
function stepRule(step: number, offset: number) {
  if (!(step > 0 && step < Number.POSITIVE_INFINITY))
    throw new InputError(`a step must be a finite number above 0, got ${step}`);
  return { kind: 'steps', steps: Float32Array.of(step), offsets: [offset, offset] } as const;
}
