import { real } from '../../src/index.js';
import type { Model } from './model.js';

/**
 * Cars, ships and water of the RE suite. Sources: Liao, Li, Yang, Zhang and Li (crashworthiness, 2008), Jain and Deb (car side
 * impact, 2014), Parsons and Scott (bulk carrier, 2004), Ray, Tai and Seow (water resources, 2001), Deb, Gupta, Daum,
 * Branke, Mall and Padmanabhan (car cab, 2009).
 */

/** Crashworthiness: mass, acceleration at a full frontal crash and intrusion at an offset one, by five thicknesses. */
export const crashworthiness: Model = {
  variables: [real(1, 3), real(1, 3), real(1, 3), real(1, 3), real(1, 3)],
  objectives: 3,
  constraints: 0,
  evaluate(x, i, f, j) {
    const a = x[i];
    const b = x[i + 1];
    const c = x[i + 2];
    const d = x[i + 3];
    const e = x[i + 4];
    f[j] = 1640.2823 + 2.3573285 * a + 2.3220035 * b + 4.5688768 * c + 7.7213633 * d + 4.4559504 * e;
    f[j + 1] =
      6.5856 +
      1.15 * a -
      1.0427 * b +
      0.9738 * c +
      0.8364 * d -
      0.3695 * a * d +
      0.0861 * a * e +
      0.3628 * b * d -
      0.1106 * a * a -
      0.3437 * c * c +
      0.1764 * d * d;
    f[j + 2] =
      -0.0551 +
      0.0181 * a +
      0.1024 * b +
      0.0421 * c -
      0.0073 * a * b +
      0.024 * b * c -
      0.0118 * b * d -
      0.0204 * c * d -
      0.008 * c * e -
      0.0241 * b * b +
      0.0109 * d * d;
  },
};

const carVariables = [
  real(0.5, 1.5),
  real(0.45, 1.35),
  real(0.5, 1.5),
  real(0.5, 1.5),
  real(0.875, 2.625),
  real(0.4, 1.2),
  real(0.4, 1.2),
];

/** Car side impact: weight, force on the pelvis and mean velocity of the pillar, by seven thicknesses. */
export const sideImpact: Model = {
  variables: carVariables,
  objectives: 3,
  constraints: 10,
  evaluate(x, i, f, j, g, k) {
    const x1 = x[i];
    const x2 = x[i + 1];
    const x3 = x[i + 2];
    const x4 = x[i + 3];
    const x5 = x[i + 4];
    const x6 = x[i + 5];
    const x7 = x[i + 6];
    const pillar = 10.58 - 0.674 * x1 * x2 - 0.67275 * x2;
    const door = 16.45 - 0.489 * x3 * x7 - 0.843 * x5 * x6;
    f[j] = 1.98 + 4.9 * x1 + 6.67 * x2 + 6.98 * x3 + 4.01 * x4 + 1.78 * x5 + 0.00001 * x6 + 2.73 * x7;
    f[j + 1] = 4.72 - 0.5 * x4 - 0.19 * x2 * x3;
    f[j + 2] = 0.5 * (pillar + door);
    g[k] = 1.16 - 0.3717 * x2 * x4 - 0.0092928 * x3 - 1;
    g[k + 1] =
      0.261 - 0.0159 * x1 * x2 - 0.06486 * x1 - 0.019 * x2 * x7 + 0.0144 * x3 * x5 + 0.0154464 * x6 - 0.32;
    g[k + 2] =
      0.214 +
      0.00817 * x5 -
      (0.045195 + 0.0135168) * x1 +
      0.03099 * x2 * x6 -
      0.018 * x2 * x7 +
      (0.007176 + 0.023232) * x3 -
      0.00364 * x5 * x6 -
      0.018 * x2 ** 2 -
      0.32;
    g[k + 3] = 0.74 - 0.61 * x2 - 0.031296 * x3 - 0.031872 * x7 + 0.227 * x2 ** 2 - 0.32;
    g[k + 4] = 28.98 + 3.818 * x3 - 4.2 * x1 * x2 + 1.27296 * x6 - 2.68065 * x7 - 32;
    g[k + 5] = 33.86 + 2.95 * x3 - 5.057 * x1 * x2 - 3.795 * x2 - 3.4431 * x7 + 1.45728 - 32;
    g[k + 6] = 46.36 - 9.9 * x2 - 4.4505 * x1 - 32;
    g[k + 7] = f[j + 1] - 4;
    g[k + 8] = pillar - 9.9;
    g[k + 9] = door - 15.7;
  },
};

