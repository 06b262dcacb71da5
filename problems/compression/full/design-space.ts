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
import type { DesignValues, VariableWords } from '../design-space.js';
import type { ChannelCriterion } from '../pruning/channel-selection.js';
import { type CalibrationMethod, calibrationMethods } from '../quantization/activation-range.js';
import type { Recovery } from '../recovery/recoveries.js';
import type { FittingChoices } from './fitting-choices.js';
import type { FullPlan } from './full-plan.js';
import type { QuantizationChoice } from './quantization-choices.js';
import { channelCount, classesKept, type Stage } from './stages.js';
import type { ZeroCriterion } from './zero-weights.js';

/** What the variables of a search over whole plans are made from. */
export interface FullDesignOptions {
  readonly stages: readonly Stage[];
  /** Names of residual blocks, in the order in which they leave. */
  readonly blocks: readonly string[];
  /** Names of the layers, in graph order. */
  readonly layers: readonly string[];
  /** How the network can be stored and computed, float first. */
  readonly quantizations: readonly QuantizationChoice[];
  /** Whether a zero among the weights is worth anything to the objectives. */
  readonly zeros: boolean;
  readonly fitting: FittingChoices;
}

/** Whole plans as decision vectors. */
export interface FullDesign {
  readonly variables: Variables;
  readonly words: VariableWords;
  /** Plans that are worth an evaluation whatever the network: each quantization, fewer blocks, then fewer and fewer channels. */
  readonly seeds: readonly Float64Array[];
  /** See `DesignSpace`. */
  canonical(values: DesignValues): DesignValues;
  /** The same plan for the same vector. Throws an InputError when an entry lies outside its domain. */
  planOf(x: ArrayLike<number>): FullPlan;
}

/** The most weights worth zeroing. */
const MOST_ZEROS = 0.95;

/** The values of the variables that there are. */
interface Values {
  readonly [keep: `keep${number}`]: number;
  readonly criterion?: ChannelCriterion;
  readonly blocks?: number;
  readonly zeros?: number;
  readonly zerosScope?: 'layer' | 'global';
  readonly zerosCriterion?: ZeroCriterion;
  readonly recovery?: Recovery;
  readonly quantization?: string;
  readonly calibration?: CalibrationMethod;
  readonly float?: string;
}

/**
 * The variables of a search over whole plans: for each stage how many parts of its channels stay, by which criterion; how many
 * residual blocks leave; how many weights become zero (where the objectives can see that); how what is left recovers; how it is stored and computed, with ranges calibrated by
 * which method, and whether the first and the last layer stay in float. A variable that would have one value alone is left out. Several vectors may
 * mean the same plan, such as those that remove nothing: there is nothing to recover then.
 */
export function fullDesign(options: FullDesignOptions): FullDesign {
  const { stages, blocks, layers, quantizations, zeros, fitting } = options;
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
  const removes = stages.length > 0 || blocks.length > 0 || zeros;
  if (stages.length > 0) addChoice('criterion', 'channels chosen by', fitting.criteria);
  if (blocks.length > 0)
    add('blocks', integer(0, blocks.length), {
      label: 'residual blocks removed',
      values: [
        'none',
        ...blocks.map((_, i) =>
          blocks
            .slice(0, i + 1)
            .map(withoutSuffix)
            .join(', '),
        ),
      ],
    });
  if (zeros) {
    add('zeros', real(0, MOST_ZEROS), { label: 'weights zeroed' });
    addChoice('zerosScope', 'zeros shared out', ['layer', 'global']);
    addChoice('zerosCriterion', 'zeros chosen by', fitting.zeroCriteria);
  }
  if (removes) addChoice('recovery', 'recovery', fitting.recoveries);
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
  const planOf = (x: ArrayLike<number>): FullPlan => {
    checkVector(space, x);
    const values = decode(variables, x) as Values;
    const channels = channelsOf(stages, values);
    const zeroed = values.zeros
      ? { share: values.zeros, scope: values.zerosScope, criterion: values.zerosCriterion }
      : undefined;
    const leaving = blocks.slice(0, values.blocks ?? 0);
    const recovery =
      channels || leaving.length > 0 || zeroed ? (values.recovery ?? fitting.recoveries[0]) : undefined;
    const quantization = quantizationOf(quantizations, values, layers);
    return {
      ...(channels && { channels }),
      ...(leaving.length > 0 && { blocks: leaving }),
      ...(zeroed && { zeros: zeroed }),
      ...(recovery && recovery !== 'none' && { recovery }),
      ...(quantization && { quantization }),
    };
  };
  // Of two with the same plan the first.
  const seeds = new Map(
    seedsOf(variables, options)
      .reverse()
      .map((x) => [JSON.stringify(planOf(x)), x]),
  );
  return {
    variables,
    words: mapValues(declared, ([, words]) => words),
    seeds: [...seeds.values()].reverse(),
    canonical: (values) => ({ ...values, ...withoutEffect(values as Values, variables, options) }),
    planOf,
  };
}

