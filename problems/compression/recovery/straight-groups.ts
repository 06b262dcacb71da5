import type { Graph, Model } from '../onnx/model.js';
import { channelGroups } from '../pruning/channel-selection.js';
import type { TracedChannels } from '../pruning/trace-channels.js';
import type { Refittable } from './refittable.js';

/**
 * Channels that are only added up and averaged on their way from the layers that make them to those that read them, such as those along
 * the shortcuts of MobileNetV2: any mixtures of them, as many, would do the same.
 */
export interface StraightGroup {
  /** The weights that make the channels, and those that read them. */
  readonly makers: readonly string[];
  readonly readers: readonly string[];
  readonly channels: number;
}

/** What channels pass on their way without being changed one by one, or mixed. */
const STRAIGHT: ReadonlySet<string> = new Set([
  'Identity',
  'Dropout',
  'AveragePool',
  'GlobalAveragePool',
  'Flatten',
]);

/** The straight groups of a network between layers that can all be refitted. O(groups x nodes). */
export function straightGroups(
  { graph }: Model,
  layers: readonly Refittable[],
  { channels, axes, ...traced }: TracedChannels,
): StraightGroup[] {
  const dense = new Set(
    layers.flatMap(({ layer, geometry }) => (geometry.groups === 1 ? [layer.weight] : [])),
  );
  return channelGroups({ channels, axes, ...traced }).flatMap(({ weights: makers, classes }) => {
    const plain = makers.every((weight) => {
      const { ids } = axes.find(({ tensor, role }) => tensor === weight && role === 'output')!;
      const alike =
        ids.length === classes.length && ids.every((id, i) => channels.classOf(id) === classes[i]);
      return alike && dense.has(weight);
    });
    const readers = plain ? straightReaders(graph, makers, dense) : [];
    return readers.length === 0 ? [] : [{ makers, readers, channels: classes.length }];
  });
}

/** The weights that read what others make; none where something else does. */
function straightReaders(
  { nodes, outputs }: Graph,
  makers: readonly string[],
  dense: ReadonlySet<string>,
): string[] {
  const values = new Set<string>();
  const readers: string[] = [];
  for (const { opType, inputs, outputs: made } of nodes) {
    if (makers.includes(inputs[1])) values.add(made[0]);
    if (!inputs.some((name) => values.has(name))) continue;
    const sums = opType === 'Add' && inputs.every((name) => values.has(name));
    if (values.has(inputs[0]) && dense.has(inputs[1])) readers.push(inputs[1]);
    else if (sums || STRAIGHT.has(opType)) values.add(made[0]);
    else return [];
  }
  return outputs.some(({ name }) => values.has(name)) ? [] : readers;
}
