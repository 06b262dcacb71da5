import { describe, expect, it } from 'vitest';
import { classesKept, stagesOf } from '../../../problems/compression/full/stages.js';
import { loadModel, STAND_IN_MODEL } from '../../../problems/compression/index.js';
import { buildModel, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';

const stagesIn = (graph: ReturnType<typeof buildModel>['graph']) =>
  stagesOf(graph, traceChannels(graph)).map(({ groups, shortcut, parts }) => ({
    names: groups.map(({ name }) => name),
    shortcut,
    parts,
  }));

/** A chain of convolutions of so many channels, and a last one of 3. */
const chain = (...widths: number[]) => {
  const all = [3, ...widths, 3];
  return buildModel({
    opset: 17,
    inputs: [valueInfo('v0', 'float32', ['n', 3, 8, 8])],
    outputs: [valueInfo(`v${all.length - 1}`, 'float32', ['n', 3, 8, 8])],
    initializers: all.slice(1).map((width, i) => {
      const dims = [width, all[i], 1, 1];
      return tensor(`w${i + 1}`, 'float32', dims, new Float32Array(width * all[i]).fill(1));
    }),
    nodes: all.slice(1).map((_, i) => node('Conv', [`v${i}`, `w${i + 1}`], [`v${i + 1}`])),
  }).graph;
};

describe('the stages of a network', () => {
  it('are runs of equally many channels', () => {
    expect(stagesIn(chain(16, 16, 32, 128))).toEqual([
      { names: ['w1', 'w2'], shortcut: false, parts: 4 },
      { names: ['w3'], shortcut: false, parts: 4 },
      { names: ['w4'], shortcut: false, parts: 8 },
    ]);
  });

  it('are at most four: neighbours with the fewest weights become one', () => {
    // Weights: 3*8, 8*16, 16*32, 32*64, 64*128; the first two have the fewest between them.
    expect(stagesIn(chain(8, 16, 32, 64, 128)).map(({ names }) => names)).toEqual([
      ['w1', 'w2'],
      ['w3'],
      ['w4'],
      ['w5'],
    ]);
  });

  it('have as many parts as their widest group has units', () => {
    const stages = stagesIn(chain(8, 16, 32, 64, 128));
    expect(stages.map(({ parts }) => parts)).toEqual([4, 4, 8, 8]);
  });

  it('leave out what is too narrow to be cut', () => {
    expect(stagesIn(chain(4, 64))).toEqual([{ names: ['w2'], shortcut: false, parts: 8 }]);
    expect(stagesIn(chain(7))).toEqual([]);
  });

  it('tell the channels along a shortcut apart', () => {
    // v1 -> Conv -> Add v1 -> Conv -> Add -> Conv to 3: three weights make the channels of v1.
    const weight = (name: string, out: number, into: number) =>
      tensor(name, 'float32', [out, into, 1, 1], new Float32Array(out * into).fill(1));
    const { graph } = buildModel({
      opset: 17,
      inputs: [valueInfo('x', 'float32', ['n', 3, 8, 8])],
      outputs: [valueInfo('y', 'float32', ['n', 3, 8, 8])],
      initializers: [
        weight('stem', 16, 3),
        weight('in1', 32, 16),
        weight('out1', 16, 32),
        weight('in2', 32, 16),
        weight('out2', 16, 32),
        weight('head', 3, 16),
      ],
      nodes: [
        node('Conv', ['x', 'stem'], ['a']),
        node('Conv', ['a', 'in1'], ['b']),
        node('Conv', ['b', 'out1'], ['c']),
        node('Add', ['a', 'c'], ['d']),
        node('Conv', ['d', 'in2'], ['e']),
        node('Conv', ['e', 'out2'], ['f']),
        node('Add', ['d', 'f'], ['g']),
        node('Conv', ['g', 'head'], ['y']),
      ],
    });
    expect(stagesIn(graph)).toEqual([
      { names: ['in1', 'in2'], shortcut: false, parts: 4 },
      { names: ['stem'], shortcut: true, parts: 4 },
    ]);
  });

  it('of the stand-in network hold every layer but the last', () => {
    const { graph } = loadModel(STAND_IN_MODEL);
    const names = stagesIn(graph).flatMap((stage) => stage.names);
    expect(names).toEqual(['conv1', 'conv2', 'conv3', 'conv4', 'fc1', 'fc2'].map((name) => `${name}.weight`));
  });
});

describe('the channels kept of a stage', () => {
  const group = (channels: number, each = 1) => ({
    name: 'w',
    weights: ['w'],
    classes: new Int32Array(channels / each),
    each,
  });

  it('are units of 8, of 4 in a narrow group, and all of them where nothing is cut', () => {
    expect(classesKept(group(64), 3, 8)).toBe(24);
    expect(classesKept(group(48), 6, 8)).toBe(40); // 36 lies half way between 32 and 40
    expect(classesKept(group(16), 1, 4)).toBe(4);
    expect(classesKept(group(100), 8, 8)).toBe(100);
    expect(classesKept(group(32), 1, 8)).toBe(8);
    expect(classesKept(group(64, 8), 5, 8)).toBe(5); // 40 channels, eight to a class
    expect(classesKept(group(24, 4), 2, 3)).toBe(4); // 16 channels
  });
});
