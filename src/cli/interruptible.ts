const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal to end aborts `signal`, the second ends the process: what was finished is on disk either way. */
export function interruptible(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    process.stderr.write('stopping after the evaluation that is running; the same command goes on\n');
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    end() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
