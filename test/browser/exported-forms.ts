import { packedAt } from '../../problems/compression/coding/packed-size.js';
import {
  applyFullPlan,
  applyPlan,
  type Dataset,
  type FullPlan,
  type Model,
  prepare,
  unpack,
} from '../../problems/compression/index.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { quantizationForms } from '../../problems/compression/quantization/catalogue.js';
import { recoveries } from '../../problems/compression/recovery/recoveries.js';

/** A form in which a network leaves the program. */
export interface ExportedForm {
  readonly name: string;
  /** Its .onnx file. */
  make(): Promise<Uint8Array>;
}

const channels = { keep: 0.75, multipleOf: 8 } as const;
const recovery = recoveries[recoveries.length - 1]; // all write the same nodes

/** Plans that between them lead to every kind of node and tensor that plans write. */
const plans: Readonly<Record<string, FullPlan>> = {
  simplified: {},
  ...Object.fromEntries(quantizationForms.map(({ name, quantization }) => [name, { quantization }])),
  'static int8, reduced range': { quantization: { kind: 'static-int8', reducedRange: true } },
  'static int8, entropy': { quantization: { kind: 'static-int8', calibration: 'entropy' } },
  'channels removed': { channels },
  'channels removed, recovered': { channels, recovery },
  'zeros, recovered': { zeros: { share: 0.6 }, recovery },
  'everything at once': { channels, zeros: { share: 0.3 }, recovery, quantization: { kind: 'static-int8' } },
};

/** All forms that plans lead to, of the seven variables and of `fronteira apply`, and what comes out of a container. */
export function exportedForms(model: Model, calibration: Dataset): ExportedForm[] {
  const classic = (['none', 'dynamic-int8'] as const).map((quantization) => ({
    name: `classic, half pruned, ${quantization}`,
    async make() {
      const prepared = prepare(model);
      const layers = prepared.layers.map(({ name }) => ({ layer: name, weight: 0.5, bias: 0.1 }));
      return applyPlan(prepared, { layers, quantization }).bytes;
    },
  }));
  const planned = Object.entries(plans).map(([name, plan]) => ({
    name,
    make: async () => writeModel((await applyFullPlan(model, plan, { calibration, threads: 1 })).model),
  }));
  const unpacked = {
    name: 'unpacked',
    make: async () => unpack(packedAt(writeModel(model))),
  };
  return [...classic, ...planned, unpacked];
}
