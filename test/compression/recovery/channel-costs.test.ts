import { expect, test } from 'vitest';
import { constantsOf } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { toFloat32 } from '../../../problems/compression/onnx/tensor.js';
import { channelGroups } from '../../../problems/compression/pruning/channel-selection.js';
import { traceChannels } from '../../../problems/compression/pruning/trace-channels.js';
import { channelCosts } from '../../../problems/compression/recovery/channel-costs.js';
import { openLayerDatabase } from '../../../problems/compression/recovery/database.js';
import { dataset, meanError, model } from './network.js';

const traced = traceChannels(model.graph);
const groups = channelGroups(traced);
const layersOf = async () => (await openLayerDatabase(model, dataset, { threads: 1 })).layers();

/** The classes of a group that cost least, a quarter of them. */
const cheapest = (costs: ReadonlyMap<number, number>, classes: Int32Array) =>
  [...classes].sort((a, b) => costs.get(a)! - costs.get(b)!).slice(0, Math.ceil(classes.length / 4));

test('costs are what the outputs lose: to the power of 1.5, they add up to what was measured', async () => {
  const errors = groups.map((_, g) => 0.01 * (g + 1));
  let asked = 0;
  const costs = await channelCosts(model, await layersOf(), traced, async () => errors[asked++]);
  expect(asked).toBe(groups.length);
  groups.forEach(({ classes }, g) => {
    const sum = cheapest(costs, classes).reduce((total, name) => total + costs.get(name)!, 0);
    expect(sum).toBeCloseTo(errors[g] ** 1.5, 8);
  });
});

test('what is measured is the network whose layers do without a quarter of a group and make that good', async () => {
  const measured: Model[] = [];
  const costs = await channelCosts(model, await layersOf(), traced, async (changed) => {
    measured.push(changed);
    return 1;
  });
  // The first group is read by the dilated convolution, 3 x 3 weights a channel.
  const [{ classes }] = groups;
  const gone = cheapest(costs, classes).map((name) => classes.indexOf(name));
  expect(gone).toHaveLength(3);
  const weights = toFloat32(constantsOf(measured[0].graph).get('w3')!);
  for (let i = 0; i < weights.length; i++)
    expect(weights[i] === 0).toBe(gone.includes(Math.floor(i / 9) % 12));
  // Without making it good the outputs would be further off.
  const plain = toFloat32(constantsOf(model.graph).get('w3')!).map((value, i) =>
    gone.includes(Math.floor(i / 9) % 12) ? 0 : value,
  );
  expect(await meanError(measured[0])).toBeLessThan(await meanError(withWeights(measured[0], plain)));
});

test('a network that answers with nothing that can be compared still has an order of channels', async () => {
  const plain = await channelCosts(model, await layersOf(), traced, async () => Number.NaN);
  const none = await channelCosts(model, await layersOf(), traced, async () => 0);
  for (const { classes } of groups) expect(cheapest(none, classes)).toEqual(cheapest(plain, classes));
});

function withWeights(changed: Model, w3: Float32Array): Model {
  const initializers = changed.graph.initializers.map((entry) =>
    entry.name === 'w3' ? { ...entry, rawData: new Uint8Array(w3.buffer) } : entry,
  );
  return { ...changed, graph: { ...changed.graph, initializers } };
}

test('what a group is worth is measured where something is lost, though most of its channels are always zero', async () => {
  // Of the 20 features of the first product 12 are never above zero.
  const changes: Readonly<Record<string, (value: number, i: number) => number>> = {
    w4: (value, i) => (i < 12 * 64 ? 0 : value),
    b4: (value, i) => (i < 12 ? -1 : value),
    w5: (value, i) => (i < 12 * 5 ? 0.01 * value : value),
  };
  const initializers = model.graph.initializers.map((entry) => {
    const change = changes[entry.name];
    return change ? { ...entry, rawData: new Uint8Array(toFloat32(entry).map(change).buffer) } : entry;
  });
  const half = { ...model, graph: { ...model.graph, initializers } };
  const layers = await (await openLayerDatabase(half, dataset, { threads: 1 })).layers();
  const traces = traceChannels(half.graph);
  const measured: Model[] = [];
  await channelCosts(half, layers, traces, async (changed) => {
    measured.push(changed);
    return 1;
  });
  const rows = toFloat32(constantsOf(measured[measured.length - 1].graph).get('w5')!);
  const gone = Array.from({ length: 20 }, (_, row) =>
    rows.subarray(row * 5, (row + 1) * 5).every((v) => v === 0),
  );
  // A quarter would be 5, all of them idle.
  expect(gone.filter((row) => row).length).toBeGreaterThan(12);
});
