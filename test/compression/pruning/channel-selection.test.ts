import { describe, expect, it } from 'vitest';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import {
  channelGroups,
  classesIn,
  selectChannels,
} from '../../../problems/compression/pruning/channel-selection.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';

/** A weight whose features are the larger the later they come. */
const growing = (name: string, ...dims: number[]) => {
  const size = dims.reduce((a, b) => a * b);
  const data = Float32Array.from({ length: size }, (_, i) => 1 + Math.floor((i * dims[0]) / size));
  return tensor(name, 'float32', dims, data);
};

/** 32 channels that a convolution of 8 groups reads, whose 32 channels a last one reads. */
const { graph } = buildModel({
  opset: 17,
  inputs: [valueInfo('x', 'float32', ['n', 3, 8, 8])],
  outputs: [valueInfo('y', 'float32')],
  initializers: [growing('w', 32, 3, 1, 1), growing('grouped', 32, 4, 3, 3), growing('last', 5, 32, 1, 1)],
  nodes: [
    node('Conv', ['x', 'w'], ['a']),
    node('Relu', ['a'], ['b']),
    node('Conv', ['b', 'grouped'], ['c'], { group: 8 }),
    node('Conv', ['c', 'last'], ['y']),
  ],
});
const traced = traceChannels(graph);
const groups = channelGroups(traced);
const keptOf = (removed: ReadonlySet<number>) =>
  groups.map(({ classes }) => classes.filter((name) => !removed.has(name)).length);

describe('a class of channels before a convolution in groups', () => {
  it('holds one of each group, and so many make a multiple the sooner', () => {
    expect(groups.map(({ name, classes, each }) => [name, classes.length, each])).toEqual([
      ['w', 4, 8],
      ['grouped', 4, 8],
    ]);
    expect([1, 4, 8, 12, 16].map((multiple) => classesIn(multiple, groups[0]))).toEqual([1, 1, 1, 3, 2]);
  });

  it('leaves though channels are kept in multiples', () => {
    const removed = selectChannels(graph, traced, {
      keep: 0.5,
      scope: 'local',
      criterion: 'l1',
      multipleOf: 8,
    });
    expect(keptOf(removed)).toEqual([2, 2]);
  });
});

describe('a group of which no channel has a score', () => {
  const [measured, unknown] = groups;
  const scores = new Map([...measured.classes].map((name, i) => [name, i + 1]));
  for (const name of unknown.classes) scores.set(name, Number.POSITIVE_INFINITY);

  it('keeps its share where all groups are ranked together, and loses the smallest weights first', () => {
    const removed = selectChannels(graph, traced, {
      keep: 0.5,
      scope: 'global',
      criterion: 'least-squares',
      scores,
    });
    expect(keptOf(removed)).toEqual([2, 2]);
    const stays = (name: number) => !removed.has(name);
    expect([...unknown.classes].map(stays)).toEqual([false, false, true, true]);
    expect([...measured.classes].map(stays)).toEqual([false, false, true, true]);
  });
});
