export { c1Dtlz1, c2Dtlz2, c3Dtlz4 } from './c-dtlz.js';
export { type CatalogueEntry, hundredEvaluations, type ProblemReference, problems } from './catalogue.js';
export { compress7 } from './compress7.js';
export { ctp1, ctp2, ctp3, ctp4, ctp5, ctp6, ctp7, ctp8 } from './ctp.js';
export { dc1Dtlz1, dc1Dtlz3, dc2Dtlz1, dc2Dtlz3, dc3Dtlz1, dc3Dtlz3 } from './dc-dtlz.js';
export { dtlz1, dtlz2, dtlz3, dtlz4, dtlz5, dtlz6, dtlz7 } from './dtlz.js';
export { bnh, discBrake, osy, srn, tnk, twoBarTruss, weldedBeam } from './engineering.js';
export type { Front } from './fronts.js';
export {
  mw1,
  mw2,
  mw3,
  mw4,
  mw5,
  mw6,
  mw7,
  mw8,
  mw9,
  mw10,
  mw11,
  mw12,
  mw13,
  mw14,
} from './mw.js';
export { wireDiameters } from './re/machines.js';
export { barAreas } from './re/structures.js';
export {
  cre21,
  cre22,
  cre23,
  cre24,
  cre25,
  cre31,
  cre32,
  cre51,
  re21,
  re22,
  re23,
  re24,
  re25,
  re31,
  re32,
  re33,
  re34,
  re35,
  re36,
  re37,
  re41,
  re42,
  re61,
  re91,
} from './re/suite.js';
export { zdt1, zdt2, zdt3, zdt4, zdt5, zdt6 } from './zdt.js';
