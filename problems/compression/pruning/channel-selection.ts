import { InputError, randomOf, show } from '../../../src/index.js';
import { constantsOf } from '../onnx/constants.js';
import type { Graph, Tensor } from '../onnx/model.js';
import { toFloat32 } from '../onnx/tensor.js';
import type { TracedChannels } from './trace-channels.js';
import type { ChannelAxis } from './tracer.js';

/** Classes of coupled channels that the same weights make: what is ranked among itself. */
export interface ChannelGroup {
  /** The first weight, in graph order, that makes its channels. */
  readonly name: string;
  /** Every weight that makes them. */
  readonly weights: readonly string[];
  /** The classes, in the order of the first weight. */
  readonly classes: Int32Array;
  /** Channels of the first weight in a class: one, or more where what reads them works in groups. */
  readonly each: number;
}

/**
 * What makes a channel worth keeping: the magnitudes of its weights, the scale of its batch-norm, how large it is on samples, or the error
 * of the layers that read it when it leaves and they are refitted by least squares. The last two need scores of samples.
 */
export const channelCriteria = [
  'l1',
  'l2',
  'batch-norm',
  'mean-activation',
  'least-squares',
  'random',
] as const;
export type ChannelCriterion = (typeof channelCriteria)[number];

/** Whether a criterion needs scores of samples. */
export function isMeasured(criterion: ChannelCriterion): criterion is 'mean-activation' | 'least-squares' {
  return criterion === 'mean-activation' || criterion === 'least-squares';
}

/** How many channels to keep, and where. */
export interface ChannelSelection {
  /** The share of channels to keep, in (0, 1]. */
  readonly keep: number;
  /**
   * `local`: that share in every group; `global`: that share of all filters, of which a class takes one in every weight that makes it. There
   * the scores of a group are in units of its mean; those of `least-squares` are costs a filter. A group without scores keeps that share by `l1`.
   */
  readonly scope: 'local' | 'global';
  readonly criterion: ChannelCriterion;
  /** Groups keep a multiple of this many channels, the nearest; kernels like 8 and 16. Default 1. */
  readonly multipleOf?: number;
  /** Groups with a share of their own, by name; they have no part in a `global` ranking. */
  readonly groups?: Readonly<Record<string, number>>;
  /** For `random`. */
  readonly seed?: number;
  /** The scores of the classes by their names, for `mean-activation` and `least-squares`. */
  readonly scores?: ReadonlyMap<number, number>;
}

/** The groups whose channels can be removed, in graph order. */
export function channelGroups({ channels, axes }: TracedChannels): ChannelGroup[] {
  const makers = new Map<number, Set<string>>();
  for (const { tensor, ids, role } of axes) {
    if (role !== 'output') continue;
    for (const id of ids) {
      const name = channels.classOf(id);
      makers.set(name, (makers.get(name) ?? new Set()).add(tensor));
    }
  }
  const first = new Map<string, Int32Array>();
  for (const { tensor, role, made } of axes)
    if (role === 'output' && !first.has(tensor)) first.set(tensor, made);
  const groups = new Map<string, { weights: string[]; classes: number[] }>();
  for (const [name, weights] of makers) {
    if (channels.frozen(name) !== undefined) continue;
    const key = JSON.stringify([...weights].sort());
    const group = groups.get(key) ?? { weights: [...weights], classes: [] };
    group.classes.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ weights, classes }) => {
    const own = new Set(classes);
    const made = first.get(weights[0])!.filter((id) => own.has(channels.classOf(id))).length;
    const each = Math.max(1, Math.round(made / classes.length));
    return { name: weights[0], weights, classes: Int32Array.from(classes), each };
  });
}

/** How many classes of a group make a multiple of so many channels. */
export function classesIn(multipleOf: number, { each }: ChannelGroup): number {
  let [a, b] = [multipleOf, each];
  while (b > 0) [a, b] = [b, a % b];
  return multipleOf / a;
}

/**
 * The classes to remove. Those of smallest score go first, ties to the later; every group, every axis and every part of a Split
 * keeps at least one channel. Throws an InputError unless `keep` lies in (0, 1] and `multipleOf` is a whole number from 1.
 */
