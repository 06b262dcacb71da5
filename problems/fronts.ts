import { curveFront, gridFront, latticeFront, thinned } from './front-points.js';

/**
 * Points of the true fronts that have a closed form: at most `count`, row-major, in the objectives of the problem. Where a
 * constraint cuts a front, what is left of it; isolated points are given whole. Each throws an InputError where `count`
 * is no whole number, or too small.
 */
export type Front = (count: number) => Float64Array;

const { PI, SQRT1_2, SQRT2, abs, asin, atan2, cos, exp, hypot, max, sin, sqrt } = Math;

/** A curve over f1. */
const graph =
  (from: number, to: number, f2: (f1: number) => number): Front =>
  (count) =>
    curveFront(count, from, to, (t, f) => {
      f[0] = t;
      f[1] = f2(t);
      return true;
    });

export const zdt1Front = graph(0, 1, (f1) => 1 - sqrt(f1));
export const zdt2Front = graph(0, 1, (f1) => 1 - f1 ** 2);
/** f1 of the five pieces of ZDT3: each starts as low as the one before ends, at a minimum; solved numerically. */
const zdt3Pieces = [
  [0.0, 0.0830015349],
  [0.1822287281, 0.2577623633],
  [0.4093136749, 0.453882104],
  [0.6183967945, 0.6525117038],
  [0.8233317984, 0.8518328654],
] as const;
export const zdt3Front: Front = (count) =>
  curveFront(count, 0, zdt3Pieces[4][1], (t, f) => {
    f[0] = t;
    f[1] = 1 - sqrt(t) - t * sin(10 * PI * t);
    return zdt3Pieces.some(([low, high]) => t >= low && t <= high);
  });
export const zdt6Front = graph(0.2807753191, 1, (f1) => 1 - f1 ** 2);
/** Of ZDT5 with eleven strings: 31 points. */
export const zdt5Front: Front = (count) =>
  thinned(
    Array.from({ length: 31 }, (_, u): [number, number] => [1 + u, 10 / (1 + u)]),
    count,
  );

type Keep = (f: Float64Array) => boolean;
const all: Keep = () => true;

/** The plane `sum f = total`, where `keep` holds. */
const plane =
  (m: number, total: number, keep: Keep = all): Front =>
  (count) =>
    latticeFront(count, m, (w, f) => {
      for (let j = 0; j < m; j++) f[j] = total * w[j];
      return keep(f);
    });

/** The unit sphere, where `keep` holds; the directions are those of an even lattice on the plane. */
const sphere =
  (m: number, keep: Keep = all): Front =>
  (count) =>
    latticeFront(count, m, (w, f) => {
      const length = hypot(...w);
      for (let j = 0; j < m; j++) f[j] = w[j] / length;
      return keep(f);
    });

export const dtlz1Front = (m: number): Front => plane(m, 0.5);
export const dtlz2Front = (m: number): Front => sphere(m);

/** Of DTLZ5 and DTLZ6, three objectives: the arc `(cos t, cos t, sqrt 2 sin t) / sqrt 2`, `count` points. */
export const dtlz5Front: Front = (count) => {
  const arc = curveFront(count, 0, PI / 2, (t, f) => {
    f[0] = cos(t);
    f[1] = sin(t);
    return true;
  });
  const rows = new Float64Array((arc.length / 2) * 3);
  for (let i = 0; i < arc.length / 2; i++)
    rows.set([arc[2 * i] * SQRT1_2, arc[2 * i] * SQRT1_2, arc[2 * i + 1]], 3 * i);
  return rows;
};

/** f1 .. f(m - 1) lie where `f (1 + sin(3 pi f))` is higher than anywhere before: ends solved numerically. */
export const dtlz7Front =
  (m: number): Front =>
  (count) =>
    gridFront(
      count,
      m,
      [
        [0, 0.25141183608],
        [0.63162653071, 0.85940085664],
      ],
      (f) => {
        let sum = 2 * m;
        for (let j = 0; j < m - 1; j++) sum -= f[j] * (1 + sin(3 * PI * f[j]));
        return sum;
      },
    );

/** The parts of the sphere within the radius of C2-DTLZ2 around the corners and the middle. */
export const c2Dtlz2Front = (m: number): Front => {
  const radius = m === 2 ? 0.2 : m === 3 ? 0.4 : 0.5;
  // On the unit sphere the squared distance to a unit vector is 2 - 2 cos of the angle between.
  return sphere(m, (f) => {
    const nearest = max(...f, f.reduce((sum, value) => sum + value, 0) / sqrt(m));
    return 2 - 2 * nearest <= radius ** 2 + 1e-12;
  });
};

/** Where the ellipsoid of the largest objective is met: `sum f^2 - 3/4 max f^2 = 1`. */
export const c3Dtlz4Front =
  (m: number): Front =>
  (count) =>
    latticeFront(count, m, (w, f) => {
      const scale = sqrt(w.reduce((sum, value) => sum + value ** 2, 0) - 0.75 * max(...w) ** 2);
      for (let j = 0; j < m; j++) f[j] = w[j] / scale;
      return true;
    });

/** Whether the position variable of a point of the front is allowed: `cos(5 pi x) >= b`, to rounding. */
const allowed = (x: number, b: number) => cos(5 * PI * x) >= b - 1e-12;

