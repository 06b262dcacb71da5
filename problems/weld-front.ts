import { curveFront } from './front-points.js';
import { least } from './golden-section.js';

/** What the welded beams of the literature differ in. */
export interface Weld {
  /** Of the polar moment of the weld, in parts of `sqrt 2 h l (l^2 / 12 + ((h + t) / 2)^2)`. */
  readonly polar: number;
  /** The buckling load is `buckling t b^3 (1 - slope t)`. */
  readonly buckling: number;
  readonly slope: number;
}

/** The beam of Deb, Pratap and Moitra. */
export const weldOfDeb: Weld = { polar: 1, buckling: 64746.022, slope: 0.0282346 };

/** The beam of the RE suite. */
export const weldOfSuite: Weld = {
  polar: 2,
  buckling: (4.013 * 30e6) / 6 / 14 ** 2,
  slope: Math.sqrt(30e6 / 48e6) / 28,
};

/**
 * Costs and deflections of a beam that carries 6000 lbf. A given deflection, `b t^3` = s, costs least with the greatest depth t
 * that bending, buckling and the bound of 10 allow (`t <= s / 16.8` for bending); of the weld's thickness h and
 * length l, the length follows from the shear stress, and the thickness that costs least is searched for: no thicker than the beam is wide.
 */
export const weldFront = (weld: Weld) => (count: number) =>
  // Even steps in the logarithm of s, whose range ends at a beam 10 by 5; one too small is dominated.
  curveFront(count, Math.log(120), Math.log(5000), (t, f) => {
    const stiffness = Math.exp(t);
    const depth = greatestDepth(weld, stiffness);
    const width = stiffness / depth ** 3;
    f[0] = least(0.125, width, (thickness) => {
      const length = weldLength(weld, thickness, depth);
      return 1.10471 * thickness ** 2 * length + 0.04811 * depth * width * (14 + length);
    });
    f[1] = 2.1952 / stiffness;
    return true;
  });

function greatestDepth({ buckling, slope }: Weld, stiffness: number): number {
  const holds = (t: number) => buckling * t * (stiffness / t ** 3) ** 3 * (1 - slope * t) >= 6000;
  const bound = Math.min(10, stiffness / 16.8);
  return holds(bound) ? bound : lastOf(0.1, bound, holds);
}

/** The least length at which a weld bears the shear stress; NaN where none up to 10 does. */
function weldLength({ polar }: Weld, thickness: number, depth: number): number {
  const quarter = ((thickness + depth) / 2) ** 2;
  const fails = (length: number) => {
    const radius = Math.sqrt(length ** 2 / 4 + quarter);
    const throat = Math.SQRT2 * thickness * length;
    const primary = 6000 / throat;
    const secondary = (6000 * (14 + length / 2) * radius) / (polar * throat * (length ** 2 / 12 + quarter));
    return primary ** 2 + (primary * secondary * length) / radius + secondary ** 2 > 13600 ** 2;
  };
  if (fails(10)) return Number.NaN;
  return fails(0.1) ? lastOf(0.1, 10, fails) : 0.1;
}

/** The greatest value from `low`, where the predicate holds, to `high`, by bisection. */
function lastOf(low: number, high: number, holds: (value: number) => boolean): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 46; step++) {
    const middle = (below + above) / 2;
    if (holds(middle)) below = middle;
    else above = middle;
  }
  return below;
}
