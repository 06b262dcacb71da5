import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/cli/sparkline.js';
import { fittingTable } from '../../src/cli/table.js';
import { bold, terminalOf } from '../../src/cli/terminal.js';

describe('a sparkline', () => {
  it('goes from the lowest bar to the highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, -5, 0], 8)).toBe('█▁▅');
  });
  it('is thinned to its width, the last value kept', () => {
    expect(sparkline([0, 7, 3, 14, 0, 0, 9, 7], 4)).toBe('▅█▁▅');
  });
  it('is a low line of constant values, and nothing of none', () => {
    expect(sparkline([3, 3, 3], 8)).toBe('▁▁▁');
    expect(sparkline([], 8)).toBe('');
  });
  it('leaves a gap where there is no number', () => {
    expect(sparkline([0, Number.NaN, 1], 8)).toBe('▁ █');
  });
});

describe('a table that fits', () => {
  const rows = [
    ['file', 'accuracy', 'size', 'time'],
    ['001.onnx', '0.9', '12', '1.5'],
  ];
  it('keeps all columns where there is room', () => {
    expect(fittingTable(rows, 80)).toEqual({
      lines: ['file      accuracy  size  time', '001.onnx       0.9    12   1.5'],
      left: 0,
    });
  });
  it('leaves out columns from the right where there is not, and counts them', () => {
    const { lines, left } = fittingTable(rows, 24);
    expect(left).toBe(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(24);
  });
  it('keeps two columns whatever they need', () => {
    expect(fittingTable(rows, 5).left).toBe(2);
  });
});

describe('a terminal', () => {
  const tty = { isTTY: true as const, columns: 120 };
  it('has colours unless NO_COLOR is set or it is dumb', () => {
    expect(terminalOf(tty, {})).toEqual({ columns: 120, color: true });
    expect(terminalOf(tty, { NO_COLOR: '' }).color).toBe(true);
    expect(terminalOf(tty, { NO_COLOR: '1' }).color).toBe(false);
    expect(terminalOf(tty, { TERM: 'dumb' }).color).toBe(false);
  });
  it('is 80 columns of plain text where the stream is no terminal', () => {
    expect(terminalOf({ isTTY: false, columns: 200 } as never, {})).toEqual({ columns: 80, color: false });
  });
  it('gets no escape codes without colour', () => {
    expect(bold({ columns: 80, color: false }, 'text')).toBe('text');
    expect(bold({ columns: 80, color: true }, 'text')).toBe('\u001b[1mtext\u001b[22m');
  });
});
