import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedSizeOf } from '../../problems/compression/coding/packed-size.js';
import { compressionProblem, STAND_IN_MODEL, standInDataset } from '../../problems/compression/index.js';
import { comparedAnswers } from '../../problems/compression/inference/compared-answers.js';
import { type Inference, openInference } from '../../problems/compression/inference/evaluator.js';
import { multiplicationsOf } from '../../problems/compression/inference/multiplications.js';
import {
  asBaseline,
  checkObjectives,
  compressionMetrics,
  declareMetrics,
  extrasAmong,
  measureMetrics,
} from '../../problems/compression/metrics.js';
import { InputError, randomOf } from '../../src/index.js';
import { convolutional, dataOf, identity } from './inference/networks.js';

const random = randomOf('metrics test');
const pictures = Array.from({ length: 90 }, () => Array.from({ length: 768 }, () => random.normal()));
const dataset = dataOf(
  pictures,
  pictures.map((_, i) => i % 10),
  [3, 16, 16],
);
const counts = { nonZero: 1, total: 4 };
const baselineFile = convolutional(1);
const otherFile = convolutional(2);
const extras = extrasAmong(compressionMetrics);

describe('the metrics of a network', () => {
  let inference: Inference;
  beforeAll(async () => {
    inference = await openInference({ baseline: baselineFile, dataset, batchSize: 16 });
  });
  afterAll(() => inference.close());

  it('are the six common ones where no more are asked for', async () => {
    const { metrics, ...more } = await measureMetrics(inference, otherFile, counts, 'untimed');
    const names = ['accuracy', 'macroF1', 'nonZeroRate', 'size', 'time', 'top5'];
    expect(Object.keys(metrics).sort()).toEqual(names);
    expect(metrics).toMatchObject({ nonZeroRate: 0.25, size: otherFile.length, time: Number.NaN });
    expect(Object.keys(more).sort()).toEqual(['correct', 'of']);
  });

  it('are all there when asked for', async () => {
    const all = await measureMetrics(inference, otherFile, counts, 'all', undefined, extras);
    const { metrics, difference, timing, singleTiming } = all;
    expect(Object.keys(metrics).sort()).toEqual([...compressionMetrics].sort());
    expect(metrics).toMatchObject({
      gzipSize: gzipSync(otherFile, { level: 9 }).length,
      packedSize: packedSizeOf(otherFile),
      macs: await multiplicationsOf(otherFile, [3, 16, 16]),
      time: timing!.ratio,
      time1: singleTiming!.ratio,
    });
    expect([timing!.batchSize, singleTiming!.batchSize]).toEqual([16, 1]);
    const before = await measureMetrics(inference, baselineFile, counts, 'untimed');
    expect(metrics.accuracyLow).toBeCloseTo(before.metrics.accuracy + difference!.low, 12);
    expect(difference!.value).toBeCloseTo(metrics.accuracy - before.metrics.accuracy, 12);
    expect(metrics.accuracyLow).toBeLessThan(metrics.accuracy);
  });

  it('of the uncompressed network agree with themselves', async () => {
    const { metrics } = await measureMetrics(inference, baselineFile, counts, 'untimed', undefined, extras);
    const z2 = 1.96 ** 2;
    expect(metrics.agreement).toBe(1);
    expect(metrics.accuracyLow).toBeCloseTo(metrics.accuracy - z2 / (90 + z2), 4);
    expect(asBaseline(metrics)).toMatchObject({ time: 1, time1: 1, accuracy: metrics.accuracy });
  });

  it('of the timed part are the times alone', async () => {
    const { metrics } = await measureMetrics(inference, otherFile, counts, 'timed', undefined, extras);
    expect(metrics.time).toBeGreaterThan(0);
    expect(metrics.time1).toBeGreaterThan(0);
    expect(metrics).not.toHaveProperty('macs');
  });

  it('are declared as the problem needs them: objectives with a range, what else was measured as a record', async () => {
    const { metrics } = await measureMetrics(inference, baselineFile, counts, 'untimed', undefined, [
      'macs',
      'time1',
    ]);
    const declared = declareMetrics(['accuracy', 'macs', 'time1'], asBaseline(metrics), 0.3, false);
    expect(declared.accuracy).toMatchObject({ role: 'maximize', range: [0.3, 1] });
    expect(declared.macs).toMatchObject({ role: 'minimize', range: [0, metrics.macs] });
    expect(declared.time1).toMatchObject({ role: 'minimize', range: [0, 1], timed: true });
    expect(declared.time).toMatchObject({ role: 'record', timed: true });
    expect(declared).not.toHaveProperty('agreement');
    const untimed = declareMetrics(['accuracy', 'macs'], asBaseline(metrics), 0.3, true);
    expect(Object.keys(declared).filter((name) => !(name in untimed))).toEqual(['time', 'time1']);
  });

  it('refuse the time of one sample where the model fixes its batch', async () => {
    const fixed = identity(4, 3);
    const rows = dataOf(
      [
        [1, 2, 3],
        [2, 1, 0],
      ],
      [2, 0],
    );
    const own = await openInference({ baseline: fixed, dataset: rows });
    await expect(measureMetrics(own, fixed, counts, 'untimed', undefined, ['time1'])).rejects.toThrow(
      new InputError('time1 needs a model that takes any batch size, got one that takes 4 samples'),
    );
    await own.close();
  });
});

