import type { ServerResponse } from 'node:http';

/** Calls when the answer was sent or its client has gone; at once where that was before: the event does not come again. */
export function onceClosed(response: ServerResponse, call: () => void): void {
  if (response.closed) call();
  else response.once('close', call);
}
