import type { Actor } from '@flotilla/contracts/actor';

/** Milliseconds the caller still waits, when it sent the request: an integer, so that no clocks are compared. */
export const TIMEOUT_HEADER = 'Flotilla-Timeout-Ms';
/** The request of the outside world that this message is part of. */
export const REQUEST_ID_HEADER = 'X-Request-Id';
/** The caller as JSON; absent when anonymous. */
export const ACTOR_HEADER = 'Flotilla-Actor';
/** On a reply: the code of the error that the body describes. */
export const ERROR_HEADER = 'Flotilla-Error';

/** JSON in printable ASCII: NATS headers are text lines and take neither line breaks nor surprises of encoding. */
export function encodeActor(actor: Actor): string {
  return JSON.stringify(actor).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The actor that `encodeActor` wrote; null for an empty header. Throws `SyntaxError` for anything else. */
export function decodeActor(header: string): Actor | null {
  if (header === '') return null;
  const actor = JSON.parse(header) as Partial<Actor> | null;
  if (typeof actor?.userId !== 'string' || !Array.isArray(actor.permissions)) {
    throw new SyntaxError('not an actor');
  }
  return actor as Actor;
}
