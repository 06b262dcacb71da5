import { sampleRankCorrelation } from 'simple-statistics';
import { InputError, show } from '../errors.js';
import type { Problem } from '../problem.js';
import { checkVector, encode } from '../space.js';

/** Variables that take the same levels together: values as the problem's evaluation knows them. */
export interface Factor {
  readonly variables: readonly string[];
  readonly levels: readonly unknown[];
}

/** A full factorial: every combination of the levels of all factors; what no factor names is fixed. */
export interface FactorStudy {
  readonly factors: readonly Factor[];
  readonly fixed: Readonly<Record<string, unknown>>;
  /** A point carries a mark where one of its variables is not 0: a network is pruned where x1 or x2 is. */
  readonly marks: Readonly<Record<string, readonly string[]>>;
}

/** One combination. */
export interface FactorPoint {
  readonly x: readonly number[];
  /** Metrics by name; empty where the evaluation failed. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The marks it carries, joined; `none`, or `both` where it carries both of two. */
  readonly group: string;
  readonly error?: string;
}

/** The published factorial of the compression problem: x1 and x2, x3 with x4, x7; x5 and x6 prune weights and biases. */
export const COMPRESSION_FACTORS: FactorStudy = {
  factors: [
    { variables: ['x1'], levels: [0, 1, 2] },
    { variables: ['x2'], levels: [0, 1, 2] },
    { variables: ['x3', 'x4'], levels: [0.1, 0.25, 0.5, 0.75, 0.95] },
    { variables: ['x7'], levels: [0, 1] },
  ],
  fixed: { x5: 2, x6: 2 },
  marks: { pruned: ['x1', 'x2'], quantized: ['x7'] },
};

const MOST = 100_000;

/**
 * The decision vectors of a full factorial, the last factor fastest. Throws an InputError where a factor names no variable
 * of the problem or one that another names, a level lies outside its domain, or a variable is left open.
 */
export function factorial(problem: Problem, { factors, fixed }: FactorStudy): Float64Array[] {
  const named = [...factors.flatMap(({ variables }) => variables), ...Object.keys(fixed)];
  const unknown = named.find((name) => !problem.space.names.includes(name));
  if (unknown !== undefined)
    throw new InputError(`the factors must be among ${problem.space.names.join(', ')}, got ${show(unknown)}`);
  const twice = named.find((name, i) => named.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`a variable must have one factor, got ${show(twice)} twice`);
  const open = problem.space.names.find((name) => !named.includes(name));
  if (open !== undefined)
    throw new InputError(`every variable must have a factor or be fixed, got neither for ${show(open)}`);
  const count = factors.reduce((product, { levels }) => product * levels.length, 1);
  if (!(count >= 1 && count <= MOST))
    throw new InputError(`a factorial must have 1 to ${MOST} combinations, got ${count}`);
  return Array.from({ length: count }, (_, index) => {
    const values: Record<string, unknown> = { ...fixed };
    let rest = index;
    for (const { variables, levels } of [...factors].reverse()) {
      for (const name of variables) values[name] = levels[rest % levels.length];
      rest = Math.floor(rest / levels.length);
    }
    const x = encode(problem.variables, values as never);
    checkVector(problem.space, x);
    return x;
  });
}

/** The problem with every decision vector standing for itself alone: a factorial measures each of its combinations. */
export function eachForItself(problem: Problem): Problem {
  const { canonical: _, ...space } = problem.space;
  return { ...problem, space };
}

/** The marks of a decision vector as the name of its group. */
export function groupOf(problem: Problem, { marks }: FactorStudy, x: ArrayLike<number>): string {
  const names = Object.keys(marks);
  const carried = names.filter((mark) =>
    marks[mark].some((name) => x[problem.space.names.indexOf(name)] !== 0),
  );
  if (carried.length === 0) return 'none';
  return carried.length === 2 && names.length === 2 ? 'both' : carried.join(' and ');
}

/** Spearman's rank correlation of every two metrics over the points measured, row by row; NaN where one is constant. */
export function rankCorrelations(points: readonly FactorPoint[], metrics: readonly string[]): number[][] {
  const found = points.filter(({ error }) => error === undefined);
  const column = (name: string) => found.map((point) => point.metrics[name]);
  return metrics.map((a) =>
    metrics.map((b) => (found.length < 2 ? Number.NaN : sampleRankCorrelation(column(a), column(b)))),
  );
}
