import { describe, expect, it } from 'vitest';
import { fittingChoices, fittingChoicesFor } from '../../../problems/compression/full/fitting-choices.js';
import {
  loadModel,
  openLayerDatabase,
  STAND_IN_MODEL,
  simplified,
  standInDataset,
} from '../../../problems/compression/index.js';

const database = await openLayerDatabase(
  await simplified(loadModel(STAND_IN_MODEL)),
  standInDataset({ split: 'train', count: 4 }),
  { threads: 1 },
);

/** The same, as if every layer were looked at in so many places for each that there is. */
const withPlaces = (times: number) => ({
  ...database,
  async targets() {
    const targets = await database.targets();
    return new Map(
      [...targets].map(([name, target]) => [
        name,
        { ...target, outputs: { length: times * target.outputs.length } as Float32Array },
      ]),
    );
  },
});

describe('the choices of a search that a network can bear', () => {
  it('are all of them on a small network', async () => {
    expect(await fittingChoicesFor(database)).toEqual({ ...fittingChoices, notes: [] });
    expect(fittingChoices.recoveries.at(-1)).toBe('least-squares');
    expect(fittingChoices.criteria.at(-1)).toBe('least-squares');
  });

  it('need no moments where these alone would take too long, and the note says how long', async () => {
    const { notes, ...choices } = await fittingChoicesFor(withPlaces(1e6));
    expect(choices).toEqual({ criteria: ['l1', 'l2'], zeroCriteria: ['magnitude'], recoveries: ['none'] });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /^recovery would take about \de\+\d\d multiplications a candidate, and is left out of the search$/,
    );
  });

  it('grow fewer as the work grows', async () => {
    const counts = [];
    for (const times of [1, 10, 100, 1e3, 1e4, 1e5, 1e6])
      counts.push((await fittingChoicesFor(withPlaces(times))).recoveries.length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(counts.at(-1)!);
  });
});
