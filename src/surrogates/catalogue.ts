import { forest } from './forest.js';
import { gaussianProcess } from './gaussian-process.js';
import { kernelRidge } from './kernel-ridge.js';
import { linear } from './linear.js';
import { nearestNeighbours } from './nearest-neighbours.js';
import { quadratic } from './quadratic.js';
import { radialBasis, thinPlateSpline } from './radial-basis.js';
import type { Regressor } from './regressor.js';
import { ridge } from './ridge.js';
import { supportVector } from './support-vector.js';
import { tree } from './tree.js';

/** The pool that surrogates are selected from; of two with the same score the earlier is taken. */
export const regressors: readonly Regressor[] = [
  linear,
  ridge,
  quadratic,
  tree,
  forest,
  nearestNeighbours,
  radialBasis,
  thinPlateSpline,
  kernelRidge,
  supportVector,
  gaussianProcess,
];
