import type { Node, Tensor } from '../onnx/model.js';
import type { CoupledChannels } from './coupled-channels.js';

/** An axis of a constant whose indices belong to channels. */
export interface ChannelAxis {
  readonly tensor: string;
  readonly axis: number;
  /** The channel of each run of `width` indices. */
  readonly ids: Int32Array;
  /** All channels that are made: more than those of the axis where each index makes one in every group (ConvTranspose in groups). */
  readonly made: Int32Array;
  /** Indices a channel: more than 1 behind a Flatten. */
  readonly width: number;
  /** Whether the channels are made here, read here, or only scaled and shifted. */
  readonly role: 'output' | 'input' | 'parameter';
}

/** A node whose attributes or constants say how many channels there are. */
export interface ChannelCount {
  readonly node: number;
  /** `pad`: zeros before and behind; `split`: the parts; `depthwise`: the groups of a convolution; `shape`: the second size of a Reshape or Resize. */
  readonly kind: 'pad' | 'split' | 'depthwise' | 'shape';
  readonly parts: readonly Int32Array[];
}

/** The channels of one value. */
export interface Channels {
  readonly ids: Int32Array;
  /** Their axis, counted from the last as 1. */
  readonly fromEnd: number;
  /** Elements a channel on that axis; 0 where a Flatten made it unknown. */
  readonly width: number;
  /** Whether the width is only supposed: a layer that reads it must count as many. */
  readonly supposed?: boolean;
}

/** What is known while a graph is traced. */
export interface Tracer {
  readonly channels: CoupledChannels;
  readonly constants: ReadonlyMap<string, Tensor>;
  /** How many axes values have, where that is known. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly values: Map<string, Channels>;
  readonly axes: Map<string, ChannelAxis>;
  readonly counts: ChannelCount[];
  /** The nodes that may mix channels. */
  readonly mixing: Set<string>;
}

/** Writes what the node does to channels; false where it does not understand the node. Nothing is written then. */
export type Rule = (node: Node, index: number, tracer: Tracer) => boolean;

/** Says whose channels an axis has; coupled with those that it had before, where a constant is read more than once. */
export function setAxis(
  tensor: string,
  axis: number,
  ids: Int32Array,
  width: number,
  role: ChannelAxis['role'],
  { axes, channels }: Tracer,
  made = ids,
): void {
  const key = `${axis} ${tensor}`;
  const known = axes.get(key);
  if (!known) axes.set(key, { tensor, axis, ids, width, role, made });
  else if (known.ids.length === ids.length && known.width === width) channels.couple(known.ids, ids);
  else {
    channels.freeze(ids, `the constant ${tensor} is read in two ways`);
    channels.freeze(known.ids, `the constant ${tensor} is read in two ways`);
  }
}
