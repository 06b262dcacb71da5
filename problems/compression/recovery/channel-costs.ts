import type { Model } from '../onnx/model.js';
import { channelGroups } from '../pruning/channel-selection.js';
import type { TracedChannels } from '../pruning/trace-channels.js';
import { blockCost, type Reader, removeBlock } from './channel-removal.js';
import { columnsOf } from './columns.js';
import type { LayerMoments } from './database.js';
import { covarianceOf, inverseOf } from './inverse.js';

/** Layers of more inputs an output than this are not refitted in thought: the inverse would cost too much. */
const WIDEST = 1536;

/**
 * What each class of channels costs to remove, by its name: the squared error that the layers which read it make when the classes of its group
 * that cost less are gone too and the weights that stay have made good what they can, as a share of the variance of what those layers
 * give, summed over them. Always the cheapest class that is left goes next. A class that no layer of the database reads costs infinity.
 *
 * K^2 multiplications for every column of K that a layer loses, K^3 in all. For layers of more than 1536 inputs an output nothing is made
 * good, and the cost of a class does not depend on the others.
 */
export function channelCosts(
  original: Model,
  layers: readonly LayerMoments[],
  traced: TracedChannels,
): Map<number, number> {
  const costs = new Map<number, number>();
  for (const { classes } of channelGroups(traced)) {
    const left = new Map(Array.from(classes, (name) => [name, 0]));
    const readers = readersOf(original, layers, traced, left);
    const stale = new Set(left.keys());
    let largest = 0;
    while (left.size > 0) {
      for (const name of stale) left.set(name, costOf(name, readers));
      const [cheapest, cost] = [...left].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
      largest = Math.max(largest, cost);
      costs.set(cheapest, largest);
      left.delete(cheapest);
      stale.clear();
      for (const reader of readers)
        if (removeBlock(reader, cheapest))
          for (const name of reader.columns.keys()) if (left.has(name)) stale.add(name);
    }
  }
  return costs;
}

/** The root of the mean square of a class of channels, as the layers that read it see it. */
export function channelActivations(
  layers: readonly LayerMoments[],
  traced: TracedChannels,
): Map<number, number> {
  const sums = new Map<number, { total: number; count: number }>();
  for (const { entry, moments } of layers) {
    const [{ gram, size, places }] = moments;
    for (const [name, columns] of columnsOfClasses(entry, traced))
      for (const column of columns) {
        const sum = sums.get(name) ?? { total: 0, count: 0 };
        sum.total += gram[column * size + column] / places;
        sum.count++;
        sums.set(name, sum);
      }
  }
  return new Map([...sums].map(([name, { total, count }]) => [name, Math.sqrt(total / count)]));
}

function costOf(name: number, readers: readonly Reader[]): number {
  const reading = readers.filter(({ columns }) => columns.has(name));
  if (reading.length === 0) return Number.POSITIVE_INFINITY;
  return reading.reduce((sum, reader) => sum + blockCost(reader, name), 0);
}

/** The layers that read any of the classes. */
function readersOf(
  original: Model,
  layers: readonly LayerMoments[],
  traced: TracedChannels,
  classes: ReadonlyMap<number, unknown>,
): Reader[] {
  return layers.flatMap(({ entry, moments, energy }) => {
    const columns = columnsOfClasses(entry, traced);
    if (![...columns.keys()].some((name) => classes.has(name))) return [];
    const size = entry.geometry.size;
    const covariance = covarianceOf(moments[0], 0, size, entry.bias !== null);
    const compensates = size <= WIDEST;
    return [
      {
        size,
        features: entry.geometry.features,
        matrix: compensates ? inverseOf(covariance, size) : covariance,
        weights: Float64Array.from(columnsOf(original, entry)[0]),
        columns,
        energy: energy || 1,
        compensates,
      },
    ];
  });
}

/** Which columns of a layer each class feeds. */
function columnsOfClasses(
  { layer, geometry }: LayerMoments['entry'],
  { axes, channels }: TracedChannels,
): Map<number, number[]> {
  const columns = new Map<number, number[]>();
  for (const { tensor, role, ids } of axes) {
    if (tensor !== layer.weight || role !== 'input') continue;
    const each = geometry.size / ids.length;
    ids.forEach((id, i) => {
      const name = channels.classOf(id);
      const own = Array.from({ length: each }, (_, k) => i * each + k);
      columns.set(name, [...(columns.get(name) ?? []), ...own]);
    });
  }
  return columns;
}
