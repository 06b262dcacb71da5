import type { Problem } from '../src/index.js';
import * as bounded from './bounded-fronts.js';
import { c1Dtlz1, c2Dtlz2, c3Dtlz4 } from './c-dtlz.js';
import { compress7, compress7Front } from './compress7.js';
import * as ctp from './ctp.js';
import * as dc from './dc-dtlz.js';
import { dtlz1, dtlz2, dtlz3, dtlz4, dtlz5, dtlz6, dtlz7 } from './dtlz.js';
import { bnh, discBrake, osy, srn, tnk, twoBarTruss, weldedBeam } from './engineering.js';
import * as made from './engineering-fronts.js';
import * as front from './fronts.js';
import * as mw from './mw.js';
import * as curves from './re/fronts.js';
import * as re from './re/suite.js';
import { weldFront, weldOfDeb, weldOfSuite } from './weld-front.js';
import { zdt1, zdt2, zdt3, zdt4, zdt5, zdt6 } from './zdt.js';

/** What is known of a problem's front, every objective minimised (a maximised metric with its sign turned). */
export interface ProblemReference {
  /** Smallest value of every objective on the front. */
  readonly ideal: readonly number[];
  /** Largest value of every objective on the front. */
  readonly nadir: readonly number[];
  /** Hypervolume of the front after `(f - ideal) / (nadir - ideal)`, reference point 1.1 in every objective. */
  readonly hypervolume?: number;
  /** Whether it is what long runs found, for want of a known front: to scale objectives by, not to judge a solver by. */
  readonly approximate?: boolean;
}

/** A test problem by its name, with what is known of its front. */
export interface CatalogueEntry {
  readonly name: string;
  /** A new one. */
  create(): Problem;
  readonly reference?: ProblemReference;
  /** Points of the true front, where it is known, row-major, minimised: at most `count`, which is no less than 2 and the objectives. */
  readonly front?: front.Front;
}

/**
 * Every numeric problem by its name. A name ending in `-m2-n7` has 2 objectives and 7 variables; the others have the
 * numbers of their papers. Figures of the ten problems in {@link hundredEvaluations} were computed for that protocol (a fine
 * grid or a long run where there is no closed form); the welded beam's leave out the cheap end of its front, which reaches a
 * cost of 2.380959 at a deflection of 0.01575918. The rest follow from the definitions of the fronts, those of ZDT3
 * and ZDT6, DTLZ7, MW6, MW12 to MW14 and CTP with the positions of the extremes solved numerically. Of most problems of
 * three objectives and more in the RE suite no front is known, and the reference is approximate.
 */
