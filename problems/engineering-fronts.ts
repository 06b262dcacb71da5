import { curveFront, nondominatedPairs, piecewiseFront, type Trial, thinned } from './front-points.js';
import type { Front } from './fronts.js';

const { SQRT2, abs, atan2, cos, max, min, sin, sqrt, PI } = Math;

const pieces =
  (parts: readonly ((t: number, f: Float64Array) => void)[]): Front =>
  (count) =>
    piecewiseFront(count, parts);

/**
 * From the point of x1 - 3 x2 + 10 = 0 nearest to (2, 1), which is (1.1, 3.7), along that line to x1 = -2.5, where the
 * objectives grow and fall alike with x2; up x1 = -2.5 to the circle of radius 15; along the circle to the least f2, at an
 * angle of 1.89941 (solved numerically). The piece up x1 = -2.5 alone is often given as the whole front.
 */
export const srnFront: Front = (() => {
  const objectives = (x1: number, x2: number, f: Float64Array) => {
    f[0] = 2 + (x1 - 2) ** 2 + (x2 - 1) ** 2;
    f[1] = 9 * x1 - (x2 - 1) ** 2;
  };
  const start = atan2(sqrt(225 - 6.25), -2.5);
  const end = 1.8994106668;
  return pieces([
    (t, f) => objectives(1.1 - 3.6 * t, (11.1 - 3.6 * t) / 3, f),
    (t, f) => objectives(-2.5, 2.5 + t * (15 * sin(start) - 2.5), f),
    (t, f) => objectives(15 * cos(start + t * (end - start)), 15 * sin(start + t * (end - start)), f),
  ]);
})();

/** The objectives are the variables: the wave of the first constraint, inside the circle of the second. By the angle. */
export const tnkFront: Front = (count) =>
  curveFront(count, 0, PI / 2, (t, f) => {
    const radius = sqrt(1 + 0.1 * cos(16 * t));
    f[0] = radius * sin(t);
    f[1] = radius * cos(t);
    return (f[0] - 0.5) ** 2 + (f[1] - 0.5) ** 2 <= 0.5;
  });

/** Deb, Multi-Objective Optimization Using Evolutionary Algorithms (2001), table 26: x4 = x6 = 0 throughout. */
export const osyFront: Front = (() => {
  const objectives = (x1: number, x2: number, x3: number, x5: number, f: Float64Array) => {
    f[0] = -(25 * (x1 - 2) ** 2 + (x2 - 2) ** 2 + (x3 - 1) ** 2 + 16 + (x5 - 1) ** 2);
    f[1] = x1 ** 2 + x2 ** 2 + x3 ** 2 + x5 ** 2;
  };
  return pieces([
    (t, f) => objectives(5, 1, 1 + 4 * t, 5, f),
    (t, f) => objectives(5, 1, 1 + 4 * t, 1, f),
    (t, f) => objectives(4 + t, (2 + t) / 3, 1, 1, f),
    (t, f) => objectives(0, 2, 1 + 2.8 * t, 1, f),
    (t, f) => objectives(t, 2 - t, 1, 1, f),
  ]);
})();

/** The mass and time of a disc brake with a force of 3000 N, the greatest, which no constraint forbids. */
function brakeObjectives(inner: number, outer: number, surfaces: number, f: Float64Array): void {
  const arm = (outer ** 2 + outer * inner + inner ** 2) / (outer + inner);
  f[0] = 4.9e-5 * (outer ** 2 - inner ** 2) * (surfaces - 1);
  f[1] = 9.82e6 / (3000 * surfaces * arm);
}

/** Radii as near as they may be, 20 mm, up to 80 and 100; from there the outer grows alone. By the sum of what is added. */
const radiiOf = (grown: number): [number, number] => [55 + min(25, grown), 75 + grown];

/**
 * A given area of the discs has the longest arm where the radii are nearest to each other, so that both radii follow from the
 * area; a curve for every number of surfaces, 2 to 20.
 */
