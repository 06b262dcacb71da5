import { expect, test } from 'vitest';
import { forEachActivation } from '../../../problems/compression/inference/activations.js';
import { openStepwiseRun } from '../../../problems/compression/inference/stepwise.js';
import { buildModel, graph, node, tensor, valueInfo } from '../../../problems/compression/onnx/build.js';
import { constantsOf, withConstants } from '../../../problems/compression/onnx/constants.js';
import type { Model } from '../../../problems/compression/onnx/model.js';
import { rawOf, toFloat32, withRawData } from '../../../problems/compression/onnx/tensor.js';
import { dataset, model, normal } from '../recovery/network.js';

async function valuesOf(network: Model, name: string): Promise<Float32Array> {
  const found: number[] = [];
  await forEachActivation(network, [name], dataset, { threads: 1 }, ({ data }) => {
    found.push(...data);
  });
  return Float32Array.from(found);
}

const nodeOf = (name: string) => model.graph.nodes.findIndex((node) => node.name === name);

test('what is read later has the values of a run at once', async () => {
  const run = await openStepwiseRun(model, dataset, { threads: 1 });
  for (const [name, value] of [
    ['stem', 'x'],
    ['depthwise', 'r1'],
    ['head', 'r4'],
  ] as const) {
    await run.advance(model.graph, nodeOf(name));
    const batches = run.value(value)!;
    const got = Float32Array.from(batches.flatMap(({ data }) => [...data]));
    const wanted = await valuesOf(model, value);
    expect(got.length).toBe(wanted.length);
    expect(Math.max(...got.map((v, i) => Math.abs(v - wanted[i])))).toBeLessThan(1e-5);
    expect(batches.map(({ first, dims }) => [first, dims[0]])).toEqual([
      [0, 32],
      [32, 32],
      [64, 32],
    ]);
  }
  // Read by nodes that have run already, or not computed at all.
  expect(run.value('r1')).toBeUndefined();
  expect(run.value('y')).toBeUndefined();
});

test('weights that change on the way count from where they are', async () => {
  const run = await openStepwiseRun(model, dataset, { threads: 1 });
  await run.advance(model.graph, nodeOf('dilated'));
  const weight = constantsOf(model.graph).get('w3')!;
  const doubled = withRawData(
    weight,
    rawOf(
      weight.dataType,
      toFloat32(weight).map((value) => 2 * value),
    ),
  );
  const graph = withConstants(model.graph, new Map([['w3', doubled]]));
  await run.advance(graph, nodeOf('first'));
  const got = run.value('f')!.flatMap(({ data }) => [...data]);
  const before = await valuesOf(model, 'f');
  expect(Math.max(...got.map((value, i) => Math.abs(value - 2 * before[i])))).toBeLessThan(1e-4);
});

test('a body that does not say the shape of what it gives runs, as it does in the whole network', async () => {
  const scanned = buildModel({
    opset: 17,
    inputs: [valueInfo('x', 'float32', ['n', 3, 11, 11])],
    outputs: [valueInfo('y', 'float32')],
    initializers: [normal('w', 3, 3, 1, 1), tensor('zero', 'float32', [1], Float32Array.of(0))],
    nodes: [
      node('Conv', ['x', 'w'], ['c']),
      node('Scan', ['zero', 'c'], ['last', 'sums'], {
        num_scan_inputs: 1,
        body: graph({
          inputs: [valueInfo('before', 'float32'), valueInfo('sample', 'float32')],
          outputs: [valueInfo('after', 'float32'), valueInfo('sum', 'float32')],
          nodes: [node('Identity', ['before'], ['after']), node('Add', ['before', 'sample'], ['sum'])],
        }),
      }),
      node('Relu', ['sums'], ['r']),
      node('Flatten', ['r'], ['y']),
    ],
  });
  const run = await openStepwiseRun(scanned, dataset, { threads: 1 });
  for (const at of [1, 2, 3]) await run.advance(scanned.graph, at);
  const got = run.value('r')!.flatMap(({ data }) => [...data]);
  const wanted = await valuesOf(scanned, 'r');
  expect(got.length).toBe(wanted.length);
  expect(Math.max(...got.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(1e-5);
});

test('that is stopped says so, and does not blame the model', async () => {
  const stop = new AbortController();
  const run = await openStepwiseRun(model, dataset, { threads: 1, signal: stop.signal });
  stop.abort();
  await expect(run.advance(model.graph, nodeOf('depthwise'))).rejects.toBe(stop.signal.reason);
});
