import { describe, expect, it } from 'vitest';
import { summary } from '../../src/cli/summary.js';
import { atLeast, defineProblem, maximize, minimize, optimize, real, record } from '../../src/index.js';

const metrics = ['weight', 'deflection', 'temperature', 'assembly', 'noise', 'maintenance', 'lifetime'];
const problem = (floor: number) =>
  defineProblem({
    name: 'many metrics',
    variables: { a: real(0, 1) },
    metrics: {
      cost: minimize(),
      gain: maximize(),
      ...Object.fromEntries(metrics.map((name) => [name, record()])),
    },
    constraints: [atLeast('gain', floor)],
    evaluate: ({ a }) =>
      ({ cost: a, gain: a, ...Object.fromEntries(metrics.map((name) => [name, 1e5 * a])) }) as never,
  });
const context = {
  notes: ['one tensor is left as it is'],
  baseline: null,
  out: 'runs/a',
  resume: 'again',
  head: 'file',
  nameOf: (i: number) => `${i}.onnx`,
};
const plain = { columns: 80, color: false };

describe('the summary of a run', () => {
  it('fits 80 columns however many metrics there are, and says what it leaves out', async () => {
    const run = await optimize(problem(0), { surrogate: false, algorithm: 'random', budget: 60 });
    const lines = summary(run, context, plain).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toMatch(/\d more columns? in run\.json/);
    expect(lines.join('\n')).toContain('40 more on the front: see report.html');
    expect(lines[0]).toBe('note: one tensor is left as it is');
    expect(lines.find((line) => line.startsWith('file'))).toMatch(/^file +cost +gain/);
  });

  it('says that nothing is feasible, and shows the closest', async () => {
    const run = await optimize(problem(2), { surrogate: false, algorithm: 'random', budget: 8 });
    const text = summary(run, context, plain);
    expect(text).toContain('no feasible solution was found; the closest:');
    for (const { evaluation } of run.closest) expect(text).toContain(`${evaluation}.onnx`);
  });

  it('uses no escape codes without colour', async () => {
    const run = await optimize(problem(0), { surrogate: false, algorithm: 'random', budget: 8 });
    expect(summary(run, context, plain)).not.toContain('\u001b');
    expect(summary(run, context, { columns: 80, color: true })).toContain('\u001b[1mfile');
  });
});
