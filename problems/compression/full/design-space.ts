import {
  checkVector,
  choice,
  decode,
  encode,
  integer,
  real,
  spaceOf,
  type Variable,
  type Variables,
} from '../../../src/index.js';
import type { VariableWords } from '../design-space.js';
import { type ChannelCriterion, channelCriteria } from '../pruning/channel-selection.js';
import { type CalibrationMethod, calibrationMethods } from '../quantization/activation-range.js';
import { type FullPlan, type Recovery, recoveries } from './full-plan.js';
import type { QuantizationChoice } from './quantization-choices.js';
import { channelsKept, type Stage } from './stages.js';
import { type ZeroCriterion, zeroCriteria } from './zero-weights.js';

/** What the variables of a search over whole plans are made from. */
export interface FullDesignOptions {
  readonly stages: readonly Stage[];
  /** Names of the layers, in graph order. */
  readonly layers: readonly string[];
  /** How the network can be stored and computed, float first. */
  readonly quantizations: readonly QuantizationChoice[];
  /** Whether a zero among the weights is worth anything to the objectives. */
  readonly zeros: boolean;
}

/** Whole plans as decision vectors. */
export interface FullDesign {
  readonly variables: Variables;
  readonly words: VariableWords;
  /** Plans that are worth an evaluation whatever the network: each quantization, then fewer and fewer channels. */
  readonly seeds: readonly Float64Array[];
  /** The same plan for the same vector. Throws an InputError when an entry lies outside its domain. */
  planOf(x: ArrayLike<number>): FullPlan;
}

/** The most weights worth zeroing. */
const MOST_ZEROS = 0.95;
/** Criteria that a search tries: batch-norms are folded, and chance is no better than they. */
const CRITERIA = channelCriteria.filter((name) => name !== 'random' && name !== 'batch-norm');

/** The values of the variables that there are. */
interface Values {
  readonly [keep: `keep${number}`]: number;
  readonly criterion?: ChannelCriterion;
  readonly zeros?: number;
  readonly zerosScope?: 'layer' | 'global';
  readonly zerosCriterion?: ZeroCriterion;
  readonly recovery?: Recovery;
  readonly quantization?: string;
  readonly calibration?: CalibrationMethod;
  readonly float?: string;
}

/**
 * The variables of a search over whole plans: for each stage how many parts of its channels stay, by which criterion; how many weights become
 * zero (where the objectives can see that); how what is left recovers; how it is stored and computed, with ranges calibrated by
 * which method, and whether the first and the last layer stay in float. A variable that would have one value alone is left out. Where
 * nothing is removed there is nothing to recover, so that several vectors may mean the same plan.
 */
export function fullDesign({ stages, layers, quantizations, zeros }: FullDesignOptions): FullDesign {
  const declared: Record<string, readonly [Variable, VariableWords[string]]> = {};
  const add = (name: string, variable: Variable, words: VariableWords[string]) => {
    declared[name] = [variable, words];
  };
  const addChoice = (name: string, label: string, values: readonly string[]) => {
    if (values.length > 1) add(name, choice(...values), { label, values });
  };
  stages.forEach((stage, s) => {
    const least = leastParts(stage);
    const labels = Array.from({ length: stage.parts - least + 1 }, (_, i) => partWords(stage, least + i));
    add(`keep${s + 1}`, integer(least, stage.parts), { label: stageWords(stage), values: labels });
  });
  const removes = stages.length > 0 || zeros;
  if (stages.length > 0) addChoice('criterion', 'channels chosen by', CRITERIA);
  if (zeros) {
    add('zeros', real(0, MOST_ZEROS), { label: 'weights zeroed' });
    addChoice('zerosScope', 'zeros shared out', ['layer', 'global']);
    addChoice('zerosCriterion', 'zeros chosen by', zeroCriteria);
  }
  if (removes) addChoice('recovery', 'recovery', recoveries);
  addChoice(
    'quantization',
    'numbers',
    quantizations.map(({ name }) => name),
  );
  if (quantizations.some(({ part }) => part.kind === 'static-int8')) {
    addChoice('calibration', 'ranges by', calibrationMethods);
    if (layers.length > 2) addChoice('float', 'layers left in float', Object.keys(LEFT_IN_FLOAT));
  }
  const variables = mapValues(declared, ([variable]) => variable);
  const space = spaceOf(variables);
  return {
    variables,
    words: mapValues(declared, ([, words]) => words),
    seeds: seedsOf(variables, stages, quantizations),
    planOf(x) {
      checkVector(space, x);
      const values = decode(variables, x) as Values;
      const channels = channelsOf(stages, values);
      const zeroed = values.zeros
        ? { share: values.zeros, scope: values.zerosScope, criterion: values.zerosCriterion }
        : undefined;
      const recovery = channels || zeroed ? values.recovery : undefined;
      const quantization = quantizationOf(quantizations, values, layers);
      return {
        ...(channels && { channels }),
        ...(zeroed && { zeros: zeroed }),
        ...(recovery && recovery !== 'none' && { recovery }),
        ...(quantization && { quantization }),
      };
    },
  };
}

