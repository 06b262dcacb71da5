import { integer, real } from '../../src/index.js';
import type { Model } from './model.js';

/**
 * Parts of machines of the RE suite. Sources: Lampinen and Zelinka (coil spring, 1999), Ray and Liew (disc brake, 2002),
 * Farhang-Mehr and Azarm (speed reducer, 2002), Deb and Srinivasan (gear train, 2006), Vaidyanathan, Tucker, Papila and
 * Shyy (rocket injector, 2003).
 */

/** Diameters of spring wire (inches) that RE25 may choose from: those of the list at 0.09 and above, ascending. */
export const wireDiameters: readonly number[] = [
  0.092, 0.105, 0.12, 0.135, 0.148, 0.162, 0.177, 0.192, 0.207, 0.225, 0.244, 0.263, 0.283, 0.307, 0.331,
  0.362, 0.394, 0.4375, 0.5,
];

/** The coil spring: volume of wire, by the number of coils, their diameter and the wire (its place, from 0). */
export const coilSpring: Model = {
  variables: [integer(1, 70), real(0.6, 3), integer(0, wireDiameters.length - 1)],
  objectives: 1,
  constraints: 6,
  evaluate(x, i, f, j, g, k) {
    const coils = x[i];
    const outer = x[i + 1];
    const wire = wireDiameters[x[i + 2]];
    const greatest = 1000;
    const preload = 300;
    const ratio = outer / wire;
    const correction = (4 * ratio - 1) / (4 * ratio - 4) + 0.615 / ratio;
    const stiffness = (11.5e6 * wire ** 4) / (8 * coils * outer ** 3);
    const solid = 1.05 * (coils + 2) * wire;
    const free = greatest / stiffness + solid;
    f[j] = (Math.PI ** 2 * outer * wire ** 2 * (coils + 2)) / 4;
    g[k] = (8 * correction * greatest * outer) / (Math.PI * wire ** 3) - 189000;
    g[k + 1] = free - 14;
    g[k + 2] = 3 - ratio;
    g[k + 3] = preload / stiffness - 6;
    g[k + 4] = preload / stiffness + (greatest - preload) / stiffness + solid - free;
    g[k + 5] = (greatest - preload) / stiffness - 1.25;
  },
};

/** The disc brake: mass and stopping time, by inner and outer radius, force and (here a real number) friction surfaces. */
export const brake: Model = {
  variables: [real(55, 80), real(75, 110), real(1000, 3000), real(11, 20)],
  objectives: 2,
  constraints: 4,
  evaluate(x, i, f, j, g, k) {
    const inner = x[i];
    const outer = x[i + 1];
    const force = x[i + 2];
    const surfaces = x[i + 3];
    // Equal radii, where the pressure is infinite, count as 1e-9 apart.
    const width = outer - inner || 1e-9;
    const area = width * (outer + inner);
    const arm = (outer ** 2 + outer * inner + inner ** 2) / (outer + inner);
    f[j] = 4.9e-5 * area * (surfaces - 1);
    f[j + 1] = 9.82e6 / (force * surfaces * arm);
    g[k] = 20 - width;
    g[k + 1] = force / (3.14 * area) - 0.4;
    g[k + 2] = (2.22e-3 * force * arm) / area - 1;
    g[k + 3] = 900 - 2.66e-2 * force * surfaces * arm;
  },
};

