import { integer, real } from '../../src/index.js';
import type { Model } from './model.js';

/**
 * Bars, beams and vessels of the RE suite. Sources: Cheng and Li (four-bar truss, 1999), Amir and Hasegawa (concrete beam, 1989),
 * Kannan and Kramer (vessel, 1994), Coello Coello and Pulido (two-bar truss, 2005), Ray and Liew (welded beam, 2002),
 * Amir and Hasegawa again (hatch cover, 1989).
 */

/** The four-bar truss: volume and displacement of the joint, by four cross-sections. `sqrt(x3)` is the suite's own. */
export const fourBarTruss: Model = {
  variables: [real(1, 3), real(Math.SQRT2, 3), real(Math.SQRT2, 3), real(1, 3)],
  objectives: 2,
  constraints: 0,
  evaluate(x, i, f, j) {
    const force = 10;
    const modulus = 2e5;
    const length = 200;
    f[j] = length * (2 * x[i] + Math.SQRT2 * x[i + 1] + Math.sqrt(x[i + 2]) + x[i + 3]);
    f[j + 1] =
      ((force * length) / modulus) *
      (2 / x[i] + (2 * Math.SQRT2) / x[i + 1] - (2 * Math.SQRT2) / x[i + 2] + 2 / x[i + 3]);
  },
};

/**
 * Areas of reinforcement (square inches) that RE22 may choose from, ascending. The suite's programs have "3,10", two
 * values, for the 3.10 of the list.
 */
export const barAreas: readonly number[] = [
  0.2, 0.31, 0.4, 0.44, 0.6, 0.62, 0.79, 0.8, 0.88, 0.93, 1.0, 1.2, 1.24, 1.32, 1.4, 1.55, 1.58, 1.6, 1.76,
  1.8, 1.86, 2.0, 2.17, 2.2, 2.37, 2.4, 2.48, 2.6, 2.64, 2.79, 2.8, 3.0, 3.08, 3.1, 3.16, 3.41, 3.52, 3.6,
  3.72, 3.95, 3.96, 4.0, 4.03, 4.2, 4.34, 4.4, 4.65, 4.74, 4.8, 4.84, 5.0, 5.28, 5.4, 5.53, 5.72, 6.0, 6.16,
  6.32, 6.6, 7.11, 7.2, 7.8, 7.9, 8.0, 8.4, 8.69, 9.0, 9.48, 10.27, 11.0, 11.06, 11.85, 12.0, 13.0, 14.0,
  15.0,
];

/**
 * The reinforced concrete beam: cost, by the area of reinforcement (its place in {@link barAreas}, from 0), the width
 * and the depth. A width of 0, where the constraints divide by zero, counts as 1e-6.
 */
export const concreteBeam: Model = {
  variables: [integer(0, barAreas.length - 1), real(0, 20), real(0, 40)],
  objectives: 1,
  constraints: 2,
  evaluate(x, i, f, j, g, k) {
    const area = barAreas[x[i]];
    const width = Math.max(x[i + 1], 1e-6);
    const depth = x[i + 2];
    f[j] = 29.4 * area + 0.6 * x[i + 1] * depth;
    g[k] = 180 - area * depth + (7.735 * area ** 2) / width;
    g[k + 1] = depth / width - 4;
  },
};

/** The pressure vessel: cost, by the thickness of shell and head (in sixteenths of an inch), inner radius and length. */
export const pressureVessel: Model = {
  variables: [integer(1, 100), integer(1, 100), real(10, 200), real(10, 240)],
  objectives: 1,
  constraints: 3,
  evaluate(x, i, f, j, g, k) {
    const shell = 0.0625 * x[i];
    const head = 0.0625 * x[i + 1];
    const radius = x[i + 2];
    const length = x[i + 3];
    f[j] =
      0.6224 * shell * radius * length +
      1.7781 * head * radius ** 2 +
      3.1661 * shell ** 2 * length +
      19.84 * shell ** 2 * radius;
    g[k] = 0.0193 * radius - shell;
    g[k + 1] = 0.00954 * radius - head;
    g[k + 2] = 1296000 - Math.PI * radius ** 2 * length - (4 / 3) * Math.PI * radius ** 3;
  },
};

/** The hatch cover: weight, by the thickness of the flange (cm) and the height of the beam (cm). */
export const hatchCover: Model = {
  variables: [real(0.5, 4), real(0.5, 50)],
  objectives: 1,
  constraints: 4,
  evaluate(x, i, f, j, g, k) {
    const flange = x[i];
    const height = x[i + 1];
    const bending = 4500 / (flange * height);
    f[j] = flange + 120 * height;
    g[k] = bending / 700 - 1;
    g[k + 1] = 1800 / height / 450 - 1;
    g[k + 2] = 562000 / (700000 * flange * height ** 2) / 1.5 - 1;
    g[k + 3] = bending / (7000 * flange ** 2) - 1;
  },
};

/** The two-bar truss: volume and stress of one bar, by two cross-sections and the height; the volume at most 0.1. */
export const twoBar: Model = {
  variables: [real(1e-5, 100), real(1e-5, 100), real(1, 3)],
  objectives: 2,
  constraints: 3,
  evaluate(x, i, f, j, g, k) {
    const height = x[i + 2];
    const long = Math.sqrt(16 + height ** 2);
    const short = Math.sqrt(1 + height ** 2);
    f[j] = x[i] * long + x[i + 1] * short;
    f[j + 1] = (20 * long) / (x[i] * height);
    g[k] = f[j] - 0.1;
    g[k + 1] = f[j + 1] - 100000;
    g[k + 2] = (80 * short) / (height * x[i + 1]) - 100000;
  },
};

/** The welded beam: cost and deflection, by the weld's thickness and length and the beam's depth and width. */
export const weld: Model = {
  variables: [real(0.125, 5), real(0.1, 10), real(0.1, 10), real(0.125, 5)],
  objectives: 2,
  constraints: 4,
  evaluate(x, i, f, j, g, k) {
    const thickness = x[i];
    const length = x[i + 1];
    const depth = x[i + 2];
    const width = x[i + 3];
    const load = 6000;
    const reach = 14;
    const young = 30e6;
    const shear = 12e6;
    f[j] = 1.10471 * thickness ** 2 * length + 0.04811 * depth * width * (14 + length);
    f[j + 1] = (4 * load * reach ** 3) / (young * width * depth ** 3);
    const quarter = ((thickness + depth) / 2) ** 2;
    const radius = Math.sqrt(length ** 2 / 4 + quarter);
    const polar = 2 * Math.SQRT2 * thickness * length * (length ** 2 / 12 + quarter);
    const primary = load / (Math.SQRT2 * thickness * length);
    const secondary = (load * (reach + length / 2) * radius) / polar;
    const stress = Math.sqrt(primary ** 2 + (primary * secondary * length) / radius + secondary ** 2);
    const buckling =
      ((4.013 * young * Math.sqrt((depth ** 2 * width ** 6) / 36)) / reach ** 2) *
      (1 - (depth / (2 * reach)) * Math.sqrt(young / (4 * shear)));
    g[k] = stress - 13600;
    g[k + 1] = (6 * load * reach) / (width * depth ** 2) - 30000;
    g[k + 2] = thickness - width;
    g[k + 3] = load - buckling;
  },
};
