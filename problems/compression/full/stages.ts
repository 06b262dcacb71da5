import { constantsOf } from '../onnx/constants.js';
import type { Graph } from '../onnx/model.js';
import { sizeOf } from '../onnx/tensor.js';
import { type ChannelGroup, channelGroups, classesIn } from '../pruning/channel-selection.js';
import type { TracedChannels } from '../pruning/trace-channels.js';

/** Groups of channels that one variable of the search decides. */
export interface Stage {
  readonly groups: readonly ChannelGroup[];
  /** Whether their channels pass along shortcuts. */
  readonly shortcut: boolean;
  /** Parts into which the channels of each group are cut, and of which some are kept. */
  readonly parts: number;
}

/** Stages in a row, and stages along shortcuts, at most. */
const MOST = 4;
const MOST_SHORTCUTS = 2;
/** Parts of a stage at most; the channels of a part at least, in wide groups and in narrow ones. */
const MOST_PARTS = 8;
const WIDE = 32;
const PART = { wide: 8, narrow: 4 };

/**
 * The channels of a network as a few stages, in graph order. Groups next to one another with equally many channels make a stage; while there are
 * too many, the two neighbours with the fewest weights between them become one. Channels that three or more
 * weights make pass along shortcuts and count apart: fewer of them change every layer that reads the shortcut. A stage has as many parts as its widest group
 * can be cut into: narrower ones keep the nearest that they can. Stages too narrow to be cut in two are left out.
 */
export function stagesOf(graph: Graph, traced: TracedChannels): Stage[] {
  const constants = constantsOf(graph);
  const weightsOf = ({ weights }: ChannelGroup) =>
    weights.reduce((sum, name) => sum + sizeOf(constants.get(name)!), 0);
  const groups = channelGroups(traced);
  const stages = [false, true].flatMap((shortcut) => {
    const own = groups.filter(({ weights }) => weights.length > 2 === shortcut);
    const runs = merged(runsOf(own), weightsOf, shortcut ? MOST_SHORTCUTS : MOST);
    return runs.map((run): Stage => ({ groups: run, shortcut, parts: partsOf(run) }));
  });
  return stages.filter(({ parts }) => parts > 1);
}

/** The classes of channels that a group keeps of `kept` parts of its stage: a whole number of units of 8 channels, or of 4 where it is narrow. */
export function classesKept(group: ChannelGroup, kept: number, parts: number): number {
  const { length } = group.classes;
  const unit = unitOf(group);
  return kept === parts
    ? length
    : Math.min(length, Math.max(unit, Math.round(((kept / parts) * length) / unit) * unit));
}

type Run = readonly ChannelGroup[];

function runsOf(groups: readonly ChannelGroup[]): Run[] {
  const runs: ChannelGroup[][] = [];
  for (const group of groups) {
    const last = runs.at(-1);
    if (last && channelCount(last[0]) === channelCount(group)) last.push(group);
    else runs.push([group]);
  }
  return runs;
}

function merged(runs: readonly Run[], weightsOf: (group: ChannelGroup) => number, most: number): Run[] {
  if (runs.length <= most) return [...runs];
  const sizes = runs.map((run) => run.reduce((sum, group) => sum + weightsOf(group), 0));
  const pairs = sizes.slice(1).map((size, i) => sizes[i] + size);
  const at = pairs.indexOf(Math.min(...pairs));
  const joined = [...runs.slice(0, at), [...runs[at], ...runs[at + 1]], ...runs.slice(at + 2)];
  return merged(joined, weightsOf, most);
}

function partsOf(run: Run): number {
  const widest = run.reduce((a, b) => (channelCount(b) > channelCount(a) ? b : a));
  return Math.min(MOST_PARTS, Math.floor(widest.classes.length / unitOf(widest)));
}

/** Channels of a group's first weight. */
export const channelCount = ({ classes, each }: ChannelGroup): number => classes.length * each;

const unitOf = (group: ChannelGroup) =>
  classesIn(channelCount(group) >= WIDE ? PART.wide : PART.narrow, group);
