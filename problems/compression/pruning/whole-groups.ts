import { abridged } from '../words.js';
import { type ChannelSelection, channelGroups, classesIn } from './channel-selection.js';
import { OUTPUT, type TracedChannels } from './trace-channels.js';

/**
 * Why channels stayed that a selection would have had leave, a sentence each: those that are an output of the network though layers read them, and
 * those of groups that multiples leave whole; or that none lie between two layers. What `traced.notes` say is not said again, and
 * nothing where all are to be kept.
 */
export function whyWhole(
  traced: TracedChannels,
  removed: ReadonlySet<number>,
  { keep, scope, multipleOf = 1, groups: own = {} }: ChannelSelection,
): string[] {
  if ([keep, ...Object.values(own)].every((share) => share === 1)) return [];
  const groups = channelGroups(traced);
  const shown = readOutputs(traced);
  const whole = groups.filter((group) => {
    const { name, classes } = group;
    return (
      multipleOf > 1 &&
      (own[name] ?? keep) < 1 &&
      (scope === 'local' || name in own || classes.length <= classesIn(multipleOf, group)) &&
      !classes.some((id) => removed.has(id))
    );
  });
  return [
    ...(shown.length > 0
      ? [
          `the channels of ${abridged(shown)} stay: layers read them, but they are an output of the network too`,
        ]
      : []),
    ...(whole.length > 0
      ? [
          `all channels of ${abridged(whole.map(({ name }) => name))} stay: the nearest multiple of ${multipleOf} is all of them`,
        ]
      : []),
    ...(groups.length === 0 && shown.length === 0 && traced.notes.length === 0
      ? ['no channel can leave: none lie between two layers']
      : []),
  ];
}

/** The weights whose channels stay because they are an output, and which layers read as well. */
function readOutputs({ channels, axes }: TracedChannels): string[] {
  const read = new Set(
    axes.filter(({ role }) => role === 'input').flatMap(({ ids }) => Array.from(ids, channels.classOf)),
  );
  const both = (id: number) => channels.frozen(id) === OUTPUT && read.has(channels.classOf(id));
  return axes.filter(({ role, ids }) => role === 'output' && ids.some(both)).map(({ tensor }) => tensor);
}