export function selectChannels(
  graph: Graph,
  traced: TracedChannels,
  { keep, scope, criterion, multipleOf = 1, groups: own = {}, seed = 1, scores: given }: ChannelSelection,
): ReadonlySet<number> {
  checkKept([keep, ...Object.values(own)]);
  checkMultiple(multipleOf);
  const groups = channelGroups(traced);
  const missing = Object.keys(own).find((name) => !groups.some((group) => group.name === name));
  if (missing !== undefined)
    throw new InputError(
      `the groups of channels are ${groups.map(({ name }) => name).join(', ')}, got ${show(missing)}`,
    );
  const measured = isMeasured(criterion);
  if (measured && !given)
    throw new InputError(`the criterion ${criterion} needs the scores of the channels, got none`);
  const unknown = measured ? groups.filter((group) => !isKnown(given!, group)) : [];
  const scores = measured
    ? withUnknown(given!, groups, unknown, () => scoresOf(graph, traced, 'l1', seed))
    : scoresOf(graph, traced, criterion, seed);
  const ranked = groups.filter((group) => own[group.name] === undefined && !unknown.includes(group));
  const together = new Map(
    scope === 'global'
      ? shared(traced, ranked, scores, keep, criterion === 'least-squares').map((count, i) => [
          ranked[i].name,
          count,
        ])
      : [],
  );
  const kept = groups.map(({ name, classes }) => together.get(name) ?? (own[name] ?? keep) * classes.length);
  const removed = new Set<number>();
  groups.forEach((group, g) => {
    const { classes } = group;
    const count = inMultiples(kept[g], classesIn(multipleOf, group), classes.length);
    const ranking = [...classes].sort((a, b) => compare(scores.get(b)!, scores.get(a)!) || a - b);
    for (const name of ranking.slice(count)) removed.add(name);
  });
  keepOneEverywhere(traced, removed, scores);
  return removed;
}

/** Throws an InputError unless every share of channels to keep lies in (0, 1]. */
export function checkKept(shares: readonly unknown[]): void {
  for (const share of shares)
    if (!(typeof share === 'number' && share > 0 && share <= 1))
      throw new InputError(`the share of channels to keep must lie in (0, 1], got ${show(share)}`);
}

/** Throws an InputError unless channels are kept in multiples of a whole number from 1. */
export function checkMultiple(value: unknown): void {
  if (!(Number.isInteger(value) && (value as number) >= 1))
    throw new InputError(`channels are kept in multiples of a whole number from 1, got ${show(value)}`);
}

/** Whether a class of the group has a finite score: what no layer reads that can be measured has none. */
function isKnown(scores: ReadonlyMap<number, number>, { classes }: ChannelGroup): boolean {
  return classes.some((name) => Number.isFinite(scores.get(name)));
}

/** The scores with infinity for the classes that have none: they go last. Groups where no class has one are scored by their weights. */
function withUnknown(
  scores: ReadonlyMap<number, number>,
  groups: readonly ChannelGroup[],
  unknown: readonly ChannelGroup[],
  byWeight: () => ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const scored = (from: ReadonlyMap<number, number>, { classes }: ChannelGroup) =>
    Array.from(classes, (name) => [name, from.get(name) ?? Number.POSITIVE_INFINITY] as const);
  const all = new Map(groups.flatMap((group) => scored(scores, group)));
  if (unknown.length === 0) return all;
  const weights = byWeight();
  return new Map([...all, ...unknown.flatMap((group) => scored(weights, group))]);
}

