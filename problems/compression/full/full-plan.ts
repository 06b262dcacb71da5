import { InputError, show } from '../../../src/index.js';
import {
  type ChannelCriterion,
  channelCriteria,
  checkKept,
  checkMultiple,
} from '../pruning/channel-selection.js';
import { checkQuantization, type Quantization } from '../quantization/quantization.js';
import { type Recovery, recoveries } from '../recovery/recoveries.js';
import { type ZeroCriterion, zeroCriteria } from './zero-weights.js';

export { type Recovery, recoveries };

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
  /** The weights that matter least become zero: `share` of every layer, or of all layers together (the default). */
  readonly zeros?: {
    readonly share: number;
    readonly scope?: 'layer' | 'global';
    /** Default `magnitude`; `second-order` is better wherever a recovery follows. */
    readonly criterion?: ZeroCriterion;
  };
  /** What is left is brought back to the original's activations: see `recover`. */
  readonly recovery?: Recovery;
  readonly quantization?: Quantization;
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
    const zeros = fields('the zeros of a plan', plan.zeros, ['share', 'scope', 'criterion']);
    if (!(typeof zeros.share === 'number' && zeros.share >= 0 && zeros.share <= 1))
      throw new InputError(`the share of zeros must lie in [0, 1], got ${show(zeros.share)}`);
    oneOf('the scope of zeros', zeros.scope, ['layer', 'global']);
    oneOf('the criterion of zeros', zeros.criterion, zeroCriteria);
  }
  oneOf('recovery', plan.recovery, recoveries);
  if (plan.quantization !== undefined) checkQuantization(plan.quantization);
  return plan as FullPlan;
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
