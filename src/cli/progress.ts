import type { Progress } from '../options.js';

/** A progress line that stays one line; silent where the stream is no terminal, or one that cannot go back in a line. */
export interface ProgressLine {
  /** `hypervolume` is asked for only when it is shown, ten times a second at most. */
  update(progress: Progress, hypervolume: () => number): void;
  /** Ends the line, so that what is printed next starts on its own. */
  end(): void;
}

/** A line that is written over; nothing at all where the stream is no terminal, or one that cannot go back in a line. */
export interface StatusLine {
  /** Shown ten times a second at most, unless it is `last`; `text` is made only when it is shown. */
  show(text: () => string, last?: boolean): void;
  /** Ends the line, so that what is printed next starts on its own. */
  end(): void;
}

/** A {@link StatusLine} on a stream. Text that is longer than the terminal is wide is cut, so that it stays one line. */
export function statusLine(
  stream: NodeJS.WriteStream,
  now: () => number = performance.now.bind(performance),
): StatusLine {
  if (!stream.isTTY || process.env['TERM'] === 'dumb') return { show() {}, end() {} };
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show(text, last = false) {
      if (now() - shown < 100 && !last) return;
      stream.write(`\r\u001b[K${text().slice(0, (stream.columns || 80) - 1)}`);
      shown = now();
    },
    end() {
      if (shown > Number.NEGATIVE_INFINITY) stream.write('\n');
      shown = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Shows evaluations done, the hypervolume so far, the feasible share, and the time left at the present pace. */
export function progressLine(
  stream: NodeJS.WriteStream,
  now: () => number = performance.now.bind(performance),
): ProgressLine {
  const line = statusLine(stream, now);
  const started = now();
  return {
    update({ evaluations, budget }, hypervolume) {
      const done = evaluations.length;
      const whole = typeof budget === 'number' ? budget : null;
      const text = () => {
        const elapsed = (now() - started) / 1000;
        const left =
          typeof budget === 'number' ? (elapsed / done) * (budget - done) : budget.seconds - elapsed;
        const feasible = evaluations.filter((evaluation) => evaluation.feasible).length;
        return `${whole === null ? done : `${done}/${whole}`} evaluations · ${feasible} feasible · hypervolume ${hypervolume().toPrecision(5)} · ${duration(left)} left`;
      };
      line.show(text, whole !== null && done >= whole);
    },
    end: line.end,
  };
}

/** `1:05`, minutes and seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
