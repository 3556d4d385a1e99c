/** One Ctrl-C may reach us twice: from the terminal, and from npm or the launcher, who had it too. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Aborts at the first Ctrl-C, SIGTERM or closed terminal, and when the launcher has died. A later Ctrl-C is impatience:
 * `force` is called.
 */
export function onStopSignal(force: () => void): AbortSignal {
  const stopping = new AbortController();
  let stoppedAt = Number.POSITIVE_INFINITY;
  const stop = () => {
    if (!stopping.signal.aborted) stoppedAt = performance.now();
    stopping.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  process.on('disconnect', stop);
  process.on('SIGINT', () => {
    if (performance.now() - stoppedAt > SAME_SIGNAL_MS) force();
    else stop();
  });
  return stopping.signal;
}