export const discBrakeFront: Front = (() => {
  const ofSurfaces = (surfaces: number) => (t: number, f: Float64Array) => {
    const [inner, outer] = radiiOf(35 * t);
    brakeObjectives(inner, outer, surfaces, f);
  };
  return pieces(Array.from({ length: 19 }, (_, i) => ofSurfaces(i + 2)));
})();

/**
 * CRE23, whose number of surfaces is a real number from 11: the radii grow first, to 80 and 100, which costs least mass for the
 * time it saves; then the surfaces, to 20; then the outer radius.
 */
export const cre23Front: Front = pieces([
  (t, f) => brakeObjectives(55 + 25 * t, 75 + 25 * t, 11, f),
  (t, f) => brakeObjectives(80, 100, 11 + 9 * t, f),
  (t, f) => brakeObjectives(80, 100 + 10 * t, 20, f),
]);

/**
 * RE21: x3 is best at its least. In the others both objectives are sums over variables, so that by Lagrange each is sqrt(k b / c)
 * of its weight c in the one and b in the other, within its bounds: s, sqrt 2 s and sqrt 2 s.
 */
export const re21Front: Front = (count) =>
  curveFront(count, Math.SQRT1_2, 3, (s, f) => {
    const x1 = min(3, max(1, s));
    const x2 = min(3, max(SQRT2, SQRT2 * s));
    const x4 = min(3, max(1, SQRT2 * s));
    f[0] = 200 * (2 * x1 + SQRT2 * x2 + sqrt(SQRT2) + x4);
    f[1] = 0.01 * (2 / x1 + (2 * SQRT2) / x2 - 2 + 2 / x4);
    return true;
  });

/**
 * CRE21: the bar whose stress is no objective is as thin as its constraint allows. For a stress of 20 / a the volume is then
 * `a (16 + y^2) / y + b (1 + y^2) / y`, b = 0.0008, which is least at y^2 = (16 a + b) / (a + b), 3 at most.
 */
export const cre21Front: Front = (() => {
  const b = 8e-4;
  const greatest = (3 * (0.1 - (b * 10) / 3)) / 25;
  return (count: number) =>
    // Even steps in the logarithm of a, which spans two decades.
    curveFront(count, Math.log(2e-4), Math.log(greatest), (t, f) => {
      const a = Math.exp(t);
      const y = min(3, sqrt((16 * a + b) / (a + b)));
      f[0] = (a * (16 + y ** 2) + b * (1 + y ** 2)) / y;
      f[1] = 20 / a;
      return true;
    });
})();

/** The least errors of the gear ratio by the largest number of teeth, 12 to 60, from all sets of four. */
function gearErrors() {
  // Products of two numbers of teeth by the larger of them.
  const products = Array.from({ length: 61 }, (_, larger) =>
    larger < 12 ? [] : Array.from({ length: larger - 11 }, (_, i) => larger * (12 + i)),
  );
  const points: Trial[] = [];
  for (let largest = 12, least = Number.POSITIVE_INFINITY; largest <= 60; largest++) {
    const driven = products[largest];
    const driving = products.slice(12, largest + 1).flat();
    for (const one of driven)
      for (const other of driving) least = min(least, abs(6.931 - one / other), abs(6.931 - other / one));
    points.push([least, largest]);
  }
  return nondominatedPairs(points);
}

/** CRE25: all its points, few as they are; an error of half the ratio at most. */
export const cre25Front: Front = (count) =>
  thinned(
    gearErrors().filter(([error]) => error / 6.931 <= 0.5),
    count,
  );

/** RE36: the violation follows from the error, so that the first two objectives decide; all points, few as they are. */
export const re36Front: Front = (count) => {
  const pairs = thinned(gearErrors(), count);
  const rows = new Float64Array((pairs.length / 2) * 3);
  for (let i = 0; i < pairs.length / 2; i++)
    rows.set([pairs[2 * i], pairs[2 * i + 1], max(0, pairs[2 * i] / 6.931 - 0.5)], 3 * i);
  return rows;
};
