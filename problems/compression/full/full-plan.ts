import { InputError, show } from '../../../src/index.js';
import {
  type ChannelCriterion,
  channelCriteria,
  checkKept,
  checkMultiple,
} from '../pruning/channel-selection.js';
import { type CalibrationMethod, calibrationMethods } from '../quantization/activation-range.js';

/**
 * Everything that can be done to a network, in this order, as JSON keeps it. Whatever the plan, denormal weights are flushed, constants
 * computed once and batch-norms folded first. A part that is left out is not done.
 */
export interface FullPlan {
  /** Whole channels leave: see `selectChannels`. */
  readonly channels?: {
    /** The share to keep, in (0, 1]. */
    readonly keep: number;
    readonly scope?: 'local' | 'global';
    readonly criterion?: ChannelCriterion;
    readonly multipleOf?: number;
    /** Groups with a share of their own, by the name of their first weight. */
    readonly groups?: Readonly<Record<string, number>>;
  };
  /** Weights of smallest magnitude become zero: `share` of every layer, or of all layers together. */
  readonly zeros?: { readonly share: number; readonly scope?: 'layer' | 'global' };
  /** What is left is refitted to the original's activations: see `recoverByLeastSquares`. */
  readonly recovery?: 'none' | 'least-squares';
  readonly quantization?:
    | { readonly kind: 'none' | 'dynamic-int8' }
    | {
        readonly kind: 'static-int8';
        readonly perChannel?: boolean;
        readonly calibration?: CalibrationMethod;
        readonly reducedRange?: boolean;
        /** Names of layers that stay in float. */
        readonly exclude?: readonly string[];
      };
}

/** Checks what came from a file. Throws an InputError that names the law and the value. */
export function checkFullPlan(value: unknown): FullPlan {
  const plan = fields('a plan', value, ['channels', 'zeros', 'recovery', 'quantization']);
  if (plan.channels !== undefined) {
    const channels = fields('the channels of a plan', plan.channels, [
      'keep',
      'scope',
      'criterion',
      'multipleOf',
      'groups',
    ]);
    const groups = channels.groups === undefined ? {} : fields('the groups of channels', channels.groups);
    checkKept([channels.keep, ...Object.values(groups)]);
    oneOf('the scope of channels', channels.scope, ['local', 'global']);
    oneOf('the criterion of channels', channels.criterion, channelCriteria);
    if (channels.multipleOf !== undefined) checkMultiple(channels.multipleOf);
  }
  if (plan.zeros !== undefined) {
    const zeros = fields('the zeros of a plan', plan.zeros, ['share', 'scope']);
    if (!(typeof zeros.share === 'number' && zeros.share >= 0 && zeros.share <= 1))
      throw new InputError(`the share of zeros must lie in [0, 1], got ${show(zeros.share)}`);
    oneOf('the scope of zeros', zeros.scope, ['layer', 'global']);
  }
  oneOf('recovery', plan.recovery, ['none', 'least-squares']);
  if (plan.quantization !== undefined) checkQuantization(plan.quantization);
  return plan as FullPlan;
}

function checkQuantization(value: unknown): void {
  const keys = ['kind', 'perChannel', 'calibration', 'reducedRange', 'exclude'];
  const quantization = fields('the quantization of a plan', value, keys);
  const kinds = ['none', 'dynamic-int8', 'static-int8'];
  if (quantization.kind === undefined)
    throw new InputError(`quantization needs a kind (${kinds.join(', ')}), got none`);
  oneOf('the kind of quantization', quantization.kind, kinds);
  oneOf('calibration', quantization.calibration, calibrationMethods);
  for (const key of ['perChannel', 'reducedRange'])
    oneOf(`${key} of quantization`, quantization[key], [true, false]);
  const { exclude } = quantization;
  if (exclude !== undefined && !(Array.isArray(exclude) && exclude.every((name) => typeof name === 'string')))
    throw new InputError(`the layers that stay in float must be a list of names, got ${show(exclude)}`);
}

function fields(what: string, value: unknown, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${what} must be an object, got ${show(value)}`);
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new InputError(`${what} has ${known!.join(', ')}, got ${show(unknown)}`);
  return value as Record<string, unknown>;
}

function oneOf(what: string, value: unknown, allowed: readonly unknown[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw new InputError(`${what} must be one of ${allowed.join(', ')}, got ${show(value)}`);
}
