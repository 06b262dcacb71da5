import { readFileSync, writeFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { test } from 'vitest';
import { buildModel, node, tensor, valueInfo, float } from '../../../problems/compression/onnx/build.js';
import { readModel } from '../../../problems/compression/onnx/read.js';
import { writeModel } from '../../../problems/compression/onnx/write.js';
import { decodeVector } from '../../../problems/compression/design-vector.js';
import { prepare, applyPlan } from '../../../problems/compression/plan.js';
import { loadModel } from '../../../problems/compression/onnx/load.js';
async function opt(bytes: Uint8Array, level: 'all'|'extended' = 'all') {
  const s = await ort.InferenceSession.create(bytes, { optimizedModelFilePath: '/tmp/opt.onnx', graphOptimizationLevel: level });
  const m = readModel(readFileSync('/tmp/opt.onnx'), 'opt');
  return { s, ops: m.graph.nodes.map(n => `${n.opType}(${n.inputs.join(', ')})`) };
}
const rnd = (n: number, s = 1) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + s) * ((i * 7919 % 13) - 6) / 6);
test('mlp', async () => {
  const model = buildModel({ opset: 17,
    inputs: [valueInfo('x', 'float32', ['batch', 64])], outputs: [valueInfo('y', 'float32', ['batch', 10]), valueInfo('z', 'float32', ['batch', 10])],
    initializers: [tensor('w', 'float32', [32, 64], rnd(32*64)), tensor('b', 'float32', [32], rnd(32)), tensor('w2', 'float32', [32, 10], rnd(320)), tensor('b2', 'float32', [10], rnd(10)),
      tensor('w3', 'float32', [10, 32], rnd(320, 3)), tensor('b3', 'float32', [10], rnd(10, 4))],
    nodes: [node('Gemm', ['x', 'w', 'b'], ['h'], { transB: 1 }), node('Relu', ['h'], ['r']), node('MatMul', ['r', 'w2'], ['m']), node('Add', ['b2', 'm'], ['y']), node('Gemm', ['r', 'w3', 'b3'], ['z'], { transB: 1, alpha: float(0.5), beta: float(2) })]});
  const p = prepare(readModel(writeModel(model), 'm'));
  const c = applyPlan(p, { layers: [], quantization: 'dynamic-int8' });
  const a = await opt(p.bytes); const q = await opt(c.bytes);
  console.log(a.ops, q.ops, c.notes);
  const f = { x: new ort.Tensor('float32', rnd(64*5, 9), [5, 64]) };
  const r1 = await a.s.run(f), r2 = await q.s.run(f);
  console.log((r1.y.data as Float32Array).slice(0, 10), (r2.y.data as Float32Array).slice(0, 10));
  console.log((r1.z.data as Float32Array).slice(0, 10), (r2.z.data as Float32Array).slice(0, 10));
});
test('left', async () => {
  for (const [ta, tb] of [['int8', 'uint8'], ['uint8', 'uint8'], ['uint8', 'int8']] as const) {
  try {
  const A = ta === 'int8' ? Int8Array.of(-3, 4, 100, -127, 5, 6) : Uint8Array.of(3, 4, 100, 127, 5, 6);
  const m = buildModel({ opset: 17, inputs: [valueInfo('x', tb, [3, 2])], outputs: [valueInfo('y', 'int32', [2, 2])], initializers: [ta === 'int8' ? tensor('w', 'int8', [2,3], A as Int8Array) : tensor('w', 'uint8', [2,3], A as Uint8Array)],
    nodes: [node('MatMulInteger', ['w', 'x'], ['y'])]});
  const s = await ort.InferenceSession.create(writeModel(m));
  const X = tb === 'uint8' ? Uint8Array.of(255, 0, 200, 1, 255, 3) : Int8Array.of(-100, 0, 100, 1, 127, 3);
  const r = await s.run({ x: new ort.Tensor(tb, X, [3, 2]) });
  const e = [0,1].flatMap(i => [0,1].map(j => [0,1,2].reduce((t, k) => t + A[i*3+k]*X[k*2+j], 0)));
  console.log(ta, tb, r.y.data, e);
  } catch (e) { console.log(ta, tb, String(e)); }
  }
});
test('resnet/vgg', async () => {
  for (const n of ['resnet20', 'vgg16']) {
    const p = prepare(loadModel(`../shared/models/${n}-cifar10.onnx`));
    for (const v of [[2,2,0.5,0.5,2,2,0],[2,2,0.5,0.5,2,2,0],[2,2,0.5,0.5,2,2,0],[2,2,0.5,0.5,2,2,0],[2,2,0.5,0.5,2,2,0],[1,1,0.5,0.5,2,2,1]]) {
      const t0 = performance.now();
      const c = applyPlan(p, decodeVector(v, p.layers, 1));
      const t1 = performance.now();
      console.log(n, v.join(), t1-t0, c.nonZero, c.total, c.bytes.length, c.notes);
      if (v[6]) console.log((await opt(c.bytes)).ops.filter(o => /Quant|MatMul|Gemm/.test(o)));
    }
  }
});
