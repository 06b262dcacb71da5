export { InputError, RunError, show } from './errors.js';
export { type Random, randomOf, seedOf } from './math/random.js';
export {
  atLeast,
  atMost,
  defineProblem,
  type EvaluationContext,
  type Metrics,
  type MetricValues,
  maximize,
  minimize,
  type Problem,
  record,
} from './problem.js';
export { choice, integer, real, type Space, type ValuesOf, type Variables } from './space.js';
