import { divergenceFrom } from '../inference/divergence.js';
import { writeModel } from '../onnx/write.js';
import { withoutBlocks } from '../pruning/residual-blocks.js';
import { type LayerDatabase, openLayerDatabase } from '../recovery/database.js';
import { recover } from '../recovery/recover.js';
import type { Recovery } from '../recovery/recoveries.js';

/** Samples on which a network without one of its blocks is recovered and compared. */
const SAMPLES = 256;
/** Blocks that leave at the most, besides half of them. */
const MOST = 8;
/** So many more are recovered than leave. */
const SPARE = 2;

/**
 * The blocks in the order in which they leave, at most half of them: first the one without which the recovered network's answers stay nearest to the
 * original's (see `Divergence`), each left out alone. Recovered are those without which they change least before that. An
 * inference of 256 samples a block, and a recovery on as many for some.
 */
export async function blockOrder(
  { original, dataset, threads }: LayerDatabase,
  blocks: readonly string[],
  recovery: Recovery,
): Promise<string[]> {
  const count = Math.floor(Math.min(MOST, blocks.length / 2));
  if (count === 0) return [];
  const samples = { ...dataset, count: Math.min(SAMPLES, dataset.count) };
  const database = await openLayerDatabase(original, samples, { threads });
  const answers = await divergenceFrom(writeModel(original), samples, { threads, count: samples.count });
  const without = (name: string) => withoutBlocks(original, [name], blocks);
  const plain = await cheapestFirst(blocks, async (name) => answers.of(writeModel(without(name))));
  const recovered = await cheapestFirst(plain.slice(0, count + SPARE), async (name) => {
    const { model } = await recover(database, without(name), { recovery });
    return answers.of(writeModel(model));
  });
  return recovered.slice(0, count);
}

/** Ties in the order given; what has no number comes last. */
async function cheapestFirst(
  names: readonly string[],
  costOf: (name: string) => Promise<number>,
): Promise<string[]> {
  const costs = new Map<string, number>();
  for (const name of names) {
    const cost = await costOf(name);
    costs.set(name, Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost);
  }
  return [...names].sort((a, b) => (costs.get(a) === costs.get(b) ? 0 : costs.get(a)! - costs.get(b)!));
}