export const problems: readonly CatalogueEntry[] = [
  { name: 'zdt1', create: () => zdt1(), reference: unit(2), front: front.zdt1Front },
  { name: 'zdt2', create: () => zdt2(), reference: unit(2), front: front.zdt2Front },
  {
    name: 'zdt3',
    create: () => zdt3(),
    reference: { ideal: [0, -0.7733690123], nadir: [0.8518328654, 1] },
    front: front.zdt3Front,
  },
  { name: 'zdt4', create: () => zdt4(), reference: unit(2), front: front.zdt1Front },
  {
    name: 'zdt5',
    create: () => zdt5(),
    reference: { ideal: [1, 10 / 31], nadir: [31, 10] },
    front: front.zdt5Front,
  },
  {
    name: 'zdt6',
    create: () => zdt6(),
    reference: { ideal: [0.2807753191, 0], nadir: [1, 0.9211652202] },
    front: front.zdt6Front,
  },
  { name: 'dtlz1', create: () => dtlz1(), reference: box([0, 0, 0], 0.5), front: front.dtlz1Front(3) },
  { name: 'dtlz2', create: () => dtlz2(), reference: unit(3), front: front.dtlz2Front(3) },
  { name: 'dtlz3', create: () => dtlz3(), reference: unit(3), front: front.dtlz2Front(3) },
  { name: 'dtlz4', create: () => dtlz4(), reference: unit(3), front: front.dtlz2Front(3) },
  { name: 'dtlz5', create: () => dtlz5(), reference: arc(), front: front.dtlz5Front },
  { name: 'dtlz6', create: () => dtlz6(), reference: arc(), front: front.dtlz5Front },
  {
    name: 'dtlz7',
    create: () => dtlz7(),
    reference: { ideal: [0, 0, 2.614008731], nadir: [0.8594008567, 0.8594008567, 6] },
    front: front.dtlz7Front(3),
  },
  { name: 'c1-dtlz1', create: () => c1Dtlz1(), reference: box([0, 0, 0], 0.5), front: front.dtlz1Front(3) },
  { name: 'c2-dtlz2', create: () => c2Dtlz2(), reference: unit(3), front: front.c2Dtlz2Front(3) },
  { name: 'c3-dtlz4', create: () => c3Dtlz4(), reference: box([0, 0, 0], 2), front: front.c3Dtlz4Front(3) },
  {
    name: 'dc1-dtlz1',
    create: () => dc.dc1Dtlz1(),
    reference: { ideal: [0, 0, 0.0898917376], nadir: [0.4101082624, 0.4101082624, 0.5] },
    front: front.dc1Dtlz1Front(3),
  },
  {
    name: 'dc1-dtlz3',
    create: () => dc.dc1Dtlz3(),
    reference: { ideal: [0, 0, 0], nadir: [1, 1, 0.9603885196] },
    front: front.dc1Dtlz3Front(3),
  },
  {
    name: 'dc2-dtlz1',
    create: () => dc.dc2Dtlz1(),
    reference: box([0, 0, 0], 0.5),
    front: front.dtlz1Front(3),
  },
  { name: 'dc2-dtlz3', create: () => dc.dc2Dtlz3(), reference: unit(3), front: front.dtlz2Front(3) },
  {
    name: 'dc3-dtlz1',
    create: () => dc.dc3Dtlz1(),
    reference: { ideal: [0, 0, 1 / 15], nadir: [0.3755555556, 13 / 30, 0.5] },
    front: front.dc3Dtlz1Front(3),
  },
  {
    name: 'dc3-dtlz3',
    create: () => dc.dc3Dtlz3(),
    reference: { ideal: [0.0432272712, 0, 0], nadir: [1, 0.9781476007, 0.9781476007] },
    front: front.dc3Dtlz3Front(3),
  },
  {
    name: 'mw1',
    create: () => mw.mw1(),
    reference: { ideal: [0, 0.15], nadir: [1, 1] },
    front: front.mw1Front,
  },
  { name: 'mw2', create: () => mw.mw2(), reference: unit(2), front: front.mw2Front },
  { name: 'mw3', create: () => mw.mw3(), reference: unit(2), front: front.mw3Front },
  { name: 'mw4', create: () => mw.mw4(), reference: unit(3), front: front.mw4Front(3) },
  { name: 'mw5', create: () => mw.mw5(), reference: unit(2), front: front.mw5Front },
  {
    name: 'mw6',
    create: () => mw.mw6(),
    reference: { ideal: [0.0162776313, 0], nadir: [1.1, 1.0998795565] },
    front: front.mw6Front,
  },
  { name: 'mw7', create: () => mw.mw7(), reference: box([0, 0], 1.15), front: front.mw7Front },
  { name: 'mw8', create: () => mw.mw8(), reference: unit(3), front: front.mw8Front(3) },
  {
    name: 'mw9',
    create: () => mw.mw9(),
    reference: { ideal: [0, 0], nadir: [1, 1] },
    front: bounded.mw9Front,
  },
  {
    name: 'mw10',
    create: () => mw.mw10(),
    reference: { ideal: [0.2324952774, 0], nadir: [1, 1.1351351351] },
    front: bounded.mw10Front,
  },
  {
    name: 'mw11',
    create: () => mw.mw11(),
    reference: { ideal: [0.3706357085, 0.3310810811], nadir: [2.0664631905, 2.0384047267] },
    front: bounded.mw11Front,
  },
  {
    name: 'mw12',
    create: () => mw.mw12(),
    reference: { ideal: [0, 0.0039191489], nadir: [1.3163964358, 1] },
    front: bounded.mw12Front,
  },
  {
    name: 'mw13',
    create: () => mw.mw13(),
    reference: { ideal: [0, 0.0183109299], nadir: [1.5, 4] },
    front: bounded.mw13Front,
  },
  {
    name: 'mw14',
    create: () => mw.mw14(),
    reference: { ideal: [0, 0, 0.0229349291], nadir: [1.5, 1.5, 5] },
    front: front.mw14Front(3),
  },
  {
    name: 'ctp1',
    create: () => ctp.ctp1(),
    reference: { ideal: [0, 0.5421723165], nadir: [1, 1] },
    front: bounded.ctp1Front,
  },
  {
    name: 'ctp2',
    create: () => ctp.ctp2(),
    reference: { ideal: [0, 0.287244702], nadir: [0.98447, 1] },
    front: bounded.ctp2Front,
  },
  {
    name: 'ctp3',
    create: () => ctp.ctp3(),
    reference: { ideal: [0, 0.294657699], nadir: [0.9708203932, 1] },
    front: bounded.ctp3Front,
  },
  {
    name: 'ctp4',
    create: () => ctp.ctp4(),
    reference: { ideal: [0, 0.294657699], nadir: [0.9708203932, 1] },
    front: bounded.ctp4Front,
  },
  {
    name: 'ctp5',
    create: () => ctp.ctp5(),
    reference: { ideal: [0, 0.2801130268], nadir: [0.9908394147, 1] },
    front: bounded.ctp5Front,
  },
  {
    name: 'ctp6',
    create: () => ctp.ctp6(),
    reference: { ideal: [0, 0.881258989], nadir: [1, 3.6957538196] },
    front: bounded.ctp6Front,
  },
  {
    name: 'ctp7',
    create: () => ctp.ctp7(),
    reference: { ideal: [0, 0], nadir: [1, 1.0446206659] },
    front: bounded.ctp7Front,
  },
  {
    name: 'ctp8',
    create: () => ctp.ctp8(),
    reference: { ideal: [0, 1.3727], nadir: [0.822864, 3.6957538196] },
    front: bounded.ctp8Front,
  },
  {
    name: 'bnh',
    create: bnh,
    reference: { ideal: [0, 4], nadir: [136, 50], hypervolume: 1.025374033194 },
    front: front.bnhFront,
  },
  {
    name: 'srn',
    create: srn,
    reference: { ideal: [10.1, -217.739021], nadir: [222.968131, 2.61], hypervolume: 0.750643354472 },
    front: made.srnFront,
  },
  {
    name: 'tnk',
    create: tnk,
    reference: { ideal: [0.041667, 0.041667], nadir: [1.038449, 1.038449], hypervolume: 0.51888386178 },
    front: made.tnkFront,
  },
  {
    name: 'osy',
    create: osy,
    reference: { ideal: [-274, 4], nadir: [-42, 76], hypervolume: 0.968845984215 },
    front: made.osyFront,
  },
  {
    name: 'welded-beam',
    create: weldedBeam,
    reference: { ideal: [2.460373, 0.000439], nadir: [36.464909, 0.010483], hypervolume: 1.109618031985 },
    front: weldFront(weldOfDeb),
  },
  {
    name: 'two-bar-truss',
    create: twoBarTruss,
    reference: { ideal: [0.004, 8432.740427], nadir: [0.051387012, 100000] },
    front: front.twoBarTrussFront,
  },
  {
    name: 'disc-brake',
    create: discBrake,
    reference: { ideal: [0.1274, 1.139072039], nadir: [5.3067, 16.6549249837] },
    front: made.discBrakeFront,
  },
  {
    name: 're21',
    create: re.re21,
    reference: { ideal: [1237.8414230006, 0.0027614237], nadir: [2886.3695604236, 0.04] },
    front: made.re21Front,
  },
  {
    name: 're22',
    create: re.re22,
    reference: { ideal: [5.88, 0], nadir: [361.2415171, 180.01547] },
    front: curves.re22Front,
  },
  {
    name: 're23',
    create: re.re23,
    reference: { ideal: [15.9018007813, 0], nadir: [5850.38306, 1288669.780542] },
    front: curves.re23Front,
  },
  {
    name: 're24',
    create: re.re24,
    reference: { ideal: [60.5, 0], nadir: [481.6071428571, 44.2819047619] },
    front: curves.re24Front,
  },
  {
    name: 're25',
    create: re.re25,
    reference: { ideal: [0.0375913492, 0], nadir: [0.4039703671, 2224669.442418] },
    front: curves.re25Front,
  },
  {
    name: 're31',
    create: re.re31,
    reference: found([5.537319e-5, 0.3333333, 0], [500.0029, 8246211, 19359920], 1.331),
  },
  {
    name: 're32',
    create: re.re32,
    reference: found([0.0102055, 0.00043904, 0], [35.5894, 17561.6, 425063000], 1.3306),
  },
  {
    name: 're33',
    create: re.re33,
    reference: found([-0.721525, 1.139072, 0], [5.3067, 9.01768, 345143500], 1.3144),
  },
  {
    name: 're34',
    create: re.re34,
    reference: found([1661.708, 6.1428, 0.0394], [1695.2, 10.74953, 0.264], 1.0531),
  },
  {
    name: 're35',
    create: re.re35,
    reference: found([2352.346, 694.2336, 0], [6825.848, 1695.964, 397.3589], 1.3046),
  },
  {
    name: 're36',
    create: re.re36,
    reference: { ideal: [7.89473684e-5, 12, 0], nadir: [5.931, 49, 0.3557206752] },
    front: made.re36Front,
  },
  {
    name: 're37',
    create: re.re37,
    reference: found([0.008893414, 0.00488, -0.4315], [1.002, 1.074327, 1.0965], 0.9029),
  },
  {
    name: 're41',
    create: re.re41,
    reference: found([15.576, 3.58525, 10.61064, 0], [42.76801, 4.42725, 13.09138, 9.494019], 0.9036),
  },
  {
    name: 're42',
    create: re.re42,
    // As its authors give them (github.com/ryojitanabe/reproblems, ideal_nadir_points).
    reference: found(
      [-2756.25904, 3962.557843, 1947.880857, 0],
      [-1010.52296, 13827.13846, 2611.966811, 12.43766993],
    ),
  },
  {
    name: 're61',
    create: re.re61,
    reference: found(
      [63840.28, 30, 285346.9, 183750, 7.222222, 0],
      [75716.02, 1350, 2853469, 16020810, 346735, 93789.32],
    ),
  },
  {
    name: 're91',
    create: re.re91,
    reference: found(
      [15.54975, 0.2679155, 0.3537846, 0.3180645, 0.6487479, 0.6592973, 0.8963125, 0.8390846, 0.8225701],
      [42.68926, 1.029904, 0.9274159, 0.789765, 1.470629, 1.139725, 1.106812, 1.022789, 1.022748],
    ),
  },
  {
    name: 'cre21',
    create: re.cre21,
    reference: { ideal: [0.004, 1712.3287671233], nadir: [0.1, 100000] },
    front: made.cre21Front,
  },
  {
    name: 'cre22',
    create: re.cre22,
    reference: { ideal: [1.7248526335, 0.00043904], nadir: [35.3075735008, 0.0144596612] },
    front: weldFront(weldOfSuite),
  },
  {
    name: 'cre23',
    create: re.cre23,
    reference: { ideal: [1.274, 1.139072039], nadir: [5.3067, 3.0281681789] },
    front: made.cre23Front,
  },
  {
    name: 'cre24',
    create: re.cre24,
    reference: { ideal: [2771.9151495057, 694.7057435601], nadir: [5777.9202861744, 1300] },
    front: curves.cre24Front,
  },
  {
    name: 'cre25',
    create: re.cre25,
    reference: { ideal: [7.89473684e-5, 23], nadir: [3.2573888889, 49] },
    front: made.cre25Front,
  },
  {
    name: 'cre31',
    create: re.cre31,
    reference: found([23.58566, 3.58525, 10.61064], [42.76801, 3.999999, 12.52116], 0.8541),
  },
  {
    name: 'cre32',
    create: re.cre32,
    reference: found([-1941.861, 4880.198, 2440.839], [-691.7519, 10723.11, 4924.319], 0.8783),
  },
  {
    name: 'cre51',
    create: re.cre51,
    reference: found(
      [63840.28, 40.46187, 285346.9, 183750, 7.222222],
      [74279.13, 1350, 2853469, 7643424, 25000],
      0.9394,
    ),
  },
  {
    name: 'compress7',
    create: compress7,
    reference: { ideal: [-94.993902, 35.23], nadir: [-90.024313, 58.90625], hypervolume: 1.028404275113 },
    front: compress7Front,
  },
  {
    name: 'zdt1-m2-n7',
    create: () => zdt1(7),
    reference: { ...unit(2), hypervolume: 0.876641593272 },
    front: front.zdt1Front,
  },
  {
    name: 'zdt2-m2-n7',
    create: () => zdt2(7),
    reference: { ...unit(2), hypervolume: 0.54330833375 },
    front: front.zdt2Front,
  },
  {
    name: 'dtlz2-m2-n7',
    create: () => dtlz2(2, 7),
    reference: { ...unit(2), hypervolume: 0.424592019327 },
    front: front.dtlz2Front(2),
  },
  {
    name: 'c2-dtlz2-m2-n7',
    create: () => c2Dtlz2(2, 7),
    reference: { ...unit(2), hypervolume: 0.382321665668 },
    front: front.c2Dtlz2Front(2),
  },
];

