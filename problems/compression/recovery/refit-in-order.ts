import { InputError } from '../../../src/index.js';
import type { Products } from '../inference/products.js';
import { openStepwiseRun } from '../inference/stepwise.js';
import type { Model } from '../onnx/model.js';
import { columnsOf, withColumns } from './columns.js';
import type { LayerDatabase } from './database.js';
import { usualRidge } from './effort.js';
import { layerData, repeatablePatches } from './layer-data.js';
import { type Fitting, layerFit, type Places } from './layer-fit.js';
import type { MixedTargets } from './mixed-targets.js';
import { momentsOf, momentsTogether } from './moments.js';
import type { Few } from './recovery-notes.js';
import type { Refittable } from './refittable.js';
import type { RunningOrder } from './running-order.js';

export interface CourseOptions extends Partial<MixedTargets> {
  readonly targets: MixedTargets['targets'];
  readonly fitting: Omit<Fitting, 'ridge'> & { readonly ridge?: number };
  readonly products: Products;
  readonly signal?: AbortSignal;
}

/** A network whose layers have been refitted, and those that had few places. */
export interface Refitted {
  readonly model: Model;
  readonly few: readonly Few[];
}

/**
 * The network with its layers refitted one after the other, those that share a weight as one: it is fitted to the places of all of them. Where
 * one of these waits for another, it is fitted to those that have come, and once more when all have: the other layers then start again
 * with that weight as it is.
 */
export async function refitInOrder(
  database: LayerDatabase,
  { model, steps }: Pick<RunningOrder, 'model' | 'steps'>,
  options: CourseOptions,
): Promise<Refitted> {
  const once = await courseOver(database, { model, steps }, options);
  const weights = repeatedWeights(steps);
  if (weights.size === 0) return once;
  const isRepeated = ([{ layer }]: readonly Refittable[]) => weights.has(layer.weight);
  const tied = steps
    .filter(isRepeated)
    .reduce((current, [entry]) => withColumns(current, entry, columnsOf(once.model, entry)), model);
  const others = steps.filter((step) => !isRepeated(step));
  return { ...(await courseOver(database, { model: tied, steps: others }, options)), few: once.few };
}

/** The weights that the steps come back to. */
function repeatedWeights(steps: RunningOrder['steps']): ReadonlySet<string> {
  const weights = steps.map(([{ layer }]) => layer.weight);
  return new Set(weights.filter((weight, i) => weights.indexOf(weight) < i));
}

/** The steps taken in their order. */
async function courseOver(
  { dataset, threads }: LayerDatabase,
  { model, steps }: Pick<RunningOrder, 'model' | 'steps'>,
  { targets, kept, fitting, products, signal }: CourseOptions,
): Promise<Refitted> {
  const run = await openStepwiseRun(model, dataset, { threads, signal });
  const few = new Map<string, Few>();
  const repeated = repeatedWeights(steps);
  const known = new Map<string, Places>();
  let current = model;
  for (const step of steps) {
    signal?.throwIfAborted();
    const [{ layer, geometry }] = step;
    await run.advance(current.graph, layer.node);
    const data = step.flatMap((entry) => {
      const found = layerData(entry, current.graph, targets, run, kept?.get(layer.weight));
      return found ?? [];
    });
    if (data.length < step.length) continue;
    if (data[0].kept.length !== geometry.features)
      throw new InputError(
        `recovery needs to know the ${geometry.features} features that layer ${layer.name} has kept, got ${data[0].kept.length}`,
      );
    const patches = repeatablePatches(...data);
    const moments = await momentsOf(data[0], products, patches);
    const straight = data.every(({ activation }) => activation === null);
    const places = withBefore(known.get(layer.weight), { patches, moments, straight });
    if (repeated.has(layer.weight)) known.set(layer.weight, places);
    const [all] = places.moments;
    if (fitting.recovery !== 'channel-statistics' && all.places < all.size)
      few.set(layer.weight, { name: layer.name, ...all });
    else few.delete(layer.weight);
    const ridge = fitting.ridge ?? usualRidge(all);
    const columns = await layerFit(
      columnsOf(model, step[0]),
      step[0],
      places,
      { ...fitting, ridge },
      products,
    );
    if (columns.every((column) => column.every(Number.isFinite)))
      current = withColumns(current, step[0], columns);
  }
  return { model: current, few: [...few.values()] };
}

/** The places of the layers with a weight that came before, and those of the next. */
function withBefore(before: Places | undefined, next: Places): Places {
  if (!before) return next;
  const read = function* () {
    yield* before.patches;
    yield* next.patches;
  };
  return {
    patches: { [Symbol.iterator]: read },
    moments: before.moments.map((own, group) => momentsTogether(own, next.moments[group])),
    straight: before.straight && next.straight,
  };
}
