import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { repository } from '../report.js';

/** moocore's hypervolume in a process of Python beside this one: see moocore_hypervolume.py. */
export interface Rival {
  /** CPU seconds of a call, over `rounds` of the sets in a file of doubles, and the first one's hypervolume. */
  time(
    path: string,
    objectives: number,
    points: number,
    sets: number,
    rounds: number,
    reference: number,
  ): Promise<{ readonly seconds: number; readonly value: number }>;
  close(): void;
}

/** Starts it with a Python that has moocore. */
export function openRival(python: string): Rival {
  const child = spawn(python, [`${repository}benchmarks/rivals/moocore_hypervolume.py`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    time: async (...request) => {
      child.stdin.write(`${request.join(' ')}\n`);
      const { value: line, done } = await answers.next();
      if (done) throw new Error(`${python} stopped: has it moocore and numpy?`);
      const [seconds, value] = line.split(' ').map(Number);
      return { seconds, value };
    },
    close: () => child.stdin.end(),
  };
}
