import type { OutputFolder } from './output-folder.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first Ctrl-C (or request to end) aborts `signal`: the run ends with what was found, and that is written. The second
 * ends the process at once, with the exit code of a process that was interrupted, and removes what was not finished; the
 * journal stays either way. Signals are heard between two runs of the network, so none cuts one short.
 */
export function stopOnSignals(folder: OutputFolder): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) {
      folder.discard();
      process.exit(130);
    }
    controller.abort();
    process.stderr.write(
      `stopping after the evaluation that is running; once more ends at once; --resume ${folder.path} goes on\n`,
    );
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    end() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