/**
 * The bulk carrier: transport cost, light weight and (turned) annual cargo, by length, beam, depth, draft, speed and block
 * coefficient. As in the suite, the days at sea are 5000 miles / 24 times the speed, not divided by it, so that the annual
 * cargo may fall through 0, where the cost has a pole.
 */
export const bulkCarrier: Model = {
  variables: [
    real(150, 274.32),
    real(20, 32.31),
    real(13, 25),
    real(10, 11.71),
    real(14, 18),
    real(0.63, 0.75),
  ],
  objectives: 3,
  constraints: 9,
  evaluate(x, i, f, j, g, k) {
    const length = x[i];
    const beam = x[i + 1];
    const depth = x[i + 2];
    const draft = x[i + 3];
    const speed = x[i + 4];
    const block = x[i + 5];
    const displacement = 1.025 * length * beam * draft * block;
    const froude = (0.5144 * speed) / Math.sqrt(9.8065 * length);
    const a = 4977.06 * block ** 2 - 8105.61 * block + 4456.51;
    const b = -10847.2 * block ** 2 + 12817 * block - 6960.32;
    const power = (displacement ** (2 / 3) * speed ** 3) / (a + b * froude);
    const outfit = length ** 0.8 * beam ** 0.6 * depth ** 0.3 * block ** 0.1;
    const steel = 0.034 * length ** 1.7 * beam ** 0.7 * depth ** 0.4 * block ** 0.5;
    const lightWeight = steel + outfit + 0.17 * power ** 0.9;
    const deadWeight = displacement - lightWeight;

    const capital = 0.2 * 1.3 * (2000 * steel ** 0.85 + 3500 * outfit + 2400 * power ** 0.8);
    const running = 40000 * deadWeight ** 0.3;
    const seaDays = (5000 / 24) * speed;
    const dailyFuel = (0.19 * power * 24) / 1000 + 0.2;
    const voyage = 1.05 * dailyFuel * seaDays * 100 + 6.3 * deadWeight ** 0.8;
    const cargo = deadWeight - dailyFuel * (seaDays + 5) - 2 * deadWeight ** 0.5;
    const trips = 350 / (seaDays + 2 * (cargo / 8000 + 0.5));

    f[j] = (capital + running + voyage * trips) / (cargo * trips);
    f[j + 1] = lightWeight;
    f[j + 2] = -cargo * trips;
    g[k] = 6 - length / beam;
    g[k + 1] = length / depth - 15;
    g[k + 2] = length / draft - 19;
    g[k + 3] = draft - 0.45 * deadWeight ** 0.31;
    g[k + 4] = draft - 0.7 * depth - 0.7;
    g[k + 5] = deadWeight - 500000;
    g[k + 6] = 3000 - deadWeight;
    g[k + 7] = froude - 0.32;
    g[k + 8] =
      0.07 * beam - 0.53 * draft - ((0.085 * block - 0.002) * beam ** 2) / (draft * block) + 1 + 0.52 * depth;
  },
};

