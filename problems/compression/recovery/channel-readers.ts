import type { Model } from '../onnx/model.js';
import type { TracedChannels } from '../pruning/trace-channels.js';
import type { Reader } from './channel-removal.js';
import { columnsOf, withColumns } from './columns.js';
import { covarianceOf, inverseOf } from './inverse.js';
import type { LayerMoments } from './layer-moments.js';
import { elementsOf } from './patches.js';

/** Layers of more inputs an output than this are not refitted in thought: the inverse would cost too much. */
const WIDEST = 1536;

/** A layer of the network that reads channels. */
export interface ChannelReader extends Reader {
  readonly entry: LayerMoments['entry'];
  /** Which of its groups: each reads for itself. */
  readonly group: number;
  /** Of the inputs. */
  readonly means: Float64Array;
}

/** The layers that read any of the classes. */
export function readersOf(
  original: Model,
  layers: readonly LayerMoments[],
  traced: TracedChannels,
  classes: ReadonlySet<number>,
): ChannelReader[] {
  return layers.flatMap(({ entry, moments, energy }) => {
    const columns = columnsOfClasses(entry, traced);
    if (![...columns.keys()].some((name) => classes.has(name))) return [];
    const { size, groups, features } = entry.geometry;
    const each = features / groups;
    const compensates = size <= WIDEST;
    return moments.map((inputs, group) => {
      const covariance = covarianceOf(inputs, 0, size, entry.bias !== null);
      const { gram, places } = inputs;
      return {
        entry,
        group,
        size,
        features: each,
        means: Float64Array.from({ length: size }, (_, i) => gram[i * (size + 1) + size] / places),
        matrix: compensates ? inverseOf(covariance, size) : covariance,
        weights: Float64Array.from(columnsOf(original, entry)[group]).subarray(0, size * each),
        columns: new Map(columns),
        energy: energy || 1,
        compensates,
      };
    });
  });
}

/** Which columns of a layer each class feeds. */
export function columnsOfClasses(
  { layer, geometry }: LayerMoments['entry'],
  { axes, channels }: TracedChannels,
): Map<number, number[]> {
  const columns = new Map<number, number[]>();
  for (const { tensor, role, ids } of axes) {
    if (tensor !== layer.weight || role !== 'input') continue;
    // Channels of one group: those of the others are of the same classes.
    const read = geometry.window ? geometry.size / elementsOf(geometry.window) : ids.length;
    const each = geometry.size / read;
    ids.subarray(0, read).forEach((id, i) => {
      const name = channels.classOf(id);
      const own = Array.from({ length: each }, (_, k) => i * each + k);
      columns.set(name, [...(columns.get(name) ?? []), ...own]);
    });
  }
  return columns;
}

/** The network whose layers read nothing of the removed classes, with the other weights as they have made that good. */
export function withReaders(
  original: Model,
  readers: readonly ChannelReader[],
  removed: readonly number[],
): Model {
  let model = original;
  for (const { entry, group, size, features, weights, means, columns } of readers) {
    const before = columnsOf(original, entry)[group];
    const after = Float32Array.from(before);
    after.set(weights);
    for (const name of removed)
      for (const column of columns.get(name) ?? []) after.fill(0, column * features, (column + 1) * features);
    for (const [b, name] of entry.biases.entries()) {
      if (name === null) continue;
      for (let at = 0; at < size * features; at++)
        after[(size + b) * features + (at % features)] +=
          (before[at] - after[at]) * means[Math.floor(at / features)];
    }
    const others = columnsOf(model, entry);
    model = withColumns(
      model,
      entry,
      others.map((now, g) => (g === group ? after : now)),
    );
  }
  return model;
}
