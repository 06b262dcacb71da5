import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as web from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import {
  type Dataset,
  loadModel,
  readCifar10,
  STAND_IN_MODEL,
  standInDataset,
} from '../../problems/compression/index.js';
import { valueInfo } from '../../problems/compression/onnx/build.js';
import { writeModel } from '../../problems/compression/onnx/write.js';
import { emptyFolder } from '../cli/command-line.js';
import { complaints, hasChecker } from '../compression/onnx-checker.js';
import { runOnnx } from '../compression/run-onnx.js';
import { type Batch, batchOf, classesOf } from './answers.js';
import { type ExportedForm, exportedForms } from './exported-forms.js';

web.env.wasm.numThreads = 1;

const at = (path: string) => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));
const RESNET = at('models/resnet20-cifar10.onnx');

describe('the stand-in network', () => {
  const test = standInDataset({ split: 'test', count: 256 });
  const train = standInDataset({ split: 'train', count: 64 });
  everyForm(exportedForms(loadModel(STAND_IN_MODEL), train), test);
});

describe.skipIf(!existsSync(RESNET))('ResNet-20 (skipped where ../shared is absent)', async () => {
  if (!existsSync(RESNET)) return;
  const normalised = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const [test, train] = await Promise.all([
    readCifar10([at('data/cifar10/test_batch.bin')], { ...normalised, limit: 128 }),
    readCifar10([at('data/cifar10/data_batch_1.bin')], { ...normalised, limit: 48 }),
  ]);
  everyForm(exportedForms(loadModel(RESNET), train), test);
});

describe('the checker', () => {
  it.skipIf(!hasChecker)(
    'complains of a model whose shapes do not fit, and changes no file (where there is one)',
    () => {
      const { graph, ...rest } = loadModel(STAND_IN_MODEL);
      const outputs = [valueInfo('logits', 'float32', ['batch', 11])];
      const file = join(emptyFolder(), 'bent.onnx');
      writeFileSync(file, writeModel({ ...rest, graph: { ...graph, outputs } }));
      const before = readFileSync(STAND_IN_MODEL);
      expect(complaints([STAND_IN_MODEL, file])).toEqual([null, expect.stringMatching(/dimension/i)]);
      expect(Buffer.compare(readFileSync(STAND_IN_MODEL), before)).toBe(0);
    },
  );
});

function everyForm(forms: readonly ExportedForm[], pictures: Dataset): void {
  const folder = emptyFolder();
  const files: string[] = [];

  it.each(forms.map((form) => [form.name, form] as const))(
    '%s: onnxruntime-web gives the classes that onnxruntime-node gives',
    async (name, form) => {
      const bytes = await form.make();
      files.push(join(folder, `${name}.onnx`));
      writeFileSync(files[files.length - 1], bytes);
      const batch = await batchOf(pictures, pictures.count);
      const { logits } = await runOnnx(bytes, { input: batch });
      const [inNode, inWeb] = [logits, await runInWeb(bytes, batch)].map((of) =>
        classesOf(of, pictures.count),
      );
      const others = inNode.filter((label, picture) => label !== inWeb[picture]);
      expect(others).toEqual([]);
    },
  );

  it.skipIf(!hasChecker)('every form passes the ONNX checker (where there is one)', () => {
    expect(files).toHaveLength(forms.length);
    const found = complaints(files);
    expect(files.flatMap((file, i) => (found[i] === null ? [] : [[file, found[i]]]))).toEqual([]);
  });
}

async function runInWeb(bytes: Uint8Array, { data, dims }: Batch): Promise<number[]> {
  const session = await web.InferenceSession.create(bytes);
  try {
    const { logits } = await session.run({ input: new web.Tensor('float32', data, dims) });
    return Array.from(logits.data as Float32Array);
  } finally {
    await session.release();
  }
}