/** The speed reducer: weight and stress of a shaft, by the sizes of gears and shafts; the number of teeth is whole. */
export const speedReducer: Model = {
  variables: [
    real(2.6, 3.6),
    real(0.7, 0.8),
    integer(17, 28),
    real(7.3, 8.3),
    real(7.3, 8.3),
    real(2.9, 3.9),
    real(5, 5.5),
  ],
  objectives: 2,
  constraints: 11,
  evaluate(x, i, f, j, g, k) {
    const face = x[i];
    const module = x[i + 1];
    const teeth = x[i + 2];
    const length1 = x[i + 3];
    const length2 = x[i + 4];
    const shaft1 = x[i + 5];
    const shaft2 = x[i + 6];
    f[j] =
      0.7854 * face * module ** 2 * ((10 * teeth ** 2) / 3 + 14.933 * teeth - 43.0934) -
      1.508 * face * (shaft1 ** 2 + shaft2 ** 2) +
      7.477 * (shaft1 ** 3 + shaft2 ** 3) +
      0.7854 * (length1 * shaft1 ** 2 + length2 * shaft2 ** 2);
    f[j + 1] = Math.sqrt(((745 * length1) / (module * teeth)) ** 2 + 1.69e7) / (0.1 * shaft1 ** 3);
    g[k] = 1 / (face * module ** 2 * teeth) - 1 / 27;
    g[k + 1] = 1 / (face * module ** 2 * teeth ** 2) - 1 / 397.5;
    g[k + 2] = length1 ** 3 / (module * teeth * shaft1 ** 4) - 1 / 1.93;
    g[k + 3] = length2 ** 3 / (module * teeth * shaft2 ** 4) - 1 / 1.93;
    g[k + 4] = module * teeth - 40;
    g[k + 5] = face / module - 12;
    g[k + 6] = 5 - face / module;
    g[k + 7] = 1.9 - length1 + 1.5 * shaft1;
    g[k + 8] = 1.9 - length2 + 1.1 * shaft2;
    g[k + 9] = f[j + 1] - 1300;
    g[k + 10] = Math.sqrt(((745 * length2) / (module * teeth)) ** 2 + 1.575e8) / (0.1 * shaft2 ** 3) - 1100;
  },
};

/** The gear train: error of the ratio against 6.931, and the largest of four numbers of teeth; an error of half at most. */
export const gearTrain: Model = {
  variables: [integer(12, 60), integer(12, 60), integer(12, 60), integer(12, 60)],
  objectives: 2,
  constraints: 1,
  evaluate(x, i, f, j, g, k) {
    f[j] = Math.abs(6.931 - (x[i + 2] / x[i]) * (x[i + 3] / x[i + 1]));
    f[j + 1] = Math.max(x[i], x[i + 1], x[i + 2], x[i + 3]);
    g[k] = f[j] / 6.931 - 0.5;
  },
};

/** The rocket injector: two temperatures and a distance, fitted polynomials in flow angle, areas and tip thickness. */
export const rocketInjector: Model = {
  variables: [real(0, 1), real(0, 1), real(0, 1), real(0, 1)],
  objectives: 3,
  constraints: 0,
  evaluate(x, i, f, j) {
    const a = x[i];
    const h = x[i + 1];
    const o = x[i + 2];
    const t = x[i + 3];
    f[j] =
      0.692 +
      0.477 * a -
      0.687 * h -
      0.08 * o -
      0.065 * t -
      0.167 * a * a -
      0.0129 * h * a +
      0.0796 * h * h -
      0.0634 * o * a -
      0.0257 * o * h +
      0.0877 * o * o -
      0.0521 * t * a +
      0.00156 * t * h +
      0.00198 * t * o +
      0.0184 * t * t;
    f[j + 1] =
      0.153 -
      0.322 * a +
      0.396 * h +
      0.424 * o +
      0.0226 * t +
      0.175 * a * a +
      0.0185 * h * a -
      0.0701 * h * h -
      0.251 * o * a +
      0.179 * o * h +
      0.015 * o * o +
      0.0134 * t * a +
      0.0296 * t * h +
      0.0752 * t * o +
      0.0192 * t * t;
    f[j + 2] =
      0.37 -
      0.205 * a +
      0.0307 * h +
      0.108 * o +
      1.019 * t -
      0.135 * a * a +
      0.0141 * h * a +
      0.0998 * h * h +
      0.208 * o * a -
      0.0301 * o * h -
      0.226 * o * o +
      0.353 * t * a -
      0.0497 * t * o -
      0.423 * t * t +
      0.202 * h * a * a -
      0.281 * o * a * a -
      0.342 * h * h * a -
      0.245 * h * h * o +
      0.281 * o * o * h -
      0.184 * t * t * a -
      0.281 * h * a * o;
  },
};
