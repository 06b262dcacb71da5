export { c1Dtlz1, c2Dtlz2 } from './c-dtlz.js';
export { type CatalogueEntry, hundredEvaluations, type ProblemReference, problems } from './catalogue.js';
export { compress7 } from './compress7.js';
export { dtlz1, dtlz2, dtlz3, dtlz4 } from './dtlz.js';
export { bnh, osy, srn, tnk, weldedBeam } from './engineering.js';
export { mw1 } from './mw.js';
export { zdt1, zdt2, zdt3, zdt4, zdt6 } from './zdt.js';