describe('answers beside those of the uncompressed network', () => {
  it('are counted sample by sample', () => {
    const labels = Int32Array.of(0, 1, 2, 3, 4);
    // both right, gained, lost, both wrong in different ways, no class in both
    const { accuracy, agreement, difference } = comparedAnswers(
      labels,
      Int32Array.of(0, 0, 2, 1, -1),
      Int32Array.of(0, 1, 0, 2, -1),
    );
    expect(accuracy).toBe(0.4);
    expect(agreement).toBe(0.2);
    expect(difference.value).toBe(0);
  });
});

describe('the names of objectives', () => {
  it('are all that can be measured, and extras are told from the rest', () => {
    expect(checkObjectives(['accuracy', 'macs'], false)).toEqual(['accuracy', 'macs']);
    expect(extrasAmong(['accuracy', 'macs', 'macs', 'time', 'time1'])).toEqual(['macs', 'time1']);
    expect(() => checkObjectives(['speed'], false)).toThrow(
      /objectives must be among accuracy, .*time1, got "speed"/,
    );
    expect(() => checkObjectives([], false)).toThrow(InputError);
    expect(() => checkObjectives(['accuracy', 'time'], true)).toThrow(
      new InputError('an untimed problem has no time to optimise, got the objective "time"'),
    );
  });
});

describe('the floor of a search', () => {
  const opened = (objectives: string[], minAccuracy: number) =>
    compressionProblem({
      model: STAND_IN_MODEL,
      dataset: standInDataset({ split: 'test', count: 100 }),
      objectives,
      minAccuracy,
      threads: 1,
    });

  it('is put on the accuracy, or on its lower bound where that is optimised', async () => {
    for (const [objectives, name] of [
      [['accuracy', 'size'], 'accuracy >= 0.5'],
      [['size', 'accuracyLow'], 'accuracyLow >= 0.5'],
    ] as const) {
      const { problem, baseline, close } = await opened([...objectives], 0.5);
      expect(problem.constraints.map((constraint) => constraint.name)).toEqual([name]);
      expect(baseline.accuracyLow === undefined).toBe(name.startsWith('accuracy '));
      await close();
    }
  });

  it('may not be above the lower bound that the uncompressed network has, as one image in a hundred may be luck', async () => {
    const { baseline, close } = await opened(['accuracyLow', 'size'], 0.5);
    await close();
    const floor = baseline.accuracy - 0.001;
    expect(baseline.accuracyLow).toBeLessThan(floor);
    await expect(opened(['accuracyLow', 'size'], floor)).rejects.toThrow(InputError);
  });
});