/** Names of the ten problems of the protocol of hundred evaluations, where budgets are as small as those of real use. */
export const hundredEvaluations: readonly string[] = [
  'bnh',
  'srn',
  'tnk',
  'osy',
  'dtlz2-m2-n7',
  'c2-dtlz2-m2-n7',
  'zdt1-m2-n7',
  'zdt2-m2-n7',
  'welded-beam',
  'compress7',
];

/**
 * What long runs found: feasible and non-dominated, of NSGA-II and NSGA-III on all objectives and of NSGA-II on each alone and on all but
 * one, three seeds each. `benchmarks/reference-points` makes it, and its table says what was run. To scale objectives by, not to judge
 * a solver by: two to four figures of the ideal point hold; the nadir point is that of the far ends that were found, and differs
 * from run to run. RE33 divides by x2^2 - x1^2: how high its third objective gets is how near to 0 a run comes.
 */
function found(ideal: readonly number[], nadir: readonly number[], hypervolume?: number): ProblemReference {
  return { ideal, nadir, approximate: true, ...(hypervolume !== undefined && { hypervolume }) };
}

function unit(objectives: number): ProblemReference {
  return box(Array<number>(objectives).fill(0), 1);
}

/** The largest values are the same for every objective. */
function box(ideal: readonly number[], nadir: number): ProblemReference {
  return { ideal, nadir: ideal.map(() => nadir) };
}

function arc(): ProblemReference {
  return { ideal: [0, 0, 0], nadir: [Math.SQRT1_2, Math.SQRT1_2, 1] };
}
