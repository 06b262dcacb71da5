import * as ort from 'onnxruntime-web/wasm';
import { unpack } from '../../problems/compression/coding/unpack.js';

// Runs in a page, which finds these functions in `window`.
Object.assign(globalThis, { unpacked, answers });

async function fetched(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(path)).arrayBuffer());
}

/** The SHA-256 of the model in a container, in hexadecimal digits; or the message of the error. */
async function unpacked(container: string): Promise<string> {
  try {
    const digest = await crypto.subtle.digest('SHA-256', unpack(await fetched(container)));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch (error) {
    return String(error);
  }
}

/** The scores that a model, or the model in a container, gives to a batch of pictures of this shape. */
async function answers(file: string, pictures: string, shape: readonly number[]): Promise<number[]> {
  const bytes = await fetched(file);
  const session = await ort.InferenceSession.create(file.endsWith('.onnz') ? unpack(bytes) : bytes);
  const batch = new ort.Tensor('float32', new Float32Array((await fetched(pictures)).buffer), shape);
  const scores = await session.run({ [session.inputNames[0]]: batch });
  return [...(scores[session.outputNames[0]].data as Float32Array)];
}
