import type { Outcome } from './evaluator.js';
import type { Attempt } from './measure.js';

/**
 * Tries until an attempt succeeds, at most `1 + retries` times; the last fault stands. Once the signal is aborted there is no
 * further attempt: it throws the signal's reason. Rejects where an attempt does.
 */
export async function outcomeOf(
  attempt: () => Promise<Attempt>,
  retries: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    const seconds = (performance.now() - started) / 1000;
    if (!('fault' in result)) return { failed: false, ...result, seconds, attempts };
    if (attempts > retries) return { failed: true, ...result, seconds, attempts };
    signal.throwIfAborted();
  }
}
