import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bestWithin, type RateDistortionData } from '../../src/index.js';
import { keptResults } from '../../src/study/kept-results.js';
import { emptyFolder } from '../cli/command-line.js';

const keys = ['a', 'b', 'c', 'd'];

/** A list whose measurements are counted. */
function list(identity: object = { data: 1 }) {
  const measured: string[] = [];
  const measure = async (key: string) => {
    measured.push(key);
    return { value: key.charCodeAt(0), odd: 0.1 };
  };
  return { measured, given: { keys, identity, measure } };
}

describe('kept results', () => {
  it('are measured once, in order, and read from the file afterwards', async () => {
    const path = join(emptyFolder(), 'results.jsonl');
    const first = list();
    const results = await keptResults(path, first.given);
    expect(first.measured).toEqual(keys);
    const again = list();
    expect(await keptResults(path, again.given)).toEqual(results);
    expect(again.measured).toEqual([]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('go on after an abort with what is missing, whatever byte the file ends at', async () => {
    const path = join(emptyFolder(), 'results.jsonl');
    const stop = new AbortController();
    const { given, measured } = list();
    const some = await keptResults(path, {
      ...given,
      signal: stop.signal,
      onResult: (done) => done === 3 && stop.abort(),
    });
    expect([...some.keys()]).toEqual(['a', 'b', 'c']);
    expect(measured).toEqual(['a', 'b', 'c']);
    truncateSync(path, readFileSync(path).length - 5);
    const after = list();
    expect([...(await keptResults(path, after.given)).keys()]).toEqual(keys);
    expect(after.measured).toEqual(['c', 'd']);
  });

  it('measure a damaged line again, and keep the others', async () => {
    const path = join(emptyFolder(), 'results.jsonl');
    await keptResults(path, list().given);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"value":98', '"value":99'));
    const after = list();
    expect((await keptResults(path, after.given)).get('b')).toEqual({ value: 98, odd: 0.1 });
    expect(after.measured).toEqual(['b']);
  });

  it('refuse a file of another model or data, and one that is none of theirs', async () => {
    const path = join(emptyFolder(), 'results.jsonl');
    await keptResults(path, list().given);
    await expect(keptResults(path, list({ data: 2 }).given)).rejects.toThrow(
      /must be of the same model and data, got .* with data 1, now 2/,
    );
    const other = join(emptyFolder(), 'other');
    appendFileSync(other, 'a letter\nto somebody\n');
    await expect(keptResults(other, list().given)).rejects.toThrow(/which is none$/);
    expect(readFileSync(other, 'utf8')).toContain('somebody');
  });

  it('pass an error of a measurement on, with the results before it kept', async () => {
    const path = join(emptyFolder(), 'results.jsonl');
    const { given } = list();
    const failing = {
      ...given,
      measure: (key: string) => (key === 'c' ? Promise.reject(new Error('no c')) : given.measure(key)),
    };
    await expect(keptResults(path, failing)).rejects.toThrow('no c');
    const after = list();
    await keptResults(path, after.given);
    expect(after.measured).toEqual(['c', 'd']);
  });
});

describe('the best within a loss', () => {
  const point = (quantizer: string, bits: number, correct: number) => ({
    quantizer,
    scope: 'tensor' as const,
    levels: 16,
    entropy: bits,
    bits,
    correct,
    withinFive: 1000,
  });
  const data = (...points: ReturnType<typeof point>[]): RateDistortionData => ({
    model: '',
    images: 1000,
    weights: 1,
    baseline: { correct: 900, withinFive: 990 },
    maxLoss: 0.8,
    quantizers: ['a', 'b'],
    points,
    facts: [],
  });

  it('is the fewest bits of each quantizer whose loss is allowed, the bound included', () => {
    const found = bestWithin(
      data(point('a', 2, 891), point('a', 3, 892), point('b', 2.5, 905), point('b', 4, 900)),
    );
    expect(found.map(({ quantizer, bits }) => [quantizer, bits])).toEqual([
      ['b', 2.5],
      ['a', 3],
    ]);
    expect(bestWithin(data(point('a', 2, 891)))).toEqual([]);
  });
});
