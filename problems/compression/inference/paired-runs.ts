import { clockFor } from './clock.js';
import type { RuntimeTensor } from './runtime.js';
import type { Scores, Session } from './session.js';

/** Runs a candidate and a baseline on the same batches, one right after the other. */
export interface PairedRuns {
  /** What the candidate answers. */
  run(batch: RuntimeTensor): Promise<Scores>;
  /** The same without the baseline and without being counted among the pairs. */
  runAlone(batch: RuntimeTensor): Promise<Scores>;
  /** Milliseconds of each pair, in order: see `clockFor`. */
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
  /** Milliseconds of all runs, by the clock on the wall. */
  total(): number;
}

export function pairedRuns(candidate: Session, baseline: Session, threads: number): PairedRuns {
  const clock = clockFor(threads);
  const times = { candidate: [] as number[], baseline: [] as number[] };
  let total = 0;
  const timed = async (session: Session, batch: RuntimeTensor) => {
    const began = performance.now();
    const start = clock();
    const scores = await session.run(batch);
    const milliseconds = clock() - start;
    total += performance.now() - began;
    return { scores, milliseconds };
  };
  return {
    ...times,
    total: () => total,
    runAlone: async (batch) => (await timed(candidate, batch)).scores,
    async run(batch) {
      // The two take turns in going first, so that neither gains from its place.
      const candidateFirst = times.candidate.length % 2 === 1;
      const early = candidateFirst ? await timed(candidate, batch) : undefined;
      const reference = await timed(baseline, batch);
      const own = early ?? (await timed(candidate, batch));
      times.baseline.push(reference.milliseconds);
      times.candidate.push(own.milliseconds);
      return own.scores;
    },
  };
}
