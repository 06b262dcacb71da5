import { describe, expect, it } from 'vitest';
import { filterOf } from '../../src/report/filter.js';
import { historyOf, reportData } from '../../src/report/report-data.js';
import { handMade, named } from './records.js';

const run = named({
  points: [[4, 2], [2, 1], null, [5, 1.5], [1, 0.5]],
  front: [0, 1],
  infeasible: [4],
});

describe('the data of a report', () => {
  const data = reportData([run]);

  it('holds a column for the number, every metric and every variable', () => {
    expect(data.columns.map(({ name, group, role }) => [name, group, role])).toEqual([
      ['evaluation', 'order', null],
      ['cost', 'metric', 'minimize'],
      ['gain', 'metric', 'maximize'],
      ['width', 'variable', null],
      ['roof', 'variable', null],
    ]);
    expect(data.objectives).toEqual([1, 2]);
    expect(data.columns[4].words).toEqual(['tin', 'turf']);
  });

  it('holds the values by column, null where an evaluation failed', () => {
    expect(data.runs[0].values).toEqual([
      [0, 1, 2, 3, 4],
      [4, 2, null, 5, 1],
      [2, 1, null, 1.5, 0.5],
      [0, 0.1, 0.2, 0.3, 0.4],
      [0, 1, 0, 1, 0],
    ]);
  });

  it('tells front, feasible, infeasible and failed apart', () => {
    expect(data.runs[0].status).toEqual(['front', 'front', 'failed', 'feasible', 'infeasible']);
    expect(data.runs[0].errors).toEqual({ 2: 'evaluation 2 broke' });
  });

  it('finds the bound that a constraint puts on a metric', () => {
    expect(data.bounds).toEqual([{ name: 'gain >= 1', column: 2, value: 1 }]);
  });

  it('marks the closest where nothing is feasible', () => {
    const none = reportData([
      named({
        points: [
          [1, 0.5],
          [2, 0.9],
        ],
        infeasible: [0, 1],
        closest: [1],
      }),
    ]);
    expect(none.runs[0].status).toEqual(['infeasible', 'closest']);
  });

  it('refuses runs of different problems, and none', () => {
    const record = handMade({ points: [[1, 1]] });
    const other = { ...record, problem: { ...record.problem, name: 'barn' } };
    const bounds = { ...record, problem: { ...record.problem, constraints: [] } };
    const together = (second: typeof record) => () =>
      reportData([run, { name: 'second', record: second, files: {} }]);
    expect(together(other)).toThrow(
      'the runs of one report must be of one problem, got "shed" in "run" and "barn" in "second"',
    );
    expect(together(bounds)).toThrow('and another declaration of it in "second"');
    expect(() => reportData([])).toThrow('a report needs at least one run, got none');
  });

  it('tells runs of the same name apart', () => {
    expect(reportData([run, run]).runs.map(({ name }) => name)).toEqual(['run (1)', 'run (2)']);
  });
});

describe('hypervolumes of several runs', () => {
  it('are taken to the worst of their reference points', () => {
    const near = named({ points: [[4, 2]], referencePoint: { cost: 5, gain: 1 }, history: [1] });
    const far = named({ points: [[4, 2]], referencePoint: { cost: 6, gain: 1.5 }, history: [1] });
    const data = reportData([near, far]);
    expect(data.referencePoint).toEqual({ cost: 6, gain: 1 });
    // (6 - 4) (2 - 1)
    expect(data.runs.map(({ history }) => history)).toEqual([[2], [2]]);
  });

  it('grow by what each feasible evaluation adds', () => {
    const record = handMade({ points: [[4, 2], [2, 1], null, [1, 5], [3, 1]], infeasible: [3] });
    // To (6, 0): 2 x 2; then the strip from 2 to 4 below gain 1; nothing of what failed, is infeasible or dominated.
    expect(historyOf(record, { cost: 6, gain: 0 })).toEqual([4, 6, 6, 6, 6]);
  });

  it('stay as recorded where the reference point is the same', () => {
    const record = handMade({ points: [[4, 2]], history: [0.25] });
    expect(historyOf(record, { cost: 10, gain: 0 })).toBe(record.hypervolume.history);
  });
});

describe('the filter of the table', () => {
  const data = reportData([run]);
  const [view] = data.runs;
  const matches = (text: string) => {
    const filter = filterOf(data, text);
    return view.status.flatMap((_, i) => (filter(view, i) ? [i] : []));
  };

  it.each([
    ['', [0, 1, 2, 3, 4]],
    ['front', [0, 1]],
    ['INFILL', [2, 3, 4]],
    ['turf', [1, 3]],
    ['cost<=2', [1, 4]],
    ['cost < 2', [4]],
    ['Gain >= 1 cost>2', [0, 3]],
    ['evaluation = 3', [3]],
    ['broke', [2]],
    ['cost >= 1 front', [0, 1]],
    ['nothing-like-it', []],
    ['colour>=2', []],
  ])('%s leaves %j', (text, rows) => {
    expect(matches(text)).toEqual(rows);
  });
});
