import { defineProblem, minimize, real } from '../src/index.js';

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
