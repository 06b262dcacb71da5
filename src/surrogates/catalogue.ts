import { forest } from './forest.js';
import { gaussianProcess } from './gaussian-process.js';
import { linear } from './linear.js';
import { nearestNeighbours } from './nearest-neighbours.js';
import { quadratic } from './quadratic.js';
import { radialBasis } from './radial-basis.js';
import type { Regressor } from './regressor.js';
import { tree } from './tree.js';

/** The pool that surrogates are selected from; of two with the same score the earlier is taken. */
export const regressors: readonly Regressor[] = [
  linear,
  quadratic,
  tree,
  forest,
  nearestNeighbours,
  radialBasis,
  gaussianProcess,
];
