const armed = process.env['FLOTILLA_FAILPOINT'];

/**
 * Kills the process at once, as a power cut would, when `FLOTILLA_FAILPOINT` names this point.
 * Marks the places between two steps where a crash must lose nothing, so that a test can crash there.
 */
export function failpoint(name: string): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
