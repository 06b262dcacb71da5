import { InputError, show } from '../../../src/index.js';
import { checkAmong, fieldsOf } from '../json-fields.js';
import {
  type ChannelCriterion,
  channelCriteria,
  checkKept,
  checkMultiple,
} from '../pruning/channel-selection.js';
import { checkQuantization, type Quantization } from '../quantization/quantization.js';
import { type Recovery, recoveries } from '../recovery/recoveries.js';
import { type ZeroCriterion, zeroCriteria } from './zero-weights.js';

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
    /** Default `least-squares` with a recovery by least squares and local scope, else `l1`. */
    readonly criterion?: ChannelCriterion;
    readonly multipleOf?: number;
    /** Groups with a share of their own, by the name of their first weight. */
    readonly groups?: Readonly<Record<string, number>>;
  };
  /** Residual blocks that leave whole, each by the name of its first weight: see `residualBlocks`. */
  readonly blocks?: readonly string[];
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
  const plan = fieldsOf('a plan', value, ['channels', 'blocks', 'zeros', 'recovery', 'quantization']);
  if (plan.channels !== undefined) {
    const channels = fieldsOf('the channels of a plan', plan.channels, [
      'keep',
      'scope',
      'criterion',
      'multipleOf',
      'groups',
    ]);
    const groups = channels.groups === undefined ? {} : fieldsOf('the groups of channels', channels.groups);
    checkKept([channels.keep, ...Object.values(groups)]);
    checkAmong('the scope of channels', channels.scope, ['local', 'global']);
    checkAmong('the criterion of channels', channels.criterion, channelCriteria);
    if (channels.multipleOf !== undefined) checkMultiple(channels.multipleOf);
  }
  const { blocks } = plan;
  if (blocks !== undefined && !(Array.isArray(blocks) && blocks.every((name) => typeof name === 'string')))
    throw new InputError(`the blocks that leave must be a list of names, got ${show(blocks)}`);
  if (plan.zeros !== undefined) {
    const zeros = fieldsOf('the zeros of a plan', plan.zeros, ['share', 'scope', 'criterion']);
    if (!(typeof zeros.share === 'number' && zeros.share >= 0 && zeros.share <= 1))
      throw new InputError(`the share of zeros must lie in [0, 1], got ${show(zeros.share)}`);
    checkAmong('the scope of zeros', zeros.scope, ['layer', 'global']);
    checkAmong('the criterion of zeros', zeros.criterion, zeroCriteria);
  }
  checkAmong('recovery', plan.recovery, recoveries);
  if (plan.quantization !== undefined) checkQuantization(plan.quantization);
  return plan as FullPlan;
}
