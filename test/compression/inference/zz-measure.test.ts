import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { readCifar10 } from '/work/main/problems/compression/data/cifar10.js';
import { openInference } from '/work/main/problems/compression/inference/evaluator.js';
import { readSidecar } from '/work/main/problems/compression/data/sidecar.js';
test('measure', async () => {
 const S='/work/shared/';
 for (const m of ['resnet20','vgg16']) {
  const p=S+`models/${m}-cifar10.onnx`;const bytes=readFileSync(p);
  let t=performance.now();
  const data=await readCifar10([S+'data/cifar10/test_batch.bin'],{limit:1000,...await readSidecar(p)});
  console.log('read file',performance.now()-t);t=performance.now();
  const out=new Float32Array(3072*1000);data.read(0,1000,out);console.log('normalise',performance.now()-t);
  for(const threads of [1,2]){
  t=performance.now();const inf=await openInference({baseline:bytes,dataset:data,threads});console.log('open',performance.now()-t,inf.runtime,inf.batchSize);
  for(const time of [false,false,true,true,true]){const {predictions,...r}=await inf.evaluate(bytes,{time});
   console.log(m,threads,JSON.stringify(r),'outside %',(100*(1-r.milliseconds.run/r.milliseconds.total)).toFixed(2));}
  await inf.close();}
 }
},600000);