/** x1 of a point of DTLZ1's plane is 1 - 2 f_m, of DTLZ3's sphere the angle of f_m. */
export const dc1Dtlz1Front = (m: number): Front => plane(m, 0.5, (f) => allowed(1 - 2 * f[m - 1], 0.95));
export const dc1Dtlz3Front = (m: number): Front => sphere(m, (f) => allowed((2 / PI) * asin(f[m - 1]), 0.95));

/** All position variables are read off from the last objective to the first; one that has no influence may be 0. */
export const dc3Dtlz1Front = (m: number): Front =>
  plane(m, 0.5, (f) => {
    let rest = 0.5;
    for (let j = m - 1; j > 0 && rest > 1e-12; j--) {
      if (!allowed(1 - f[j] / rest, 0.5)) return false;
      rest -= f[j];
    }
    return true;
  });
export const dc3Dtlz3Front = (m: number): Front =>
  sphere(m, (f) => {
    for (let j = m - 1; j > 0; j--) {
      const rest = hypot(...f.subarray(0, j));
      if (rest + f[j] > 1e-12 && !allowed((2 / PI) * atan2(f[j], rest), 0.5)) return false;
    }
    return true;
  });

export const mw1Front: Front = (count) =>
  curveFront(count, 0, 1, (t, f) => {
    f[0] = t;
    f[1] = 1 - 0.85 * t;
    return 0.15 * t <= 0.5 * sin(2 * PI * SQRT2 * (f[1] - t)) ** 8;
  });
export const mw2Front = graph(0, 1, (f1) => 1 - f1);
/** By y = f2 - f1: `f1 + f2 = max(1, 0.85 + 0.3 sin(0.75 pi sqrt 2 y)^2)`. */
export const mw3Front: Front = (count) =>
  curveFront(count, 1, -1, (y, f) => {
    const sum = max(1, 0.85 + 0.3 * sin(0.75 * PI * SQRT2 * y) ** 2);
    f[0] = (sum - y) / 2;
    f[1] = (sum + y) / 2;
    return true;
  });
export const mw4Front = (m: number): Front => plane(m, 1);
/** The sixteen points of the circle at angles t where `6 (pi / 2 - 2 |t - pi / 4|)^3` is a multiple of pi. */
export const mw5Front: Front = (count) => {
  const half = Array.from({ length: 8 }, (_, k) => ((k * PI) / 6) ** (1 / 3) / 2);
  const points = half.map((t): [number, number] => [sin(t), cos(t)]);
  const mirrored = half.map((t): [number, number] => [cos(t), sin(t)]).reverse();
  return thinned([...points, ...mirrored], count);
};
/** By the angle t: the circle where it is feasible, or the curve that lies beyond it. */
const polar =
  (radius: (t: number) => number): Front =>
  (count) =>
    curveFront(count, PI / 2, 0, (t, f) => {
      const r = radius(t);
      f[0] = r * cos(t);
      f[1] = r * sin(t);
      return r > 0;
    });
export const mw6Front = polar((t) => {
  const wave = cos(6 * t ** 4) ** 10;
  const inside =
    (1.1 * cos(t)) ** 2 / (1 + 0.15 * wave) ** 2 + (1.1 * sin(t)) ** 2 / (1 + 0.75 * wave) ** 2 <= 1;
  return inside ? 1.1 : 0;
});
export const mw7Front = polar((t) => max(1, 1.15 - 0.2 * sin(4 * t) ** 8));
export const mw8Front = (m: number): Front =>
  sphere(m, (f) => abs(1.25 - 0.5 * sin(6 * asin(f[m - 1])) ** 2) >= 1);
/** f1 .. f(m - 1) lie where `6 - e^f - 1.5 sin(1.1 pi f^2)` is lower than anywhere before: ends solved numerically. */
export const mw14Front =
  (m: number): Front =>
  (count) =>
    gridFront(
      count,
      m,
      [
        [0, 0.73135229749],
        [1.32963390875, 1.5],
      ],
      (f) => {
        let sum = 0;
        for (let j = 0; j < m - 1; j++) sum += 6 - exp(f[j]) - 1.5 * sin(1.1 * PI * f[j] ** 2);
        return sum / (m - 1);
      },
    );

/** x1 = x2 up to 3, then x2 = 3. */
export const bnhFront = graph(0, 136, (f1) => {
  const x1 = f1 <= 72 ? sqrt(f1 / 8) : sqrt(f1 / 4 - 9);
  const x2 = f1 <= 72 ? x1 : 3;
  return (x1 - 5) ** 2 + (x2 - 5) ** 2;
});

/**
 * With y = 2 the stress is 400 / volume, until b reaches 0.01; then `y` grows to 3, and a follows so that both bars bear the
 * same stress: `a = b sqrt((16 + y^2) / (1 + y^2)) / 4`.
 */
export const twoBarTrussFront: Front = (count) => {
  const turn = 0.02 * sqrt(5);
  const end = 0.1625 / sqrt(10);
  return curveFront(count, 0.004, end, (volume, f) => {
    f[0] = volume;
    if (volume <= turn) f[1] = 400 / volume;
    else {
      // volume = 0.01 ((16 + y^2) / 4 + 1 + y^2) / sqrt(1 + y^2) = 0.0125 (4 + y^2) / sqrt(1 + y^2); with s = sqrt(1 + y^2)
      // that is the quadratic s^2 - 80 volume s + 3 = 0, of which the larger root has y >= 2.
      const s = 40 * volume + sqrt((40 * volume) ** 2 - 3);
      f[1] = (8000 * s) / sqrt(s ** 2 - 1);
    }
    return true;
  });
};
