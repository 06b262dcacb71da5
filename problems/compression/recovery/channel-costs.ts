import type { Model } from '../onnx/model.js';
import { type ChannelGroup, channelGroups } from '../pruning/channel-selection.js';
import type { TracedChannels } from '../pruning/trace-channels.js';
import { columnsOfClasses, readersOf, withReaders } from './channel-readers.js';
import { blockCost, type Reader, removeBlock } from './channel-removal.js';
import type { LayerMoments } from './layer-moments.js';

/** The share of a group that is gone when its effect on the network's outputs is measured, and the error that this must make: less may be the damping of the
 * moments alone. */
const TRIAL = 1 / 4;
const LEAST = 1e-3;

/** Errors to this power add up over groups: a group is spared the more, the more it has lost. */
const POWER = 1.5;

/**
 * What each class of channels costs to remove, by its name. Always the class of its group goes next that adds least to the squared error of the
 * layers which read it, when the weights that stay make good what they can; errors are shares of the variance of what those layers give,
 * summed over them. How much an error of these layers matters is measured where a quarter of the group is gone, or more where a quarter is as good as
 * free (a group may hold many channels that are always zero): `outputError` of the network then tells what one such unit is worth to its outputs, and the error E of the outputs after each class follows. A class costs
 * E^1.5 less that before it: so the costs of all groups can be put in one order. A class that no layer of the database reads costs
 * infinity.
 *
 * One `outputError` a group; K^2 multiplications for every column of K that a layer loses, K^3 in all. For layers of more than 1536 inputs an
 * output nothing is made good, and the error that a class adds does not depend on the others.
 */
export async function channelCosts(
  original: Model,
  layers: readonly LayerMoments[],
  traced: TracedChannels,
  outputError: (changed: Model) => Promise<number>,
): Promise<Map<number, number>> {
  const costs = new Map<number, number>();
  for (const group of channelGroups(traced)) {
    const readers = readersOf(original, layers, traced, new Set(group.classes));
    const removals: Removal[] = [];
    let unit: number | undefined;
    for (const removal of removalsOf(group, readers)) {
      removals.push(removal);
      if (unit !== undefined || removals.length < Math.ceil(TRIAL * group.classes.length)) continue;
      const lost = removals.reduce((sum, { error }) => sum + error, 0);
      if (!(lost >= LEAST && lost < Number.POSITIVE_INFINITY)) continue;
      const gone = removals.map(({ name }) => name);
      const measured = await outputError(withReaders(original, readers, gone));
      unit = Number.isFinite(measured) ? Math.max(measured, Number.EPSILON) / lost : 1;
    }
    let before = 0;
    for (const { name, error } of removals) {
      const after = before + (unit ?? 1) * error;
      costs.set(name, error < Number.POSITIVE_INFINITY ? after ** POWER - before ** POWER : error);
      before = after;
    }
  }
  return costs;
}

/** A class of channels that leaves, and the error that it adds, no less than those before it. */
interface Removal {
  readonly name: number;
  readonly error: number;
}

/** The classes of a group as they leave, the cheapest first; the readers are changed as each goes. */
function* removalsOf({ classes }: ChannelGroup, readers: readonly Reader[]): Generator<Removal> {
  const left = new Map(Array.from(classes, (name) => [name, 0]));
  const stale = new Set(left.keys());
  let largest = 0;
  while (left.size > 0) {
    for (const name of stale) left.set(name, costOf(name, readers));
    const [cheapest, cost] = [...left].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
    largest = Math.max(largest, cost);
    left.delete(cheapest);
    stale.clear();
    for (const reader of readers)
      if (removeBlock(reader, cheapest))
        for (const name of reader.columns.keys()) if (left.has(name)) stale.add(name);
    yield { name: cheapest, error: largest };
  }
}

/** The root of the mean square of a class of channels, as the layers that read it see it. */
export function channelActivations(
  layers: readonly LayerMoments[],
  traced: TracedChannels,
): Map<number, number> {
  const sums = new Map<number, { total: number; count: number }>();
  for (const { entry, moments } of layers)
    for (const [name, columns] of columnsOfClasses(entry, traced))
      for (const { gram, size, places } of moments)
        for (const column of columns) {
          const sum = sums.get(name) ?? { total: 0, count: 0 };
          sum.total += gram[column * size + column] / places;
          sum.count++;
          sums.set(name, sum);
        }
  return new Map([...sums].map(([name, { total, count }]) => [name, Math.sqrt(total / count)]));
}

function costOf(name: number, readers: readonly Reader[]): number {
  const reading = readers.filter(({ columns }) => columns.has(name));
  if (reading.length === 0) return Number.POSITIVE_INFINITY;
  return reading.reduce((sum, reader) => sum + blockCost(reader, name), 0);
}
