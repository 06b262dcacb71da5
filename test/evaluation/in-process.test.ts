import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  defineProblem,
  type EvaluationContext,
  maximize,
  minimize,
  type OptimizeOptions,
  optimize,
  type Run,
  RunError,
  real,
  record,
  runRecord,
} from '../../src/index.js';

type Figures = { one: number; two: number; extra: number };
const problemOf = (evaluate: (a: number, context: EvaluationContext) => Figures | Promise<Figures>) =>
  defineProblem({
    name: 'p',
    variables: { a: real(0, 1) },
    metrics: { one: minimize(), two: maximize(), extra: record({ timed: true }) },
    evaluate: ({ a }, context) => evaluate(a, context),
  });
const good = (a: number): Figures => ({ one: a, two: a, extra: 1 });
const small: OptimizeOptions = {
  surrogate: false,
  algorithm: 'random',
  budget: 8,
  populationSize: 4,
  seed: 2,
};

describe('evaluating in this process', () => {
  it('asks for every metric at once', async () => {
    const asked: string[] = [];
    await optimize(
      problemOf((a, { measure }) => {
        asked.push(measure);
        return good(a);
      }),
      small,
    );
    expect(asked).toEqual(Array(8).fill('all'));
  });

  it('leaves an evaluation behind that runs past the timeout, and asks it to stop', async () => {
    const stopped: boolean[] = [];
    const slow = problemOf(async (a, { signal }) => {
      if (a > 0.5) {
        await sleep(10_000, undefined, { signal }).catch(() => stopped.push(signal.aborted));
        throw new Error('too late to be heard');
      }
      return good(a);
    });
    const run = await optimize(slow, { ...small, timeout: 30 });
    const late = run.evaluations.filter(({ fault }) => fault === 'timeout');
    expect(late.length).toBeGreaterThan(0);
    expect(stopped).toEqual(late.map(() => true));
    for (const { x, error, attempts, seconds } of late) {
      expect(x[0]).toBeGreaterThan(0.5);
      expect(error).toBe('the evaluation must end within 30 ms, and did not');
      expect(attempts).toBe(1);
      expect(seconds).toBeGreaterThan(0.02);
    }
    expect(run.evaluations.filter(({ error }) => error === null).every(({ x }) => x[0] <= 0.5)).toBe(true);
    expect(runRecord(run as Run, {}, {}).failures).toEqual({
      count: late.length,
      threw: 0,
      unusable: 0,
      timeout: late.length,
      lost: 0,
    });
  });

  it('tries a failed evaluation again as often as told, and counts it once', async () => {
    for (const retries of [0, 2]) {
      const tries = new Map<number, number>();
      const fragile = problemOf((a) => {
        tries.set(a, (tries.get(a) ?? 0) + 1);
        if (tries.get(a) === 1) throw new Error('not at the first time');
        if (a < 0.3) throw new Error('never');
        return good(a);
      });
      const run = await optimize(fragile, { ...small, budget: 16, retries });
      expect(run.evaluations).toHaveLength(16);
      for (const { x, attempts, error } of run.evaluations) {
        const hopeless = x[0] < 0.3;
        expect(attempts).toBe(retries === 0 ? 1 : hopeless ? 3 : 2);
        expect(error === null).toBe(retries > 0 && !hopeless);
        expect(tries.get(x[0])).toBe(attempts);
      }
      const { evaluations } = runRecord(run as Run, {}, {});
      expect(evaluations.every(({ attempts = 1 }, i) => attempts === run.evaluations[i].attempts)).toBe(true);
    }
  });

  it('ends the run at the first failure where it is told to', async () => {
    const calls: number[] = [];
    const run = optimize(
      problemOf((a) => {
        calls.push(a);
        return { ...good(a), two: calls.length === 3 ? Number.NaN : a };
      }),
      { ...small, onFailure: 'throw' },
    );
    await expect(run).rejects.toThrow(RunError);
    await expect(run).rejects.toThrow(/^evaluation 2 failed: the metric two must be finite, got NaN$/);
    expect(calls).toHaveLength(3);
  });

  it('keeps an evaluation that ends although the run was aborted meanwhile, and drops one that stops for it', async () => {
    for (const heeds of [false, true]) {
      const controller = new AbortController();
      let calls = 0;
      const run = await optimize(
        problemOf((a, { signal }) => {
          if (++calls === 4) controller.abort();
          if (heeds) signal.throwIfAborted();
          return good(a);
        }),
        { ...small, signal: controller.signal, timeout: 1000 },
      );
      expect(run.ended).toBe('aborted');
      expect(run.evaluations).toHaveLength(heeds ? 3 : 4);
    }
  });
});
