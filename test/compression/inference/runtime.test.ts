import { afterEach, describe, expect, it, vi } from 'vitest';
import { openInference } from '../../../problems/compression/inference/evaluator.js';
import { describeRuntime, loadRuntime } from '../../../problems/compression/inference/runtime.js';
import { RunError } from '../../../src/index.js';
import { dataOf, identity } from './networks.js';

afterEach(() => vi.doUnmock('onnxruntime-node'));

describe('loadRuntime', () => {
  it('says how to add onnxruntime-node where it is absent', async () => {
    vi.doMock('onnxruntime-node', () => {
      throw new Error('Cannot find package');
    });
    const error: unknown = await loadRuntime().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RunError);
    expect((error as Error).message).toContain('ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node');
  });

  it('describes itself for the record of a run', async () => {
    expect(await describeRuntime(3)).toEqual({
      onnxruntime: expect.stringMatching(/^\d+\.\d+\.\d+/),
      provider: 'cpu',
      threads: 3,
    });
    expect((await describeRuntime()).threads).toBeGreaterThanOrEqual(1);
  });
});

describe('sessions', () => {
  it('are all released, whatever happens', async () => {
    let created = 0;
    let released = 0;
    vi.doMock('onnxruntime-node', async (original) => {
      const real = await original<typeof import('onnxruntime-node')>();
      const create = async (...args: Parameters<typeof real.InferenceSession.create>) => {
        const session = await real.InferenceSession.create(...args);
        created++;
        const release = session.release.bind(session);
        session.release = async () => {
          released++;
          await release();
        };
        return session;
      };
      return { ...real, InferenceSession: { create } };
    });
    const dataset = dataOf(
      [
        [1, 2],
        [2, 1],
      ],
      [1, 0],
    );
    await openInference({ baseline: identity('n', 3), dataset }).catch(() => undefined);
    expect([created, released]).toEqual([1, 1]);
    const inference = await openInference({ baseline: identity('n', 2), dataset });
    expect([created, released]).toEqual([2, 1]);
    await inference.evaluate(identity('n', 2), { time: true });
    expect([created, released]).toEqual([3, 2]);
    await expect(inference.evaluate(identity('n', 3))).rejects.toThrow(RunError);
    expect([created, released]).toEqual([4, 3]);
    const controller = new AbortController();
    const evaluation = inference.evaluate(identity('n', 2), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(evaluation).rejects.toThrow('enough');
    expect([created, released]).toEqual([5, 4]);
    await inference.close();
    expect([created, released]).toEqual([5, 5]);
    const single = await openInference({ baseline: identity(1, 2), dataset, threads: 2 });
    await single.close();
    expect(released).toBe(created);
  });
});
