import type { Dataset } from '../../data/dataset.js';
import { runSamples, type Sampling } from '../../inference/run-samples.js';
import { node, valueInfo } from '../../onnx/build.js';
import { ELEMENT_TYPE, type Model } from '../../onnx/model.js';
import { readModel } from '../../onnx/read.js';
import { writeModel } from '../../onnx/write.js';
import type { Packable } from './packables.js';
import type { Choice, QuantizableModel, Shifts } from './quantized-model.js';

export interface OutputMeans {
  /**
   * What to add to the biases of a choice so that every layer's mean output, feature by feature, is that of the unquantized model. The layers
   * are taken in the order of the graph, each with those before it made good already.
   */
  shiftsFor(model: QuantizableModel, choice: Choice): Promise<Shifts>;
}

/** Measures the mean outputs of the layers whose weight is a matrix and that have a bias of their own. */
export async function outputMeans(
  file: Uint8Array,
  packables: readonly Packable[],
  dataset: Dataset,
  sampling: Sampling,
): Promise<OutputMeans> {
  const count = Math.min(sampling.count, dataset.count);
  const graph = readModel(file, 'the model').graph;
  const biased = packables.filter(
    ({ role, shared, layer, dataType }) =>
      role === 'bias' && !shared && layer.adder !== null && dataType === ELEMENT_TYPE.float32,
  );
  const watched = packables
    .filter(
      ({ role, matrix, shared, layer }) =>
        role === 'weight' && matrix && !shared && biased.some((bias) => bias.layer.name === layer.name),
    )
    .map(({ layer }) => ({ layer, output: graph.nodes[layer.adder!].outputs[0] }));
  const meansOf = async (bytes: Uint8Array, of: typeof watched): Promise<Float64Array[]> => {
    const sums: Float64Array[] = [];
    const names = of.map((_, l) => meanName(l));
    const looking = withMeans(readModel(bytes, 'the model'), of);
    await runSamples(looking, dataset, sampling, names, (values, valid) => {
      for (const [l, { data, dims }] of values.entries()) {
        const features = of[l].layer.operator === 'Conv' ? dims[1] : dims[dims.length - 1];
        const perSample = data.length / dims[0];
        sums[l] ??= new Float64Array(features);
        for (let i = 0; i < valid * perSample; i++)
          sums[l][i % features] += (data[i] * features) / (count * perSample);
      }
    });
    return sums;
  };
  const wanted = watched.length > 0 ? await meansOf(file, watched) : [];
  return {
    async shiftsFor(model, choice) {
      const shifts = new Map<string, Float64Array>();
      for (const [l, entry] of watched.entries()) {
        const [got] = await meansOf(model.bytes(choice, shifts), [entry]);
        shifts.set(
          entry.layer.name,
          wanted[l].map((mean, i) => mean - got[i]),
        );
      }
      return shifts;
    },
  };
}

const meanName = (index: number) => `fronteira/mean/${index}`;

/** The model with the means of its layers' outputs over the places of a sample as its only outputs: what comes after goes unrun. */
function withMeans(
  model: Model,
  of: readonly { readonly layer: Packable['layer']; readonly output: string }[],
): Uint8Array {
  const nodes = of.map(({ layer, output }, l) =>
    layer.operator === 'Conv'
      ? node('GlobalAveragePool', [output], [meanName(l)])
      : node('Identity', [output], [meanName(l)]),
  );
  const outputs = of.map((_, l) => valueInfo(meanName(l), 'float32'));
  return writeModel({
    ...model,
    graph: { ...model.graph, nodes: [...model.graph.nodes, ...nodes], outputs },
  });
}