/** Water resources: five costs of a storm drainage system, by storage capacity, treatment rate and overflow rate. */
export const waterResources: Model = {
  variables: [real(0.01, 0.45), real(0.01, 0.1), real(0.01, 0.1)],
  objectives: 5,
  constraints: 7,
  evaluate(x, i, f, j, g, k) {
    const x1 = x[i];
    const x2 = x[i + 1];
    const x3 = x[i + 2];
    const inverse = 1 / (x1 * x2);
    f[j] = 106780.37 * (x2 + x3) + 61704.67;
    f[j + 1] = 3000 * x1;
    f[j + 2] = (305700 * 2289 * x2) / (0.06 * 2289) ** 0.65;
    f[j + 3] = 250 * 2289 * Math.exp(-39.75 * x2 + 9.9 * x3 + 2.74);
    f[j + 4] = 25 * (1.39 * inverse + 4940 * x3 - 80);
    g[k] = 0.00139 * inverse + 4.94 * x3 - 0.08 - 1;
    g[k + 1] = 0.000306 * inverse + 1.082 * x3 - 0.0986 - 1;
    g[k + 2] = 12.307 * inverse + 49408.24 * x3 + 4051.02 - 50000;
    g[k + 3] = 2.098 * inverse + 8046.33 * x3 - 696.71 - 16000;
    g[k + 4] = 2.138 * inverse + 7883.39 * x3 - 705.04 - 10000;
    g[k + 5] = 0.417 * x1 * x2 + 1721.26 * x3 - 136.54 - 2000;
    g[k + 6] = 0.164 * inverse + 631.13 * x3 - 54.48 - 550;
  },
};

/**
 * The car cab: weight and eight strains, forces and velocities, each in parts of its limit and not below 0, by the thicknesses
 * of the side impact problem. Four more inputs of the source are random; they take their means here (0.345, 0.192, 0
 * and 0), so that the same vector always has the same values.
 */
export const carCab: Model = {
  variables: carVariables,
  objectives: 9,
  constraints: 0,
  evaluate(x, i, f, j) {
    const x1 = x[i];
    const x2 = x[i + 1];
    const x3 = x[i + 2];
    const x4 = x[i + 3];
    const x5 = x[i + 4];
    const x6 = x[i + 5];
    const x7 = x[i + 6];
    const x8 = 0.345;
    const x9 = 0.192;
    f[j] = 1.98 + 4.9 * x1 + 6.67 * x2 + 6.98 * x3 + 4.01 * x4 + 1.75 * x5 + 0.00001 * x6 + 2.73 * x7;
    f[j + 1] = 1.16 - 0.3717 * x2 * x4 - 0.484 * x3 * x9;
    f[j + 2] =
      (0.261 - 0.0159 * x1 * x2 - 0.188 * x1 * x8 - 0.019 * x2 * x7 + 0.0144 * x3 * x5 + 0.08045 * x6 * x9) /
      0.32;
    f[j + 3] =
      (0.214 +
        0.00817 * x5 -
        0.131 * x1 * x8 -
        0.0704 * x1 * x9 +
        0.03099 * x2 * x6 -
        0.018 * x2 * x7 +
        0.0208 * x3 * x8 +
        0.121 * x3 * x9 -
        0.00364 * x5 * x6 -
        0.018 * x2 ** 2) /
      0.32;
    f[j + 4] = (0.74 - 0.61 * x2 - 0.163 * x3 * x8 - 0.166 * x7 * x9 + 0.227 * x2 ** 2) / 0.32;
    const upperRib = 28.98 + 3.818 * x3 - 4.2 * x1 * x2 + 6.63 * x6 * x9 - 7.77 * x7 * x8;
    const middleRib = 33.86 + 2.95 * x3 - 5.057 * x1 * x2 - 11 * x2 * x8 - 9.98 * x7 * x8 + 22 * x8 * x9;
    const lowerRib = 46.36 - 9.9 * x2 - 12.9 * x1 * x8;
    f[j + 5] = (upperRib + middleRib + lowerRib) / 3 / 32;
    f[j + 6] = (4.72 - 0.5 * x4 - 0.19 * x2 * x3) / 4;
    f[j + 7] = (10.58 - 0.674 * x1 * x2 - 1.95 * x2 * x8) / 9.9;
    f[j + 8] = (16.45 - 0.489 * x3 * x7 - 0.843 * x5 * x6) / 15.7;
    for (let o = 1; o < 9; o++) f[j + o] = Math.max(0, f[j + o]);
  },
};
