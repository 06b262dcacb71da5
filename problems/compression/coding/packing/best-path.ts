import { after, magnitudeOf, oddOf, STATES } from '../levels/trellis.js';
import { type IndexCosts, LAST } from './index-costs.js';

/** Finds the levels of paths of one length, one after the other. */
export interface PathFinder {
  /** What the levels should be: set before `find`. */
  readonly targets: Float64Array;
  /** What `find` found. */
  readonly levels: Int32Array;
  /** The path of least `sum (level - target)^2 + worth bits` (Viterbi 1967). Among equals the one through lower states. */
  find(costs: IndexCosts, worth: number): void;
}

/** 24 trials a number. */
export function pathFinder(length: number): PathFinder {
  const targets = new Float64Array(length);
  const levels = new Int32Array(length);
  /** Of the best path to each state: the state before, and the index that led there. */
  const before = new Uint8Array(length * STATES);
  const taken = new Int32Array(length * STATES);
  let costs = new Float64Array(STATES);
  let next = new Float64Array(STATES);
  return {
    targets,
    levels,
    find(indexCosts, worth) {
      costs.fill(Number.POSITIVE_INFINITY);
      costs[0] = 0;
      for (let at = 0; at < length; at++) {
        const size = Math.abs(targets[at]);
        next.fill(Number.POSITIVE_INFINITY);
        for (let state = 0; state < STATES; state++)
          if (costs[state] < Number.POSITIVE_INFINITY) branch(at, size, state, indexCosts.bits, worth);
        [costs, next] = [next, costs];
      }
      trace();
    },
  };

  /** The indices next to the target and the one below them. */
  function branch(at: number, size: number, state: number, bits: Float64Array, worth: number): void {
    const odd = oddOf(state);
    const below = Math.floor((size + odd) / 2);
    for (let index = below > 0 ? below - 1 : 0; index <= below + 1; index++) {
      const error = size - magnitudeOf(index, odd);
      const price = bits[odd * (LAST + 1) + (index < LAST ? index : LAST)];
      const cost = costs[state] + error * error + worth * price;
      const to = after(state, index);
      if (cost >= next[to]) continue;
      next[to] = cost;
      before[at * STATES + to] = state;
      taken[at * STATES + to] = index;
    }
  }

  function trace(): void {
    let state = 0;
    for (let other = 1; other < STATES; other++) if (costs[other] < costs[state]) state = other;
    for (let at = length - 1; at >= 0; at--) {
      const index = taken[at * STATES + state];
      state = before[at * STATES + state];
      const size = magnitudeOf(index, oddOf(state));
      levels[at] = targets[at] < 0 ? -size : size;
    }
  }
}
