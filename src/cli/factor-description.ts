import { InputError, show } from '../errors.js';
import { COMPRESSION_FACTORS, type FactorStudy } from '../study/factors.js';
import type { StudyProblem } from '../study/study.js';
import type { NetworkFlags } from './network-options.js';
import type { StudyFlags } from './study-output.js';

/** The options of a factor study. */
export interface FactorFlags extends StudyFlags, NetworkFlags {
  readonly factors?: boolean;
}

/** A factor study as a file describes it, and how it is run. */
export interface Described {
  readonly name: string;
  readonly problem: StudyProblem;
  readonly factors: FactorStudy;
  readonly seed: number;
  readonly folder: string;
}

/** The published factorial of a network. */
export function networkFactors({ model, data, limit, mean, std, seed, threads }: FactorFlags): Described {
  return {
    name: `the factors of ${model}`,
    problem: { name: model, compression: { model, data, limit, mean, std, threads } },
    factors: COMPRESSION_FACTORS,
    seed,
    folder: '.',
  };
}

/** The factor study of a file. Throws an InputError that names what is wrong with it. */
export function checkFactors(value: object, name: string, folder: string): Described {
  const given = value as Readonly<Record<string, unknown>>;
  const { problem, factors, fixed = {}, marks = {}, seed = 1 } = given;
  const unknown = Object.keys(given).find(
    (key) => !['name', 'problem', 'factors', 'fixed', 'marks', 'seed'].includes(key),
  );
  if (unknown !== undefined)
    throw new InputError(
      `a factor study has name, problem, factors, fixed, marks, seed, got ${show(unknown)}`,
    );
  const isFactor = (factor: Partial<FactorStudy['factors'][number]> | null) =>
    Array.isArray(factor?.variables) && Array.isArray(factor.levels) && factor.levels.length > 0;
  if (!Array.isArray(factors) || factors.length === 0 || !factors.every(isFactor))
    throw new InputError(
      `the factors must be a list of { variables: [names], levels: [values] }, got ${show(factors)}`,
    );
  for (const [key, part] of Object.entries({ fixed, marks }))
    if (typeof part !== 'object' || part === null || Array.isArray(part))
      throw new InputError(`${key} of a factor study must be an object, got ${show(part)}`);
  if (problem === undefined) throw new InputError('a factor study needs a problem, got none');
  return {
    name: typeof given['name'] === 'string' ? given['name'] : name,
    problem: problem as StudyProblem,
    factors: { factors, fixed, marks } as FactorStudy,
    seed: seed as number,
    folder,
  };
}
