import { describe, expect, it } from 'vitest';
import { createPopulation } from '../../../src/index.js';
import { feasibleObjectives, reliableObjectives } from '../../../src/surrogates/auto/objective-vectors.js';
import { logWarping, noWarping } from '../../../src/surrogates/auto/output-warping.js';
import { outlook, problem } from './one-variable.js';

const identity = (a: number) => a;

/** A solved surrogate problem of these variables, constraint violations and objectives. */
function solvedOf(...vectors: readonly (readonly [a: number, cv: number, f: readonly number[]])[]) {
  const solved = createPopulation(vectors.length, { variables: 1, objectives: 2, constraints: 1 });
  solved.size = vectors.length;
  vectors.forEach(([a, cv, f], i) => {
    solved.x[i] = a;
    solved.cv[i] = cv;
    solved.f.set(f, 2 * i);
  });
  return solved;
}

const solved = solvedOf([0.25, 0, [3, 5]], [0.5, 0.3, [4, 4]], [1, 0, [5, 3]]);

describe('the objectives of a solved surrogate problem', () => {
  it('are those of the vectors that are expected to be feasible', () => {
    expect(feasibleObjectives(solved).map((f) => [...f])).toEqual([
      [3, 5],
      [5, 3],
    ]);
  });

  it('that may be relied on are the means and a standard deviation more, in the units of the objectives', () => {
    const vectors = reliableObjectives(problem, solved, [
      outlook(identity, 0.5),
      outlook(identity, 0.25, logWarping(0, 1)),
    ]);
    // The logarithm takes w for e^w - 1.
    expect(vectors.map((f) => [...f])).toEqual([
      [0.75, Math.expm1(0.5)],
      [1.5, Math.expm1(1.25)],
    ]);
  });

  it('are not relied on beyond all doubles', () => {
    const objectives = [outlook(identity, 1, noWarping), outlook(identity, 800, logWarping(0, 1))];
    expect(reliableObjectives(problem, solved, objectives)).toEqual([]);
  });
});
