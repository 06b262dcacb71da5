import type { Progress } from '../options.js';

/** A progress line that stays one line; silent where the stream is not a terminal. */
export interface ProgressLine {
  /** `hypervolume` is asked for only when it is shown, ten times a second at most. */
  update(progress: Progress, hypervolume: () => number): void;
  /** Ends the line, so that what is printed next starts on its own. */
  end(): void;
}

/** Shows evaluations done, the hypervolume so far, the feasible share, and the time left at the present pace. */
export function progressLine(
  stream: NodeJS.WriteStream,
  now: () => number = performance.now.bind(performance),
): ProgressLine {
  if (!stream.isTTY) return { update() {}, end() {} };
  const started = now();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update({ evaluations, budget }, hypervolume) {
      if (now() - shown < 100 && evaluations.length < budget) return;
      const done = evaluations.length;
      const seconds = ((now() - started) / 1000 / done) * (budget - done);
      const feasible = evaluations.filter((evaluation) => evaluation.feasible).length;
      const text = `${done}/${budget} evaluations · ${feasible} feasible · hypervolume ${hypervolume().toPrecision(5)} · ${duration(seconds)} left`;
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}`);
      shown = now();
    },
    end() {
      if (shown > Number.NEGATIVE_INFINITY) stream.write('\n');
      shown = Number.NEGATIVE_INFINITY;
    },
  };
}

/** `1:05`, minutes and seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
