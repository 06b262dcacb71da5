import { createHash } from 'node:crypto';
import { InputError, messageOf, show } from '../errors.js';
import type { ResolvedOptions } from '../options.js';
import { packageVersion } from '../package-version.js';
import type { Problem } from '../problem.js';
import type { Variables } from '../space.js';
import { plainText } from './line.js';

/** The form of a journal that this version writes and reads. */
export const FORMAT = 1;

/** What decides the course of a run: a journal is resumed by the same alone. */
export interface RunIdentity {
  readonly problem: Declaration;
  readonly options: ResolvedOptions;
  /** What else must be the same, such as hashes of a model and its data. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A problem as it was declared. */
export interface Declaration {
  readonly name: string;
  readonly variables: Variables;
  readonly metrics: Problem['metrics'];
  readonly constraints: readonly string[];
}

/** The first line of a journal. */
export interface Header extends RunIdentity {
  readonly journal: 'fronteira';
  readonly format: number;
  /** SHA-256 of the identity, hexadecimal. */
  readonly hash: string;
  readonly versions: Readonly<Record<string, string>>;
  /** What the owner of the run wants to find again, such as its command line. Not compared. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** Throws an InputError for values that cannot be written as JSON. */
export function headerOf(identity: RunIdentity, notes: Readonly<Record<string, unknown>>): Header {
  try {
    plainText([identity, notes]);
  } catch (error) {
    throw new InputError(
      `a journal needs a problem whose values can be written as JSON, got ${messageOf(error).split('\n')[0]}`,
    );
  }
  const hash = createHash('sha256').update(plainText(identity)).digest('hex');
  const versions = { fronteira: packageVersion(), node: process.versions.node };
  return { journal: 'fronteira', format: FORMAT, ...identity, hash, versions, notes };
}

export function declarationOf({ name, variables, metrics, constraints }: Problem): Declaration {
  return { name, variables, metrics, constraints: constraints.map((constraint) => constraint.name) };
}

/**
 * Where two values differ once both are written as JSON: `options.seed was 1, is 2`, a sentence a leaf, in the order of the keys.
 * Empty when they are the same.
 */
export function differences(was: unknown, is: unknown, path = ''): string[] {
  const [before, now] = path === '' ? [JSON.parse(plainText(was)), JSON.parse(plainText(is))] : [was, is];
  if (!isTree(before) || !isTree(now) || Array.isArray(before) !== Array.isArray(now))
    return Object.is(before, now) ? [] : [`${path} was ${show(before)}, is ${show(now)}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  const apart = [...keys].flatMap((key) =>
    differences(before[key], now[key], path === '' ? key : `${path}.${key}`),
  );
  // The same members in another order are another space: the order of variables and metrics counts.
  return apart.length === 0 && Object.keys(before).join() !== Object.keys(now).join()
    ? [`${path} came in the order ${Object.keys(before).join(', ')}, comes as ${Object.keys(now).join(', ')}`]
    : apart;
}

type Tree = Record<string, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}
