import { defineProblem, integer, minimize, real } from '../src/index.js';

/** BNH (Binh and Korn, MENDEL 1997): two convex objectives, two constraints that most of the box fulfils. */
export const bnh = () =>
  defineProblem({
    name: 'bnh',
    variables: { x1: real(0, 5), x2: real(0, 3) },
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1', 'g2'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const x1 = x[2 * i];
        const x2 = x[2 * i + 1];
        f[2 * i] = 4 * x1 ** 2 + 4 * x2 ** 2;
        f[2 * i + 1] = (x1 - 5) ** 2 + (x2 - 5) ** 2;
        g[2 * i] = (x1 - 5) ** 2 + x2 ** 2 - 25;
        g[2 * i + 1] = 7.7 - (x1 - 8) ** 2 - (x2 + 3) ** 2;
      }
    },
  });

/** SRN (Srinivas and Deb, Evolutionary Computation 2(3), 1994): the front lies on the inside of the feasible region. */
export const srn = () =>
  defineProblem({
    name: 'srn',
    variables: { x1: real(-20, 20), x2: real(-20, 20) },
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1', 'g2'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const x1 = x[2 * i];
        const x2 = x[2 * i + 1];
        f[2 * i] = 2 + (x1 - 2) ** 2 + (x2 - 1) ** 2;
        f[2 * i + 1] = 9 * x1 - (x2 - 1) ** 2;
        g[2 * i] = x1 ** 2 + x2 ** 2 - 225;
        g[2 * i + 1] = x1 - 3 * x2 + 10;
      }
    },
  });

/**
 * TNK (Tanaka, Watanabe, Furukawa and Tanino, IEEE SMC 1995): the objectives are the variables, and the front is a part of
 * the wavy boundary of the feasible region. The angle atan(x1 / x2) is taken as atan2(x1, x2), which equals it inside
 * the box, is pi / 2 where x2 = 0 and 0 at the origin (infeasible by g1 whatever the angle).
 */
export const tnk = () =>
  defineProblem({
    name: 'tnk',
    variables: { x1: real(0, Math.PI), x2: real(0, Math.PI) },
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1', 'g2'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const x1 = x[2 * i];
        const x2 = x[2 * i + 1];
        f[2 * i] = x1;
        f[2 * i + 1] = x2;
        g[2 * i] = 1 + 0.1 * Math.cos(16 * Math.atan2(x1, x2)) - x1 ** 2 - x2 ** 2;
        g[2 * i + 1] = (x1 - 0.5) ** 2 + (x2 - 0.5) ** 2 - 0.5;
      }
    },
  });

/**
 * OSY (Osyczka and Kundu, Structural Optimization 10(2), 1995): six variables, six constraints, a front of five pieces that
 * lie on different constraints. The constraints are divided by 2, 6, 2, 2, 4 and 4, which brings them to one size.
 */
export const osy = () =>
  defineProblem({
    name: 'osy',
    variables: {
      x1: real(0, 10),
      x2: real(0, 10),
      x3: real(1, 5),
      x4: real(0, 6),
      x5: real(1, 5),
      x6: real(0, 10),
    },
    metrics: { f1: minimize(), f2: minimize() },
    constraints: ['g1', 'g2', 'g3', 'g4', 'g5', 'g6'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const [x1, x2, x3, x4, x5, x6] = x.subarray(6 * i, 6 * i + 6);
        f[2 * i] = -(25 * (x1 - 2) ** 2 + (x2 - 2) ** 2 + (x3 - 1) ** 2 + (x4 - 4) ** 2 + (x5 - 1) ** 2);
        f[2 * i + 1] = x1 ** 2 + x2 ** 2 + x3 ** 2 + x4 ** 2 + x5 ** 2 + x6 ** 2;
        g[6 * i] = -(x1 + x2 - 2) / 2;
        g[6 * i + 1] = -(6 - x1 - x2) / 6;
        g[6 * i + 2] = -(2 - x2 + x1) / 2;
        g[6 * i + 3] = -(2 - x1 + 3 * x2) / 2;
        g[6 * i + 4] = -(4 - (x3 - 3) ** 2 - x4) / 4;
        g[6 * i + 5] = -((x5 - 3) ** 2 + x6 - 4) / 4;
      }
    },
  });

/**
 * The welded beam (Deb, Pratap and Moitra, PPSN VI, 2000): cost and end deflection of a beam welded to a column that
 * carries 6000 lbf, by the weld's thickness h and length l and the beam's depth t and width b (inches). Constraints, each
 * divided by its bound: shear stress at most 13600 psi, bending stress at most 30000 psi, the weld not thicker than
 * the beam is wide, buckling load at least 6000 lbf.
 */
