import type { Problem } from '../src/index.js';
import { c1Dtlz1, c2Dtlz2 } from './c-dtlz.js';
import { compress7 } from './compress7.js';
import { dtlz1, dtlz2, dtlz3, dtlz4 } from './dtlz.js';
import { bnh, osy, srn, tnk, weldedBeam } from './engineering.js';
import { mw1 } from './mw.js';
import { zdt1, zdt2, zdt3, zdt4, zdt6 } from './zdt.js';

/** What is known of a problem's true front, every objective minimised (a maximised metric with its sign turned). */
export interface ProblemReference {
  /** Smallest value of every objective on the front. */
  readonly ideal: readonly number[];
  /** Largest value of every objective on the front. */
  readonly nadir: readonly number[];
  /** Hypervolume of the front after `(f - ideal) / (nadir - ideal)`, reference point 1.1 in every objective. */
  readonly hypervolume?: number;
}

export interface CatalogueEntry {
  readonly name: string;
  create(): Problem;
  readonly reference?: ProblemReference;
}

/**
 * Every numeric problem by its name. A name ending in `-m2-n7` has 2 objectives and 7 variables; the others have the
 * numbers of their papers. Figures of the ten problems in {@link hundredEvaluations} were computed for that protocol (a fine
 * grid or a long run where there is no closed form); the rest follow from the definitions of the fronts, those of ZDT3
 * and ZDT6 with the positions of the extremes solved numerically.
 */
export const problems: readonly CatalogueEntry[] = [
  { name: 'zdt1', create: () => zdt1(), reference: unit(2) },
  { name: 'zdt2', create: () => zdt2(), reference: unit(2) },
  {
    name: 'zdt3',
    create: () => zdt3(),
    reference: { ideal: [0, -0.7733690123], nadir: [0.8518328654, 1] },
  },
  { name: 'zdt4', create: () => zdt4(), reference: unit(2) },
  { name: 'zdt6', create: () => zdt6(), reference: { ideal: [0.2807753191, 0], nadir: [1, 0.9211652202] } },
  { name: 'dtlz1', create: () => dtlz1(), reference: { ideal: [0, 0, 0], nadir: [0.5, 0.5, 0.5] } },
  { name: 'dtlz2', create: () => dtlz2(), reference: unit(3) },
  { name: 'dtlz3', create: () => dtlz3(), reference: unit(3) },
  { name: 'dtlz4', create: () => dtlz4(), reference: unit(3) },
  { name: 'c1-dtlz1', create: () => c1Dtlz1(), reference: { ideal: [0, 0, 0], nadir: [0.5, 0.5, 0.5] } },
  { name: 'c2-dtlz2', create: () => c2Dtlz2(), reference: unit(3) },
  { name: 'mw1', create: () => mw1(), reference: { ideal: [0, 0.15], nadir: [1, 1] } },
  { name: 'bnh', create: bnh, reference: { ideal: [0, 4], nadir: [136, 50], hypervolume: 1.025374033194 } },
  {
    name: 'srn',
    create: srn,
    reference: { ideal: [10.1, -217.739021], nadir: [222.968131, 2.61], hypervolume: 0.750643354472 },
  },
  {
    name: 'tnk',
    create: tnk,
    reference: { ideal: [0.041667, 0.041667], nadir: [1.038449, 1.038449], hypervolume: 0.51888386178 },
  },
  {
    name: 'osy',
    create: osy,
    reference: { ideal: [-274, 4], nadir: [-42, 76], hypervolume: 0.968845984215 },
  },
  {
    name: 'welded-beam',
    create: weldedBeam,
    reference: { ideal: [2.460373, 0.000439], nadir: [36.464909, 0.010483], hypervolume: 1.109618031985 },
  },
  {
    name: 'compress7',
    create: compress7,
    reference: { ideal: [-94.993902, 35.23], nadir: [-90.024313, 58.90625], hypervolume: 1.028404275113 },
  },
  { name: 'zdt1-m2-n7', create: () => zdt1(7), reference: { ...unit(2), hypervolume: 0.876641593272 } },
  { name: 'zdt2-m2-n7', create: () => zdt2(7), reference: { ...unit(2), hypervolume: 0.54330833375 } },
  { name: 'dtlz2-m2-n7', create: () => dtlz2(2, 7), reference: { ...unit(2), hypervolume: 0.424592019327 } },
  {
    name: 'c2-dtlz2-m2-n7',
    create: () => c2Dtlz2(2, 7),
    reference: { ...unit(2), hypervolume: 0.382321665668 },
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

function unit(objectives: number) {
  return { ideal: Array<number>(objectives).fill(0), nadir: Array<number>(objectives).fill(1) };
}