function channelsOf(stages: readonly Stage[], values: Values): FullPlan['channels'] | undefined {
  const groups = stages.flatMap((stage, s) =>
    stage.groups.flatMap((group): (readonly [string, number])[] => {
      const kept = channelsKept(group, values[`keep${s + 1}`], stage.parts);
      return kept === group.classes.length ? [] : [[group.name, kept / group.classes.length]];
    }),
  );
  if (groups.length === 0) return undefined;
  const { criterion } = values;
  return { keep: 1, ...(criterion && { criterion }), groups: Object.fromEntries(groups) };
}

/** What stays in float, by its words. */
const LEFT_IN_FLOAT: Readonly<Record<string, (layers: readonly string[]) => readonly string[]>> = {
  none: () => [],
  'the first': (layers) => layers.slice(0, 1),
  'the last': (layers) => layers.slice(-1),
  'the first and the last': (layers) => [layers[0], layers[layers.length - 1]],
};

function quantizationOf(
  quantizations: readonly QuantizationChoice[],
  values: Values,
  layers: readonly string[],
): FullPlan['quantization'] {
  const name = values.quantization ?? quantizations[0].name;
  const { part } = quantizations.find((each) => each.name === name)!;
  if (part.kind === 'none') return undefined;
  if (part.kind !== 'static-int8') return part;
  const exclude = LEFT_IN_FLOAT[values.float ?? 'none'](layers);
  return { ...part, calibration: values.calibration, ...(exclude.length > 0 && { exclude }) };
}

/** What removes channels at the least loss on the networks measured. */
const STRONGEST = { recovery: 'least-squares', criterion: 'least-squares' } as const;

/**
 * Each quantization of the whole network; then, in the strongest of them (the last), stages cut one part at a time: the widest stages first,
 * as they hold most weights, then all those in a row.
 */
function seedsOf(
  variables: Variables,
  stages: readonly Stage[],
  quantizations: readonly QuantizationChoice[],
): Float64Array[] {
  const whole: Record<string, unknown> = mapValues(variables, (variable) =>
    variable.kind === 'choice'
      ? variable.values[0]
      : variable.kind === 'integer'
        ? variable.upper
        : variable.lower,
  );
  const last = quantizations[quantizations.length - 1].name;
  const strongest = { ...whole, ...(variables['quantization'] && { quantization: last }) };
  const recovered = {
    ...strongest,
    ...(variables['recovery'] && { recovery: STRONGEST.recovery }),
    ...(variables['criterion'] && { criterion: STRONGEST.criterion }),
  };
  const inner = stages.filter(({ shortcut }) => !shortcut);
  const cut = (chosen: readonly Stage[], share: number) => ({
    ...recovered,
    ...Object.fromEntries(
      stages.flatMap((stage, s) =>
        chosen.includes(stage)
          ? [[`keep${s + 1}`, Math.max(leastParts(stage), Math.round(share * stage.parts))]]
          : [],
      ),
    ),
  });
  const tails = inner.length > 0 ? [0.75, 0.5].map((share) => cut(inner.slice(-1), share)) : [];
  const all = stages.length > 0 ? [cut(inner, 0.75), cut(stages, 0.75), cut(stages, 0.5)] : [];
  const quantized = variables['quantization']
    ? quantizations.slice(1).map(({ name }) => ({ ...whole, quantization: name }))
    : [];
  return [...quantized, ...tails, ...all].map((values) => encode(variables, values as never));
}

/** A quarter of the channels stays at least. */
const leastParts = ({ parts }: Stage) => Math.max(1, Math.ceil(parts / 4));

function stageWords({ groups, shortcut }: Stage): string {
  const [first, last] = [groups[0], groups[groups.length - 1]].map(({ name }) =>
    name.replace(/\.weight$/, ''),
  );
  return `channels kept${shortcut ? ' along shortcuts' : ''}, ${first === last ? first : `${first} to ${last}`}`;
}

function partWords({ groups, parts }: Stage, kept: number): string {
  const [channels] = groups.map(({ classes }) => classes.length);
  return groups.every(({ classes }) => classes.length === channels)
    ? `${channelsKept(groups[0], kept, parts)} of ${channels}`
    : `${kept}/${parts}`;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
