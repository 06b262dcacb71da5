import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/archive.js';
import { duration, progressLine } from '../../src/cli/progress.js';

const stream = (isTTY: boolean, columns = 80) => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return { written, stream: { isTTY, columns, write } as unknown as NodeJS.WriteStream };
};
const evaluations = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ feasible: i % 2 === 0 }) as Evaluation);
const progress = (count: number) => ({
  evaluation: evaluations(1)[0],
  evaluations: evaluations(count),
  budget: 10,
});

describe('the progress line', () => {
  it('tells evaluations done, hypervolume and the time left at the present pace', () => {
    let clock = 0;
    const { written, stream: terminal } = stream(true);
    const line = progressLine(terminal, () => clock);
    clock = 30_000;
    line.update(progress(4), () => 0.123456);
    line.end();
    expect(written).toEqual([
      '\r\u001b[K4/10 evaluations · 2 feasible · hypervolume 0.12346 · 0:45 left',
      '\n',
    ]);
  });

  it('stays one line in a narrow terminal', () => {
    const { written, stream: terminal } = stream(true, 20);
    progressLine(terminal, () => 0).update(progress(4), () => 1);
    expect(written[0].replace('\r\u001b[K', '').length).toBeLessThan(20);
  });

  it('is shown ten times a second at most, and always at the end', () => {
    let clock = 0;
    const { written, stream: terminal } = stream(true);
    const line = progressLine(terminal, () => clock);
    for (let count = 1; count <= 10; count++) {
      clock += 10;
      line.update(progress(count), () => 1);
    }
    expect(written.map((text) => text.slice(4, 9))).toEqual(['1/10 ', '10/10']);
  });

  it('is silent where nobody looks, and asks for no hypervolume', () => {
    const { written, stream: file } = stream(false);
    const line = progressLine(file, () => 0);
    line.update(progress(4), () => {
      throw new Error('not needed');
    });
    line.end();
    expect(written).toEqual([]);
  });

  it('shows durations as minutes and seconds', () => {
    expect([0, 5.4, 65, 3600].map(duration)).toEqual(['0:00', '0:05', '1:05', '60:00']);
  });
});
