import { curveFront, piecewiseFront } from '../front-points.js';
import { coilSpring, speedReducer, wireDiameters } from './machines.js';
import type { Model } from './model.js';
import { barAreas, hatchCover, pressureVessel } from './structures.js';

/*
 * Fronts of two objectives of the RE suite as curves of decision vectors: whole numbers are enumerated, and the real variables of
 * each follow from one another. What others dominate is left out, so that a curve too many does no harm.
 */

const { PI, max, min, sqrt } = Math;

type Curve = (t: number) => readonly number[];

/** Of the model and, after its objectives, the sum of its violations. */
const penalised =
  (model: Model, curves: readonly Curve[]) =>
  (count: number): Float64Array => {
    const violations = new Float64Array(model.constraints);
    return piecewiseFront(
      count,
      curves.map((curve) => (t, f) => {
        model.evaluate(Float64Array.from(curve(t)), 0, f, 0, violations, 0);
        f[1] = violations.reduce((sum, violation) => sum + max(0, violation), 0);
      }),
    );
  };

const between = (low: number, high: number, t: number) => low + t * (high - low);

/**
 * RE22. The violation is `180 - A h + c / b`, c = 7.735 A^2, and `h / b - 4`, each where it is positive: the largest of the two, their sum
 * and 0. So an area A of bars, a depth h and a violation give the least breadth b; the depth at which `b h` is least is one
 * where its derivative is 0, where two of the bounds on b meet, or the greatest.
 */
export const re22Front = (count: number) =>
  curveFront(count, 180 + (7.735 * barAreas[0] ** 2) / 20, 0, (violation, f) => {
    f[0] = Number.POSITIVE_INFINITY;
    f[1] = violation;
    for (const area of barAreas) {
      const c = 7.735 * area ** 2;
      const k = violation - 176;
      const depths = [
        (sqrt(k ** 2 - area * c * k) - k) / area,
        (180 - violation + sqrt((180 - violation) ** 2 + 16 * area * c)) / (2 * area),
        (180 + sqrt(180 ** 2 + 4 * area * c * (violation + 4))) / (2 * area),
        max(0, 180 + c / 20 - violation) / area,
        40,
      ];
      for (const depth of depths) {
        const first = violation - 180 + area * depth;
        if (!(depth <= 40 && first > 0)) continue;
        const breadth = max(c / first, depth / (violation + 4), (c + depth) / (first + 4));
        if (breadth <= 20 * (1 + 1e-12)) f[0] = min(f[0], 29.4 * area + 0.6 * breadth * depth);
      }
    }
    return true;
  });

/**
 * RE23. Up to the volume that is asked for, whose shortage counts in cubic inches, shell and head are as thin as may be, and radius
 * and length cost the same for what they add. From there the volume is kept, and the head and the shell grow, step by step, to
 * what the radius asks for; a radius below 37.7 would need a length above 240.
 */
export const re23Front = (() => {
  const [a, b, c, d] = [0.6224 / 16, 1.7781 / 16, 3.1661 / 256, 19.84 / 256]; // of r l, r^2, l and r
  const lengthFor = (r: number) => (r * (2 * b * r + d - 4 * a * r - 4 * c)) / (a * r + 2 * c);
  const lengthOf = (r: number) => ((1296000 - (4 / 3) * PI * r ** 3) / (PI * r ** 2)) * (1 + 1e-14);
  const least = 37.699011883607;
  const full = 51.3882684214543;
  const steps: Curve[] = [];
  for (let shell = 1; shell <= 12; shell++)
    for (let head = 1; head <= 6; head++) {
      // The radius at which the shell is just thick enough.
      const fitting = min(full, max(least, shell / 16 / 0.0193));
      for (const [from, to] of [
        [least, fitting],
        [fitting, full],
      ])
        steps.push((t) => {
          const r = between(from, to, t);
          return [shell, head, r, min(240, lengthOf(r))];
        });
    }
  // As many trials as on all steps together.
  const grown = steps.map((_, k): Curve => {
    return (t) => {
      const r = between(10, full, (k + t) / steps.length);
      return [1, 1, r, lengthFor(r)];
    };
  });
  return penalised(pressureVessel, [(t) => [1, 1, 10, between(10, lengthFor(10), t)], ...grown, ...steps]);
})();

/**
 * RE24. The height costs 120 times what the flange does: the flange grows first, to 4; then the height, to the bound of bending;
 * then along that bound, the flange giving way, until the shear stress is fulfilled too.
 */
export const re24Front = (() => {
  const bending = 4500 / 700;
  return penalised(hatchCover, [
    (t) => [between(0.5, 4, t), 0.5],
    (t) => [4, between(0.5, bending / 4, t)],
    (t) => {
      const height = between(bending / 4, 4, t);
      return [(bending / height) * (1 + 1e-15), height];
    },
  ]);
})();

/**
 * RE25. One coil throughout, of the least diameter while the stress is too high; then, of the eleventh wire and the twelfth, of the
 * diameter that brings the ratio to 3.
 */
export const re25Front = penalised(
  coilSpring,
  wireDiameters.slice(0, 12).map((wire, place): Curve => {
    const end = max(0.6, 3 * wire * (1 + 1e-15));
    return (t) => [1, between(0.6, place < 10 ? 0.6 : end, t), place];
  }),
);

/**
 * CRE24. The first shaft grows, to 3.9, while all else is as small as its constraints allow; then the number of teeth and the module,
 * to 0.72, beyond which the face would be above 3.6, save a little more of its stress at a high price.
 */
export const cre24Front = (() => {
  const thinnest = (sqrt(((745 * 7.3) / 11.9) ** 2 + 1.69e7) / 130) ** (1 / 3);
  const vector = (module: number, teeth: number, shaft: number) => [
    5 * module,
    module,
    teeth,
    max(7.3, 1.5 * shaft + 1.9),
    7.4,
    shaft,
    5,
  ];
  const curves: Curve[] = Array.from(
    { length: 12 },
    (_, k): Curve =>
      (t) =>
        vector(between(0.7, 0.72, t), 17 + k, 3.9),
  );
  curves.unshift((t) => vector(0.7, 17, between(thinnest, 3.9, t)));
  const constraints = new Float64Array(speedReducer.constraints);
  return (count: number) =>
    piecewiseFront(
      count,
      curves.map((curve) => (t, f) => {
        speedReducer.evaluate(Float64Array.from(curve(t)), 0, f, 0, constraints, 0);
      }),
    );
})();