export const weldedBeam = () =>
  defineProblem({
    name: 'welded-beam',
    variables: { h: real(0.125, 5), l: real(0.1, 10), t: real(0.1, 10), b: real(0.125, 5) },
    metrics: { cost: minimize(), deflection: minimize() },
    constraints: ['shear', 'bending', 'thickness', 'buckling'],
    evaluateBatch(x, count, f, g) {
      const load = 6000;
      const length = 14;
      for (let i = 0; i < count; i++) {
        const [h, l, t, b] = x.subarray(4 * i, 4 * i + 4);
        f[2 * i] = 1.10471 * h ** 2 * l + 0.04811 * t * b * (length + l);
        f[2 * i + 1] = 2.1952 / (b * t ** 3);
        const squaredRadius = 0.25 * (l ** 2 + (h + t) ** 2);
        const moment = load * (length + l / 2);
        const polar = 2 * Math.SQRT1_2 * h * l * (l ** 2 / 12 + 0.25 * (h + t) ** 2);
        const primary = load / (Math.SQRT2 * h * l);
        const secondary = (moment * Math.sqrt(squaredRadius)) / polar;
        const shear = Math.sqrt(
          primary ** 2 + secondary ** 2 + (primary * secondary * l) / Math.sqrt(squaredRadius),
        );
        const bending = (6 * load * length) / (b * t ** 2);
        const buckling = 64746.022 * (1 - 0.0282346 * t) * t * b ** 3;
        g[4 * i] = (shear - 13600) / 13600;
        g[4 * i + 1] = (bending - 30000) / 30000;
        g[4 * i + 2] = (h - b) / 4.875;
        g[4 * i + 3] = (load - buckling) / load;
      }
    },
  });

/**
 * The two-bar truss (Deb, Pratap and Moitra, PPSN VI, 2000, after Palli et al.): volume (m^3) and larger stress (kPa) of two
 * bars that meet at a joint y metres below their supports and carry 100 kN, by their cross-sections a and b (m^2); the
 * stress at most 1e5 kPa, divided by it. The cross-sections start at 1e-5, for the stress is infinite at the 0 of
 * the paper.
 */
export const twoBarTruss = () =>
  defineProblem({
    name: 'two-bar-truss',
    variables: { a: real(1e-5, 0.01), b: real(1e-5, 0.01), y: real(1, 3) },
    metrics: { volume: minimize(), stress: minimize() },
    constraints: ['strength'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const a = x[3 * i];
        const b = x[3 * i + 1];
        const y = x[3 * i + 2];
        const long = Math.sqrt(16 + y ** 2);
        const short = Math.sqrt(1 + y ** 2);
        const stress = Math.max((20 * long) / (y * a), (80 * short) / (y * b));
        f[2 * i] = a * long + b * short;
        f[2 * i + 1] = stress;
        g[i] = (stress - 1e5) / 1e5;
      }
    },
  });

/**
 * The disc brake (Osyczka and Kundu, 1995; Ray and Liew, Engineering Optimization 34(2), 2002): mass (kg) and stopping time
 * (s) of a brake, by the inner and outer radius of its discs (mm), the engaging force (N) and the number of friction
 * surfaces. Constraints as in Tanabe and Ishibuchi (2020): at least 20 mm between the radii, pressure, temperature and
 * torque, divided by 20, 0.4, 1 and 900. Equal radii, where the pressure is infinite, count as 1e-9 mm apart.
 */
export const discBrake = () =>
  defineProblem({
    name: 'disc-brake',
    variables: {
      inner: real(55, 80),
      outer: real(75, 110),
      force: real(1000, 3000),
      surfaces: integer(2, 20),
    },
    metrics: { mass: minimize(), time: minimize() },
    constraints: ['radii', 'pressure', 'temperature', 'torque'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const inner = x[4 * i];
        const outer = x[4 * i + 1];
        const force = x[4 * i + 2];
        const surfaces = x[4 * i + 3];
        const width = outer - inner || 1e-9;
        const total = outer + inner;
        // (outer^3 - inner^3) / (outer^2 - inner^2), which stays finite at equal radii
        const arm = (outer ** 2 + outer * inner + inner ** 2) / total;
        const area = width * total;
        f[2 * i] = 4.9e-5 * area * (surfaces - 1);
        f[2 * i + 1] = 9.82e6 / (force * surfaces * arm);
        g[4 * i] = (20 - width) / 20;
        g[4 * i + 1] = (force / (3.14 * area) - 0.4) / 0.4;
        g[4 * i + 2] = (2.22e-3 * force * arm) / area - 1;
        g[4 * i + 3] = (900 - 2.66e-2 * force * surfaces * arm) / 900;
      }
    },
  });
