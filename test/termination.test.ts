import { describe, expect, test } from 'vitest';
import { InputError } from '../src/errors.js';
import { createPopulation } from '../src/population.js';
import {
  allOf,
  anyOf,
  hypervolumeStagnation,
  maximumEvaluations,
  maximumGenerations,
  maximumSeconds,
  type Termination,
} from '../src/termination.js';

/** A population of one objective vector, feasible or not. */
function one(f: readonly number[], cv = 0) {
  const population = createPopulation(1, { variables: 1, objectives: f.length, constraints: 0 });
  population.f.set(f);
  population.cv[0] = cv;
  population.size = 1;
  return population;
}

/** The generation after which a run ends that makes 10 evaluations a generation and stands for `at(generation)`; 0 for none of 30. */
function endOf(termination: Termination, at = (_generation: number) => one([0, 0])): number {
  const ended = termination();
  for (let generation = 1; generation <= 30; generation++)
    if (ended({ generation, evaluations: 10 * generation, result: () => at(generation) })) return generation;
  return 0;
}

describe('terminations', () => {
  test('after generations, and with the generation that reaches the evaluations', () => {
    expect(endOf(maximumGenerations(7))).toBe(7);
    expect(endOf(maximumGenerations(1))).toBe(1);
    expect(endOf(maximumEvaluations(70))).toBe(7);
    expect(endOf(maximumEvaluations(71))).toBe(8);
    expect(endOf(maximumEvaluations(1))).toBe(1);
  });

  test('after seconds of the clock that was handed in, from the start of the run', () => {
    let milliseconds = 5000;
    const clock = () => milliseconds;
    const termination = maximumSeconds(2, clock);
    milliseconds = 9000; // time before the run does not count
    const ended = termination();
    const now = { generation: 1, evaluations: 10, result: () => one([0]) };
    milliseconds = 10_999;
    expect(ended(now)).toBe(false);
    milliseconds = 11_000;
    expect(ended(now)).toBe(true);
  });

  test('on stagnation of the hypervolume: when it has not grown by more than the tolerance over the window', () => {
    // One objective, reference 1: the hypervolume is 1 - f. It grows to 0.5 in generation 6 and stays.
    const stagnation = (tolerance: number, window = 3) =>
      hypervolumeStagnation({ referencePoint: [1], window, tolerance });
    const grows = (generation: number) => one([1 - Math.min(generation, 6) / 12]);
    expect(endOf(stagnation(0), grows)).toBe(9); // the values of generations 6 and 9 are equal
    expect(endOf(stagnation(0, 1), grows)).toBe(7);
    // Growth over three generations is 3/12 until generation 6, then 2/12 of 6/12, then 1/12 of 6/12.
    expect(endOf(stagnation(0.34), grows)).toBe(7);
    expect(endOf(stagnation(0.17), grows)).toBe(8);
    expect(endOf(stagnation(1), grows)).toBe(4); // as soon as there is a window to look back over
  });

  test('a run that has found nothing inside the reference point has not stagnated', () => {
    const stagnation = hypervolumeStagnation({ referencePoint: [1, 1], window: 2, tolerance: 0 });
    expect(endOf(stagnation, () => one([2, 0]))).toBe(0);
    expect(endOf(stagnation, () => one([0, 0], 0.1))).toBe(0); // infeasible
    expect(endOf(stagnation, () => one([0, 0]))).toBe(3);
  });

  test('any of several, all of several', () => {
    expect(endOf(anyOf(maximumGenerations(9), maximumEvaluations(50)))).toBe(5);
    expect(endOf(allOf(maximumGenerations(9), maximumEvaluations(50)))).toBe(9);
    expect(endOf(anyOf(allOf(maximumGenerations(3), maximumGenerations(4)), maximumGenerations(20)))).toBe(4);
  });

  test('all see every generation, and what they remember belongs to one run', () => {
    const seen: number[] = [];
    const counting: Termination = () => {
      let asked = 0;
      return () => {
        seen.push(++asked);
        return false;
      };
    };
    const both = anyOf(maximumGenerations(2), counting);
    endOf(both);
    endOf(both);
    expect(seen).toEqual([1, 2, 1, 2]);
    const stagnation = hypervolumeStagnation({ referencePoint: [1], window: 4, tolerance: 0 });
    expect([endOf(stagnation, () => one([0])), endOf(stagnation, () => one([0]))]).toEqual([5, 5]);
  });

  test.each<[string, () => Termination]>([
    ['the number of generations must be a whole number from 1, got 0', () => maximumGenerations(0)],
    ['the number of evaluations must be a whole number from 1, got 1.5', () => maximumEvaluations(1.5)],
    ['the time limit must be 0 seconds or more, got -1', () => maximumSeconds(-1)],
    [
      'the window must be a whole number from 1, got 0',
      () => hypervolumeStagnation({ referencePoint: [1], window: 0 }),
    ],
    [
      'the tolerance must be 0 or more, got NaN',
      () => hypervolumeStagnation({ referencePoint: [1], tolerance: Number.NaN }),
    ],
    ['the time limit must be 0 seconds or more, got "3"', () => maximumSeconds('3' as never)],
    ['stagnation needs a reference point, got undefined', () => hypervolumeStagnation({} as never)],
    ['anyOf needs one termination or more, got none', () => anyOf()],
    ['allOf needs one termination or more, got none', () => allOf()],
    ['anyOf needs terminations, which are functions, got 5', () => anyOf(5 as never)],
    [
      'allOf needs terminations, which are functions, got undefined',
      () => allOf(maximumGenerations(1), undefined as never),
    ],
  ])('refuses: %s', (sentence, make) => {
    expect(make).toThrow(new InputError(sentence));
  });

  test('refuses a reference point that is empty, not finite, or of other objectives', () => {
    expect(() => hypervolumeStagnation({ referencePoint: [] })).toThrow(InputError);
    expect(() => hypervolumeStagnation({ referencePoint: [1, Number.NaN] })).toThrow(InputError);
    expect(() => endOf(hypervolumeStagnation({ referencePoint: [1, 1, 1] }))).toThrow(
      new InputError('the reference point must have the 2 objectives, got 3'),
    );
  });
});
