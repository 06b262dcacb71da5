import type { Random } from '../../math/random.js';
import { uniformSample } from '../../operators/sampling.js';
import { CHOICE, REAL, type Space } from '../../space.js';

export interface SearchEffort {
  /** Vectors drawn uniformly, beside the seeds. */
  readonly samples: number;
  /** How many of the best are improved. */
  readonly starts: number;
  /** Steps that each of them takes. */
  readonly steps: number;
}

export interface Maximum {
  readonly x: Float64Array;
  readonly value: number;
}

/**
 * A vector of high score: the best seeds and uniform samples, each improved by a (1+1) evolution strategy whose step follows
 * the one-fifth rule (Rechenberg, 1973): a success lengthens it, a failure shortens it a quarter as much. Scores of
 * -Infinity and NaN are never taken; null when there is no other.
 */
export function maximise(
  space: Space,
  score: (x: Float64Array) => number,
  seeds: readonly Float64Array[],
  random: Random,
  { samples, starts, steps }: SearchEffort,
): Maximum | null {
  const n = space.length;
  const sample = uniformSample(space, samples, random);
  const candidates = [...seeds];
  for (let i = 0; i < samples; i++) candidates.push(sample.subarray(i * n, (i + 1) * n));
  const ranked = candidates
    .map((x) => ({ x, value: score(x) }))
    .filter(({ value }) => value > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.value - a.value);
  let best: Maximum | null = null;
  for (const start of ranked.slice(0, starts)) {
    const end = improve(space, score, start, random, steps);
    if (!best || end.value > best.value) best = end;
  }
  return best;
}

function improve(
  space: Space,
  score: (x: Float64Array) => number,
  start: Maximum,
  random: Random,
  steps: number,
): Maximum {
  let { value } = start;
  let x = start.x.slice();
  let trial = x.slice();
  let length = 0.1;
  for (let step = 0; step < steps; step++) {
    if (!perturb(space, x, trial, length, random)) continue;
    const next = score(trial);
    if (next > value) {
      value = next;
      [x, trial] = [trial, x];
      length = Math.min(0.5, length * 1.5);
    } else length = Math.max(1e-5, length * 1.5 ** -0.25);
  }
  return { x, value };
}

/** Writes to `to` a neighbour of `from`, `length` (a share of the bounds) away; returns whether it differs. */
function perturb(
  { length: n, kind, lower, upper }: Space,
  from: Float64Array,
  to: Float64Array,
  length: number,
  random: Random,
): boolean {
  const chance = Math.max(0.3, 1 / n);
  const certain = random.integer(n);
  let differs = false;
  for (let v = 0; v < n; v++) {
    to[v] = from[v];
    if (v !== certain && random.uniform() >= chance) continue;
    const span = upper[v] - lower[v];
    if (kind[v] === REAL) to[v] = from[v] + length * span * random.normal();
    else if (kind[v] === CHOICE) to[v] = random.integer(span + 1);
    else {
      const step = length * span * random.normal();
      to[v] = from[v] + Math.sign(step) * Math.max(1, Math.round(Math.abs(step)));
    }
    to[v] = Math.min(upper[v], Math.max(lower[v], to[v]));
    differs ||= to[v] !== from[v];
  }
  return differs;
}