/** The variables that have no effect beside the others, with their first values. */
function withoutEffect(
  values: Values,
  variables: Variables,
  { stages, quantizations }: Pick<FullDesignOptions, 'stages' | 'quantizations'>,
): DesignValues {
  const removes = stages.some(({ parts }, s) => values[`keep${s + 1}`] < parts);
  const idle = [
    ...(removes ? [] : ['criterion']),
    ...(values.zeros ? [] : ['zerosScope', 'zerosCriterion']),
    ...(removes || values.blocks || values.zeros ? [] : ['recovery']),
    ...(quantizationNamed(quantizations, values).kind === 'static-int8' ? [] : ['calibration', 'float']),
  ];
  return Object.fromEntries(
    idle.flatMap((name) => {
      const variable = variables[name];
      return variable?.kind === 'choice' ? [[name, variable.values[0]]] : [];
    }),
  );
}

function channelsOf(stages: readonly Stage[], values: Values): FullPlan['channels'] | undefined {
  const groups = stages.flatMap((stage, s) =>
    stage.groups.flatMap((group): (readonly [string, number])[] => {
      const kept = classesKept(group, values[`keep${s + 1}`], stage.parts);
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
  const part = quantizationNamed(quantizations, values);
  if (part.kind === 'none') return undefined;
  if (part.kind !== 'static-int8') return part;
  const exclude = LEFT_IN_FLOAT[values.float ?? 'none'](layers);
  return { ...part, calibration: values.calibration, ...(exclude.length > 0 && { exclude }) };
}

function quantizationNamed(
  quantizations: readonly QuantizationChoice[],
  values: Values,
): QuantizationChoice['part'] {
  const name = values.quantization ?? quantizations[0].name;
  return quantizations.find((each) => each.name === name)!.part;
}

/** Shares of zeros that a search begins with. */
const FIRST_ZEROS = [0.5, 0.8];

/** Blocks that leave in plans that a search begins with. */
const FIRST_BLOCKS = [1, 2];

/**
 * Each quantization of the whole network; then, in the strongest of them (the last), a block or two less; what each stage costs that loses a quarter of its channels by
 * itself, and all of them losing more and more: first those in a row, as a shortcut's channels are read by many layers; then zeros.
 */
function seedsOf(
  variables: Variables,
  {
    stages,
    blocks,
    quantizations,
    zeros,
  }: Pick<FullDesignOptions, 'stages' | 'blocks' | 'quantizations' | 'zeros'>,
): Float64Array[] {
  const start = (entry: 'first' | 'last'): Record<string, unknown> =>
    mapValues(variables, (variable, name) =>
      variable.kind === 'choice'
        ? variable.values[entry === 'first' ? 0 : variable.values.length - 1]
        : variable.kind === 'integer' && name !== 'blocks'
          ? variable.upper
          : variable.lower,
    );
  const whole = start('first');
  const last = start('last');
  const strongest = {
    ...whole,
    ...Object.fromEntries(Object.entries(last).filter(([name]) => !['calibration', 'float'].includes(name))),
  };
  const cut = (chosen: readonly Stage[], share: number) => ({
    ...strongest,
    ...Object.fromEntries(
      stages.flatMap((stage, s) =>
        chosen.includes(stage)
          ? [[`keep${s + 1}`, Math.max(leastParts(stage), Math.round(share * stage.parts))]]
          : [],
      ),
    ),
  });
  const quantized = Object.hasOwn(variables, 'quantization')
    ? quantizations.slice(1).map(({ name }) => ({ ...whole, quantization: name }))
    : [];
  const inner = stages.filter(({ shortcut }) => !shortcut);
  const cuts = [
    ...stages.map((stage) => cut([stage], 0.75)),
    cut(inner, 0.75),
    cut(inner.slice(-1), 0.5),
    cut(stages, 0.75),
    cut(stages, 0.5),
  ];
  const shallower = FIRST_BLOCKS.filter((count) => count <= blocks.length).map((count) => ({
    ...strongest,
    blocks: count,
  }));
  const zeroed = zeros ? FIRST_ZEROS.map((share) => ({ ...strongest, zeros: share })) : [];
  return [...quantized, ...shallower, ...cuts, ...zeroed].map((values) => encode(variables, values as never));
}

/** Half of the channels stay at least: with fewer, what is left cannot be recovered without training. */
const leastParts = ({ parts }: Stage) => Math.ceil(parts / 2);

const withoutSuffix = (weight: string): string => weight.replace(/\.weight$/, '');

function stageWords({ groups, shortcut }: Stage): string {
  const [first, last] = [groups[0], groups[groups.length - 1]].map(({ name }) => withoutSuffix(name));
  return `channels kept${shortcut ? ' along shortcuts' : ''}, ${first === last ? first : `${first} to ${last}`}`;
}

function partWords({ groups, parts }: Stage, kept: number): string {
  const channels = channelCount(groups[0]);
  return groups.every((group) => channelCount(group) === channels)
    ? `${classesKept(groups[0], kept, parts) * groups[0].each} of ${channels}`
    : `${kept}/${parts}`;
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