/** How many channels each group keeps when the worst of all groups go, whatever their group, while none takes more filters than may go. */
function shared(
  traced: TracedChannels,
  groups: readonly ChannelGroup[],
  scores: ReadonlyMap<number, number>,
  keep: number,
  costs: boolean,
): number[] {
  const filters = filtersOf(traced);
  const all = groups.flatMap(({ classes }, g) => {
    const mean = classes.reduce((sum, name) => sum + scores.get(name)!, 0) / classes.length || 1;
    const unit = !costs && Number.isFinite(mean) ? mean : 1;
    return Array.from(classes, (name) => {
      const count = filters.get(name)!;
      return { g, count, score: scores.get(name)! / (costs ? count : unit) };
    });
  });
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const kept = groups.map(({ classes }) => classes.length);
  let mayGo = total - Math.max(1, Math.round(keep * total));
  for (const { g, count } of all.sort((a, b) => compare(a.score, b.score) || b.g - a.g)) {
    if (count > mayGo) continue;
    kept[g]--;
    mayGo -= count;
  }
  return kept;
}

/** How many filters each class of channels is made by. */
function filtersOf({ axes, channels }: TracedChannels): Map<number, number> {
  const filters = new Map<number, number>();
  for (const { role, made } of axes) {
    if (role !== 'output') continue;
    for (const id of made) filters.set(channels.classOf(id), (filters.get(channels.classOf(id)) ?? 0) + 1);
  }
  return filters;
}

/** The order of two scores, equal infinities among them. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function inMultiples(count: number, multipleOf: number, all: number): number {
  const rounded = Math.round(count / multipleOf) * multipleOf;
  return Math.min(all, Math.max(rounded, Math.min(multipleOf, all), 1));
}

/** The score of every class: a mean over the elements of all weights that make it. */
function scoresOf(
  graph: Graph,
  { channels, axes }: TracedChannels,
  criterion: ChannelCriterion,
  seed: number,
): ReadonlyMap<number, number> {
  const constants = constantsOf(graph);
  const sums = new Map<number, { total: number; count: number }>();
  const random = randomOf(seed, 'channels');
  const gains = new Set(
    graph.nodes.filter(({ opType }) => opType === 'BatchNormalization').map(({ inputs }) => inputs[1]),
  );
  const normalised = new Set(
    axes.filter(({ tensor }) => gains.has(tensor)).flatMap(({ ids }) => Array.from(ids, channels.classOf)),
  );
  const add = (axis: ChannelAxis) => {
    const [totals, size] = sumsAlong(constants.get(axis.tensor)!, axis.axis, criterion === 'l2');
    axis.ids.forEach((id, i) => {
      const name = channels.classOf(id);
      const byGain = criterion === 'batch-norm' && normalised.has(name);
      if (byGain !== gains.has(axis.tensor)) return;
      const sum = sums.get(name) ?? { total: 0, count: 0 };
      sum.total += totals[i];
      sum.count += size;
      sums.set(name, sum);
    });
  };
  for (const axis of axes) if (axis.role === 'output' || gains.has(axis.tensor)) add(axis);
  return new Map(
    [...sums].map(([name, { total, count }]) => [
      name,
      criterion === 'random'
        ? random.uniform()
        : criterion === 'l2'
          ? Math.sqrt(total / count)
          : total / count,
    ]),
  );
}

/** Sums of magnitudes, or of squares, along one axis, and how many elements each is made of. */
function sumsAlong(tensor: Tensor, axis: number, squares: boolean): readonly [Float64Array, number] {
  const values = toFloat32(tensor);
  const length = tensor.dims[axis];
  const inner = tensor.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const sums = new Float64Array(length);
  for (let i = 0; i < values.length; i++)
    sums[Math.floor(i / inner) % length] += squares ? values[i] ** 2 : Math.abs(values[i]);
  return [sums, values.length / length];
}

/** Takes back the best class of a place that would be left with none: of an axis, or of a part of a Split. */
export function keepOneEverywhere(
  { channels, axes, counts }: TracedChannels,
  removed: Set<number>,
  scores: ReadonlyMap<number, number>,
): void {
  const splits = counts.filter(({ kind }) => kind === 'split').flatMap(({ parts }) => parts);
  for (const ids of [...axes.map((axis) => axis.ids), ...splits]) {
    const names = Array.from(ids, channels.classOf);
    if (names.length === 0 || !names.every((name) => removed.has(name))) continue;
    removed.delete(names.reduce((best, name) => (scores.get(name)! > scores.get(best)! ? name : best)));
  }
}
