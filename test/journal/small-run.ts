import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  atLeast,
  choice,
  defineProblem,
  integer,
  maximize,
  minimize,
  type OptimizeOptions,
  type Run,
  real,
  record,
} from '../../src/index.js';

/** A mixed problem with a constraint, failures, and recorded metrics that JSON has no numbers for. */
export const beam = (calls: number[][] = []) =>
  defineProblem({
    name: 'beam',
    variables: { thickness: real(-1, 1), ribs: integer(0, 4), material: choice('steel', 'aluminium') },
    metrics: { weight: minimize(), strength: maximize(), odd: record() },
    constraints: [atLeast('strength', 0.5)],
    evaluate: ({ thickness, ribs, material }) => {
      calls.push([thickness, ribs]);
      if (thickness > 0.8) throw new Error('the beam "broke"\nin two');
      const density = material === 'steel' ? 2 : 1;
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1 / 3][ribs];
      return { weight: density * (thickness + ribs), strength: density * (thickness ** 2 + ribs / 3), odd };
    },
  });

export const direct: OptimizeOptions = { surrogate: false, budget: 8, populationSize: 4, seed: 3 };

/** What of a run must be the same, bit for bit, however often it was interrupted. */
export function lasting({ problem, notices: _, evaluations, ...run }: Run) {
  return { problem: problem.name, evaluations: evaluations.map(({ seconds: __, ...rest }) => rest), ...run };
}

/** An empty folder, in memory where the system has such: hundreds of journals are written and flushed. */
export function emptyFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fronteira-journal-'));
}
